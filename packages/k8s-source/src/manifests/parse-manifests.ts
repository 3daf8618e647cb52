/** Text of manifests → cluster snapshot. Pure: the files were read before. */
import { type Diagnostic, diagnose, type Position } from "@elbplan/core";
import { type ElbplanFile, elbplanFile } from "./elbplan-file.ts";
import { type ParsedDocument, parseDocument, placesIn } from "./parse-document.ts";
import type { Origin } from "./read-object.ts";
import { type Manifests, type SnapshotBuilder, snapshotBuilder } from "./snapshot-builder.ts";
import type { SourceDocument } from "./source-document.ts";
import { splitDocuments } from "./split-documents.ts";

/** The text of a file; `file` is the name that diagnostics show. */
export interface ManifestFile {
  readonly file: string;
  readonly text: string;
  /** Nobody named the file, it was found in a folder: a file of elbplan's own in it is only worth a warning. */
  readonly found?: true;
}

export interface ParseOptions {
  /** Namespace of namespaced objects that name none; `default` if absent. */
  readonly defaultNamespace?: string;
  /**
   * The objects are all that the cluster has, of the kinds that are among them at all: what isn't there is gone, and its
   * target is deregistered. Otherwise absence proves nothing.
   */
  readonly whole?: boolean;
}

/**
 * Reads the text of manifests as `kubectl apply -f` would: YAML and JSON, several documents a file, lists unrolled,
 * the API server's defaults filled in. What is wrong with a document or an object is a diagnostic, and the others are
 * read all the same. Never throws.
 */
export function parseManifests(files: readonly ManifestFile[], options: ParseOptions = {}): Manifests {
  return parseFiles(files, options, []);
}

/** The same for objects that are in memory already; nothing has a position. The objects aren't changed. */
export function parseObjects(objects: readonly unknown[], options: ParseOptions = {}): Manifests {
  const builder = snapshotBuilder(options.defaultNamespace ?? "default");
  const nowhere: Origin = { positionOf: () => undefined, writtenAt: () => undefined };
  for (const object of objects) builder.add(object, nowhere, () => undefined);
  return withSummary(builder.finish(options.whole));
}

/** `parseManifests` after some files couldn't be read; their diagnostics come first. */
export function parseFiles(
  files: readonly ManifestFile[],
  options: ParseOptions,
  unreadable: readonly Diagnostic[],
): Manifests {
  const builder = snapshotBuilder(options.defaultNamespace ?? "default");
  for (const diagnostic of unreadable) builder.say(diagnostic);
  for (const { file, text, found = false } of files) {
    for (const document of splitDocuments(file, text)) addDocument(builder, document, found);
  }
  return withSummary(builder.finish(options.whole));
}

function addDocument(builder: SnapshotBuilder, source: SourceDocument, found: boolean): void {
  if (source.refused !== undefined) {
    builder.say(refusal(source));
    return;
  }
  const parsed = parseDocument(source);
  for (const diagnostic of problemsOf(parsed, source)) builder.say(diagnostic);
  if (parsed.value === undefined || parsed.value === null) return;
  const own = elbplanFile(parsed.value);
  if (own !== undefined) {
    builder.say(notAManifest(own, source.file, found, parsed.positionOf("")));
    return;
  }
  let places: Pick<ParsedDocument, "positionOf"> | undefined;
  builder.add(parsed.value, parsed, (pointer) => {
    places ??= placesIn(source);
    return places.positionOf(pointer);
  });
}

function notAManifest({ looksLike, instead }: ElbplanFile, file: string, found: boolean, at: Position): Diagnostic {
  const message = `${file} is no manifest; it looks like ${looksLike} and is skipped.`;
  const hint = `If it is, ${instead}${found ? ", or keep it out of the folder of manifests" : ""}.`;
  return diagnose(found ? "input.not-a-manifest" : "input.not-an-object", message, { hint, at });
}

function problemsOf(parsed: ParsedDocument, source: SourceDocument): readonly Diagnostic[] {
  return parsed.problems.map(({ code, offset, message }) => {
    const at = parsed.positionAt(offset);
    const start = `This document${at.line === source.line ? "" : `, from line ${source.line},`}`;
    const sentence =
      code === "input.duplicate-key" ? `Line ${at.line}: ${message}.` : `${start} is skipped: ${message}.`;
    return diagnose(code, sentence, { at });
  });
}

function refusal(source: SourceDocument): Diagnostic {
  const at: Position = placesIn(source).positionAt(source.text.search(/\S/));
  return source.refused === "bad-separator"
    ? diagnose("input.yaml-invalid", "This document is skipped: only a comment may follow '---' on its line.", { at })
    : diagnose("input.text-ignored", "This text is not read: it follows the end of a document ('...').", { at });
}

function withSummary(manifests: Manifests): Manifests {
  const { snapshot, counts, diagnostics } = manifests;
  if (snapshot.ingresses.length > 0) return manifests;
  const isEmpty = Object.keys(counts.read).length + Object.keys(counts.ignored).length === 0;
  const hasError = diagnostics.some(({ severity }) => severity === "error");
  // Whoever gets an error already knows why nothing was read.
  if (isEmpty && hasError) return manifests;
  if (isEmpty) {
    // A file that is empty by mistake must not look like a cluster without Ingresses.
    const summary = diagnose("input.empty", "The input holds no Kubernetes object.");
    const unread = { ...snapshot, unreadable: { objects: [], others: 1 } };
    return { ...manifests, snapshot: unread, diagnostics: [...diagnostics, summary] };
  }
  const summary = diagnose("input.no-ingress", `The input holds no Ingress, only ${listed(counts)}.`);
  return { ...manifests, diagnostics: [...diagnostics, summary] };
}

function listed({ read, ignored }: Manifests["counts"]): string {
  const kinds = [...Object.entries(read), ...Object.entries(ignored)];
  const shown = kinds.slice(0, 5).map(([kind, count]) => `${count} ${kind}`);
  return kinds.length > 5 ? `${shown.join(", ")}, …` : shown.join(", ");
}
