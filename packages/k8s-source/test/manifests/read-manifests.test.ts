import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Manifests, readManifests } from "../../src/index.ts";
import { ingressText } from "./manifest-text.ts";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elbplan-"));
  await mkdir(join(folder, "deep"));
  await mkdir(join(folder, "empty"));
  await mkdir(join(folder, "folder.yaml"));
  await writeFile(join(folder, "b.yml"), ingressText("b"));
  await writeFile(join(folder, "a.yaml"), ingressText("a"));
  await writeFile(
    join(folder, "c.json"),
    JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "c" } }),
  );
  await writeFile(join(folder, "notes.txt"), ingressText("notes"));
  await writeFile(join(folder, "deep", "d.yaml"), ingressText("d"));
  await writeFile(join(folder, "utf16.txt"), Buffer.from(`\uFEFF${ingressText("e")}`, "utf16le"));
  await writeFile(join(folder, "latin.txt"), Buffer.from("# caf\u00e9\n", "latin1"));
  await symlink(folder, join(folder, "deep", "circle.yaml"));
  await symlink(join(folder, "nowhere"), join(folder, "deep", "broken.yaml"));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function ingresses({ snapshot }: Manifests): readonly string[] {
  return snapshot.ingresses.map(({ metadata }) => metadata.name);
}

async function* stream(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const chunk of chunks) yield chunk;
}

describe("readManifests", () => {
  it("reads the manifests of a folder in the order of their names", async () => {
    const manifests = await readManifests([folder]);
    expect(manifests.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["input.subfolders-not-read", `The 3 folders in ${folder} aren't read.`],
    ]);
    expect(ingresses(manifests)).toEqual(["a", "b"]);
    expect(manifests.counts.read).toEqual({ Ingress: 2, Service: 1 });
    const position = manifests.positions({ kind: "Ingress", namespace: "default", name: "b" }, "/spec");
    expect(position).toEqual({ file: join(folder, "b.yml"), line: 5, column: 1 });
  });

  it("reads folders in folders if asked, follows no link to a folder, and reports a broken link", async () => {
    const manifests = await readManifests([folder], { recursive: true });
    expect(ingresses(manifests)).toEqual(["a", "b", "d"]);
    expect(manifests.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ["input.file-unreadable", `${join(folder, "deep", "broken.yaml")} can't be read: it doesn't exist.`],
    ]);
  });

  it("reads a file of any name, and a path named twice once", async () => {
    const manifests = await readManifests([join(folder, "notes.txt"), folder, join(folder, "deep", "..", "a.yaml")]);
    expect(manifests.diagnostics.map(({ code }) => code)).toEqual(["input.subfolders-not-read"]);
    expect(ingresses(manifests)).toEqual(["notes", "a", "b"]);
  });

  it("warns of elbplan's own files in a folder, and refuses them where they are named", async () => {
    const own = join(folder, "own");
    await mkdir(join(own, ".git"), { recursive: true });
    await writeFile(join(own, "a.yaml"), ingressText("a"));
    await writeFile(join(own, "facts.json"), '{"vpc": {"id": "vpc-1"}, "subnets": []}');
    const at = { file: join(own, "facts.json"), line: 1, column: 1 };
    const inFolder = await readManifests([own]);
    expect(inFolder.diagnostics).toMatchObject([{ code: "input.not-a-manifest", severity: "warning", at }]);
    expect(ingresses(inFolder)).toEqual(["a"]);
    const named = await readManifests([own, join(own, "facts.json"), join(own, "a.yaml")].toReversed());
    expect(named.diagnostics).toMatchObject([{ code: "input.not-an-object", severity: "error", at }]);
    expect(named.diagnostics[0]?.hint).toBe("If it is, pass it with --facts.");
    await rm(own, { recursive: true });
  });

  it("reads standard input, whose characters may be torn between chunks", async () => {
    const bytes = Buffer.from(`# caf\u00e9\n${ingressText("piped")}`);
    const stdin = stream(bytes.subarray(0, 6), bytes.subarray(6, 7), bytes.subarray(7));
    const manifests = await readManifests(["-", "-"], { stdin });
    expect(manifests.diagnostics).toEqual([]);
    const position = manifests.positions({ kind: "Ingress", namespace: "default", name: "piped" }, "");
    expect(position).toEqual({ file: "<stdin>", line: 2, column: 1 });
  });

  it.each([
    { name: "a missing file", input: "nowhere.yaml", code: "input.file-unreadable", words: "it doesn't exist" },
    { name: "a file as folder", input: "a.yaml/b", code: "input.file-unreadable", words: "no folder" },
    { name: "UTF-16", input: "utf16.txt", code: "input.not-text", words: "UTF-16" },
    { name: "Latin-1", input: "latin.txt", code: "input.not-text", words: "no UTF-8 text" },
    { name: "an empty folder", input: "empty", code: "input.empty", words: "no Kubernetes object" },
  ])("$name is a diagnostic", async ({ input, code, words }) => {
    const manifests = await readManifests([join(folder, input)]);
    expect(manifests.diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(manifests.diagnostics[0]?.message).toContain(words);
  });

  it("reads the other inputs of one that can't be read", async () => {
    const manifests = await readManifests([join(folder, "nowhere"), join(folder, "a.yaml")]);
    expect(manifests.diagnostics.map(({ code }) => code)).toEqual(["input.file-unreadable"]);
    expect(ingresses(manifests)).toEqual(["a"]);
  });

  it("reports a file without permission, unless nothing is forbidden to the user", async () => {
    const path = join(folder, "empty", "secret.yaml");
    await writeFile(path, ingressText("secret"));
    await chmod(path, 0);
    const manifests = await readManifests([path]);
    const isRoot = process.getuid?.() === 0;
    expect(manifests.diagnostics.map(({ code }) => code)).toEqual(isRoot ? [] : ["input.file-unreadable"]);
    await rm(path);
  });

  it("reports standard input that isn't there, or breaks off", async () => {
    expect((await readManifests(["-"])).diagnostics.map(({ code }) => code)).toEqual(["input.file-unreadable"]);
    // biome-ignore lint/correctness/useYield: it breaks off before the first chunk
    const broken = (async function* (): AsyncGenerator<string> {
      throw new Error("EPIPE");
    })();
    const manifests = await readManifests(["-"], { stdin: broken });
    expect(manifests.diagnostics.map(({ code }) => code)).toEqual(["input.file-unreadable"]);
  });

  it("no input at all is empty", async () => {
    expect((await readManifests([])).diagnostics.map(({ code }) => code)).toEqual(["input.empty"]);
  });
});
