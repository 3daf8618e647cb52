import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url);
const manifest = (path: string) => JSON.parse(readFileSync(new URL(path, root), "utf8"));
const packages = readdirSync(new URL("packages/", root));

describe.each(packages)("packages/%s", (name) => {
  const pkg = manifest(`packages/${name}/package.json`);

  it("is named, versioned and licensed like its siblings", () => {
    expect(pkg).toMatchObject({
      name: `@elbplan/${name}`,
      version: manifest("packages/core/package.json").version,
      license: "Apache-2.0",
      type: "module",
      engines: manifest("package.json").engines,
    });
  });

  it("takes every version from the catalog or the workspace", () => {
    const versions = Object.values({ ...pkg.dependencies, ...pkg.devDependencies });
    expect(versions.filter((version) => version !== "catalog:" && version !== "workspace:*")).toEqual([]);
  });

  it("is part of the build", () => {
    expect(manifest("tsconfig.json").references).toContainEqual({ path: `packages/${name}` });
  });
});

it("core depends on its libraries and on nothing else", () => {
  expect(Object.keys(manifest("packages/core/package.json").dependencies)).toEqual([
    "@noble/hashes",
    "fast-deep-equal",
    "immer",
    "ipaddr.js",
    "re2js",
  ]);
});
