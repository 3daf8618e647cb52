/** Code blocks of the README and the docs are run: TypeScript is executed, console blocks are compared with real output. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";

const root = join(import.meta.dirname, "..");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const BLOCK = /^```(\w+)\n([\s\S]*?)^```$/gm;

interface Block {
  readonly document: string;
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

const blocks = documents.flatMap((document): Block[] => {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(BLOCK)].map((match) => ({
    document,
    language: match[1] ?? "",
    text: match[2] ?? "",
    line: text.slice(0, match.index).split("\n").length,
  }));
});

describe("TypeScript in documents", () => {
  for (const { document, text, line } of blocks.filter(({ language }) => language === "ts")) {
    it(`${document}:${line} runs`, async () => {
      const folder = join(root, ".cache", "examples");
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${document.replaceAll("/", "-")}-${line}.ts`);
      writeFileSync(file, text);
      const log = vi.spyOn(console, "log").mockImplementation(() => {});
      const before = process.cwd();
      process.chdir(root);
      try {
        await import(file);
        // `console.log(x); // 0: …` promises what is printed.
        const promised = [...text.matchAll(/^console\.log\(.*\);(?: \/\/ ([^:\n]+))?/gm)].map(([, value]) => value);
        expect(log.mock.calls).toHaveLength(promised.length);
        for (const [index, value] of promised.entries()) {
          if (value !== undefined) expect(String(log.mock.calls[index]?.[0])).toBe(value);
        }
      } finally {
        process.chdir(before);
        log.mockRestore();
      }
    });
  }
});

describe("commands in documents", () => {
  for (const { document, text, line } of blocks.filter(({ language }) => language === "console")) {
    it(`${document}:${line} prints what it says`, () => {
      const printed = runAll(text);
      if (process.env["UPDATE_GOLDENS"] === "1" && printed !== text) {
        const file = join(root, document);
        writeFileSync(
          file,
          readFileSync(file, "utf8").replace(`\`\`\`console\n${text}`, () => `\`\`\`console\n${printed}`),
        );
      } else expect(printed).toBe(text);
    });
  }
});

const PROGRAMS: { readonly [name: string]: readonly string[] } = { elbplan: ["packages/cli/bin/elbplan.js"], node: [] };

/** Runs each `$ elbplan …` and `$ node …` line of a block, in order, and puts what it prints beneath it. */
function runAll(text: string): string {
  const commands = text.split("\n").filter((one) => one.startsWith("$ "));
  return commands
    .map((command) => {
      const [program = "", ...words] = command.slice(2).split(" ");
      expect(Object.keys(PROGRAMS)).toContain(program);
      const output = execFileSync(process.execPath, [...(PROGRAMS[program] ?? []), ...words], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, NO_COLOR: "1" },
      });
      return `${command}\n${output}`;
    })
    .join("");
}
