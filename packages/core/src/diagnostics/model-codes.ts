import type { CodeEntry } from "./codes.ts";

/** Codes of building the desired graph. */
export const modelCodes = {
  "annotation.unsupported": {
    severity: "error",
    meaning: "The annotation is one of LBC's, but elbplan doesn't read it yet; the stack would differ from LBC's.",
    hint: "Remove the annotation, or plan this group with LBC.",
  },
} as const satisfies Record<string, CodeEntry>;
