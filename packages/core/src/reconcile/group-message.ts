/** What the events of a group say. */
import type { Diagnostic } from "../model/diagnostic.ts";

/** Errors that are told one by one. */
const TOLD = 3;

/** The text of an event that tells of errors: LBC's beginning, then what is wrong. */
export function failureMessage(what: "build" | "deploy", errors: readonly Diagnostic[]): string {
  const texts = errors.slice(0, TOLD).map(({ message }) => message);
  const more = errors.length - TOLD;
  return `Failed ${what} model due to ${[...texts, ...(more > 0 ? [`and ${more} more`] : [])].join(" ")}`;
}
