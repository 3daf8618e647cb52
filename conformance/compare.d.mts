import type { Diagnostic, Facts, LbcStacks } from "@elbplan/core";

export interface CaseName {
  readonly area: string;
  readonly name: string;
  readonly path: string;
}

export interface RecordedCase {
  readonly about: { readonly about: string; readonly facts: string };
  readonly facts: Facts;
  /** LBC's answer (README.md, "expected"). */
  readonly expected: unknown;
  readonly manifests: string;
}

export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

export type Answer =
  | { readonly refused: readonly Diagnostic[] }
  | { readonly stacks: LbcStacks; readonly diagnostics: readonly Diagnostic[] };

/** The packages to judge: their sources or their build. */
export interface Packages {
  readonly core: object;
  readonly source: object;
}

export function listCases(directory: string): readonly CaseName[];
export function readCase(directory: string, one: CaseName): RecordedCase;
export function answer(packages: Packages, recorded: RecordedCase, file?: string): Answer;
export function differences(expected: unknown, found: Answer): readonly Difference[];
