/**
 * Scenarios: one text file holds the files, the command lines and everything they print.
 *
 * ```
 * What it shows, in a few lines.
 *
 * -- web.yaml --                      a file; a later section of the same name is an edit
 * …
 * == elbplan plan -f web.yaml ==      a command, run in the folder of the files; `< web.yaml` gives standard input
 * …                                   what it writes to stdout; stderr's lines begin with `! `
 * exit 1                              unless it is 0
 * ```
 *
 * `facts.json` is that of the examples unless the scenario has its own.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../src/io.ts";
import { main } from "../src/main.ts";

const EXAMPLE_FACTS = new URL("../../../examples/facts.json", import.meta.url);

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command in this process, without a terminal. */
export async function run(argv: readonly string[], stdin = "", rest: Partial<Io> = {}): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const output = (name: "stdout" | "stderr"): Io["stdout"] => ({
    isTTY: false,
    write: (text) => {
      written[name] += text;
    },
  });
  const bytes = (async function* () {
    yield stdin;
  })();
  const io = ioFor({ stdout: output("stdout"), stderr: output("stderr"), stdin: { isTTY: false, bytes }, ...rest });
  const code = await main(argv, io);
  return { code, ...written };
}

/** An outside without a terminal, in which nothing is said and nothing asked but what is given. */
export function ioFor(given: Partial<Io>): Io {
  const silent: Io["stdout"] = { isTTY: false, write: () => {} };
  return {
    stdout: silent,
    stderr: silent,
    stdin: { isTTY: false, bytes: (async function* () {})() },
    ask: async () => "no",
    env: {},
    onInterrupt: () => () => {},
    ...given,
  };
}

/** Runs a scenario in a folder of its own and returns its text with what the commands really wrote. */
export async function play(text: string): Promise<string> {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "elbplan-scenario-"));
  try {
    process.chdir(folder);
    writeFileSync("facts.json", readFileSync(EXAMPLE_FACTS));
    let played = "";
    for (const section of sections(text)) {
      played += section.head;
      if (section.file !== undefined) {
        writeFileSync(section.file, section.body);
        played += section.body;
      } else if (section.command !== undefined) {
        played += await answer(section.command);
      } else {
        played += section.body;
      }
    }
    return `${played.trimEnd()}\n`;
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function answer(command: string): Promise<string> {
  const [line = "", input] = command.split(" < ");
  const [, ...argv] = words(line);
  const { code, stdout, stderr } = await run(argv, input === undefined ? "" : readFileSync(input, "utf8"));
  const errors = stderr === "" ? "" : `${stderr.replace(/\n$/, "").replace(/^/gm, "! ").replace(/ +$/gm, "")}\n`;
  return `${stdout}${errors}${code === 0 ? "" : `exit ${code}\n`}\n`;
}

/** Words of a command line; single quotes hold one together. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

interface Section {
  readonly head: string;
  readonly body: string;
  readonly file?: string;
  readonly command?: string;
}

function sections(text: string): readonly Section[] {
  const found: { head: string; body: string; file?: string; command?: string }[] = [{ head: "", body: "" }];
  for (const line of text.split(/(?<=\n)/)) {
    const file = /^-- (.+) --\n$/.exec(line)?.[1];
    const command = /^== (elbplan .+) ==\n$/.exec(line)?.[1];
    if (file !== undefined) found.push({ head: line, body: "", file });
    else if (command !== undefined) found.push({ head: line, body: "", command });
    else {
      const last = found.at(-1);
      if (last !== undefined) last.body += line;
    }
  }
  return found;
}
