/**
 * Writes packages/*\/etc/*.api.md, the public surface of each library, so that every change to it is reviewed;
 * `--check` writes nothing and fails if one is stale. Reads the built declarations.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";
import { packageNames, root } from "./files.mjs";
import { writeGenerated } from "./generated.mjs";

const reports = [];
for (const name of packageNames()) {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // Each subpath with declarations has a report; a command has none.
  for (const [subpath, target] of Object.entries(manifest.exports)) {
    if (target.types === undefined) continue;
    const file = `${name}${subpath.slice(1).replaceAll("/", "-")}`;
    reports.push([`packages/${name}/etc/${file}.api.md`, report(folder, file, target.types)]);
  }
}
writeGenerated(reports, "npm run api");

/** The text of one report; made in .cache/, because the extractor compares by itself only with noise. */
function report(folder, file, entryPoint) {
  const temp = join(root, ".cache/api/");
  mkdirSync(temp, { recursive: true });
  const quiet = { default: { logLevel: "none" } };
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(folder, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: join(folder, entryPoint),
      compiler: { tsconfigFilePath: join(folder, "tsconfig.json") },
      apiReport: {
        enabled: true,
        reportFileName: `${file}.api.md`,
        reportFolder: temp,
        reportTempFolder: join(temp, "temp/"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: {
        compilerMessageReporting: { default: { logLevel: "warning" } },
        extractorMessageReporting: {
          ...quiet,
          "ae-forgotten-export": { logLevel: "warning", addToApiReportFile: true },
        },
        tsdocMessageReporting: quiet,
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: true,
    // Progress notes are of no use here; errors are.
    messageCallback: (message) => {
      if (message.logLevel !== "error") message.handled = true;
    },
  });
  const written = join(temp, `${file}.api.md`);
  if (!result.succeeded || !existsSync(written)) process.exitCode = 1;
  return readFileSync(written, "utf8");
}
