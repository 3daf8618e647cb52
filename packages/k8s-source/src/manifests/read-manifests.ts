/** Files, folders and standard input → their text. All input and output of reading manifests is in this file. */
import type { Dirent } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Diagnostic, diagnose } from "@elbplan/core";
import { type ManifestFile, type ParseOptions, parseFiles } from "./parse-manifests.ts";
import type { Manifests } from "./snapshot-builder.ts";

export interface ReadOptions extends ParseOptions {
  /** Whether folders in folders are read too, as with `kubectl apply -R`. */
  readonly recursive?: boolean;
  /** What `-` reads; `process.stdin` for instance. Without it `-` is an error. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** The name that diagnostics show for standard input. */
const STDIN = "<stdin>";

/**
 * Reads manifests as `kubectl apply -f` does. An input is a file of any name; a folder, of which the files named
 * `.yaml`, `.yml` and `.json` are read in the order of their names; or `-`, standard input. The same path twice is read
 * once. That folders in a folder aren't read is an info. What can't be read is a diagnostic, never an exception.
 */
export async function readManifests(inputs: readonly string[], options: ReadOptions = {}): Promise<Manifests> {
  const files: ManifestFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  for (const input of inputs) {
    const paths = input === "-" ? ["-"] : await filesOf(input, options.recursive ?? false, diagnostics);
    for (const path of paths) {
      const identity = path === "-" ? "-" : resolve(path);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const text = path === "-" ? await readStdin(options.stdin, diagnostics) : await readText(path, diagnostics);
      if (text === undefined) continue;
      files.push({ file: path === "-" ? STDIN : path, text, ...(path === input ? {} : { found: true }) });
    }
  }
  return parseFiles(files, options, diagnostics);
}

async function filesOf(input: string, recursive: boolean, diagnostics: Diagnostic[]): Promise<readonly string[]> {
  try {
    const status = await stat(input);
    // A named pipe such as that of the shell's <(…) is no regular file either, but can be read.
    return status.isDirectory() ? await filesIn(input, recursive, diagnostics) : [input];
  } catch (error) {
    diagnostics.push(unreadable(input, error));
    return [];
  }
}

async function filesIn(folder: string, recursive: boolean, diagnostics: Diagnostic[]): Promise<readonly string[]> {
  let entries: readonly Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    diagnostics.push(unreadable(folder, error));
    return [];
  }
  const files: string[] = [];
  let unread = 0;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    // A link to a folder isn't followed: links may go in circles.
    if (entry.isDirectory()) {
      if (recursive) files.push(...(await filesIn(path, recursive, diagnostics)));
      // Nobody misses what hidden folders such as .git hold.
      else if (!entry.name.startsWith(".")) unread++;
    } else if (/\.(?:ya?ml|json)$/.test(entry.name) && !(entry.isSymbolicLink() && (await isFolder(path)))) {
      files.push(path);
    }
  }
  if (unread > 0) {
    const which = unread === 1 ? "The folder" : `The ${unread} folders`;
    const message = `${which} in ${folder} ${unread === 1 ? "isn't" : "aren't"} read.`;
    diagnostics.push(diagnose("input.subfolders-not-read", message));
  }
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

async function readText(path: string, diagnostics: Diagnostic[]): Promise<string | undefined> {
  try {
    return decodeText(path, await readFile(path), diagnostics);
  } catch (error) {
    diagnostics.push(unreadable(path, error));
    return undefined;
  }
}

async function readStdin(stdin: ReadOptions["stdin"], diagnostics: Diagnostic[]): Promise<string | undefined> {
  if (stdin === undefined) {
    const message = "Standard input (-) is named as input, but there is none.";
    diagnostics.push(diagnose("input.file-unreadable", message));
    return undefined;
  }
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of stdin) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    return decodeText(STDIN, Buffer.concat(chunks), diagnostics);
  } catch (error) {
    diagnostics.push(unreadable(STDIN, error));
    return undefined;
  }
}

function decodeText(file: string, bytes: Uint8Array, diagnostics: Diagnostic[]): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    const message = `${file} is skipped: it is ${isUtf16 ? "UTF-16, not UTF-8" : "no UTF-8 text"}.`;
    diagnostics.push(diagnose("input.not-text", message, { at: { file, line: 1, column: 1 } }));
    return undefined;
  }
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: "it doesn't exist",
  EACCES: "there is no permission to read it",
  EPERM: "there is no permission to read it",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  ELOOP: "its links go in circles",
  ENAMETOOLONG: "its name is too long",
  ERR_FS_FILE_TOO_LARGE: "it is too large",
};

function unreadable(file: string, error: unknown): Diagnostic {
  const code = String((error as { readonly code?: unknown } | null)?.code ?? "unknown error");
  const why = (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? `the system says ${code}`;
  return diagnose("input.file-unreadable", `${file} can't be read: ${why}.`);
}
