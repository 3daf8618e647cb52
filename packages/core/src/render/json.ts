/** JSON for people and for files: two spaces, keys sorted, so that equal data is equal text. */
import { stableJson } from "../lib/stable-json.ts";

/** Pretty JSON with sorted keys and a newline at the end. Undefined fields are left out. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(JSON.parse(stableJson(value)), null, 2)}\n`;
}
