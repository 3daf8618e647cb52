/** Files given beside the manifests: read, parsed, checked against the schema of what they should be. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Diagnostic, type DiagnosticCode, diagnose, fieldName, parseSaved } from "@elbplan/core";
import { Ajv, type ErrorObject } from "ajv";
import { Refusal } from "./refusal.ts";

const require = createRequire(import.meta.url);

/** At most this many faults of one file are told; the rest are mostly their consequences. */
const FAULTS = 10;

/** The text of a file, or a refusal that says why not and what came of it. */
export async function readText(file: string, outcome = "nothing was planned."): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "ENOENT" ? "it doesn't exist" : code === "EISDIR" ? "it is a folder" : `the system says ${code}`;
    throw new Refusal(outcome, [diagnose("input.file-unreadable", `${file} can't be read: ${why}.`)]);
  }
}

/** Parses JSON, or refuses it. */
export function parseJson(file: string, text: string, code: DiagnosticCode): unknown {
  const parsed = parseSaved(text, { name: file, file, malformed: code });
  if ("value" in parsed) return parsed.value;
  throw new Refusal("nothing was planned.", parsed.diagnostics);
}

/** Checks data against one of the published schemas; throws a refusal that names the fields at fault. */
export function checkShape(file: string, data: unknown, schema: "facts" | "settings", code: DiagnosticCode): void {
  const faults = schemaFaults(data, schema);
  if (faults.length === 0) return;
  const told = faults.slice(0, FAULTS).map((fault) => shapeFault(file, fault, code));
  const more = faults.length - told.length;
  const rest =
    more === 0 ? [] : [diagnose(code, `In ${file}, ${more} more ${more === 1 ? "place is" : "places are"} wrong.`)];
  throw new Refusal("nothing was planned.", [...told, ...rest]);
}

/** Where data isn't as one of the published schemas says. */
export function schemaFaults(data: unknown, schema: "facts" | "settings" | "plan"): readonly ErrorObject[] {
  const validate = new Ajv({ allErrors: true, strict: false }).compile(
    require(require.resolve(`@elbplan/core/schemas/${schema}.schema.json`)) as object,
  );
  return validate(data) ? [] : (validate.errors ?? []);
}

function shapeFault(
  file: string,
  { instancePath, keyword, message, params }: ErrorObject,
  code: DiagnosticCode,
): Diagnostic {
  const property = (name: string): string => `${instancePath}/${String((params as Record<string, unknown>)[name])}`;
  if (keyword === "required") {
    const field = property("missingProperty");
    return diagnose(code, `In ${file}, ${fieldName(field)} is missing.`, { field });
  }
  if (keyword === "additionalProperties") {
    const field = property("additionalProperty");
    return diagnose(code, `In ${file}, ${fieldName(field)} is nothing that elbplan knows.`, { field });
  }
  const where = instancePath === "" ? "the whole" : fieldName(instancePath);
  return diagnose(code, `In ${file}, ${where} ${message ?? "is wrong"}.`, { field: instancePath });
}
