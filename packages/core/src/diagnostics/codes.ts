/**
 * The table of diagnostic codes: every code that elbplan can report, with what it means. It makes docs/diagnostics.md.
 * Codes are stable; a message may get better, a code keeps its meaning.
 */
import type { Severity } from "../model/diagnostic.ts";
import { accountCodes } from "./account-codes.ts";
import { awsCodes } from "./aws-codes.ts";
import { clusterCodes } from "./cluster-codes.ts";
import { inputCodes } from "./input-codes.ts";
import { lintCodes } from "./lint-codes.ts";
import { modelCodes } from "./model-codes.ts";
import { planCodes } from "./plan-codes.ts";
import { runCodes } from "./run-codes.ts";
import { targetCodes } from "./target-codes.ts";

export interface CodeEntry {
  readonly severity: Severity;
  /** One sentence: what it means. */
  readonly meaning: string;
  /** One sentence: what to do about it. */
  readonly hint: string;
}

/** All codes, by area: reading input, building the desired graph, planning, carrying out, checking. */
export const DIAGNOSTIC_CODES: { readonly [C in DiagnosticCode]: CodeEntry } = {
  ...inputCodes,
  ...clusterCodes,
  ...awsCodes,
  ...modelCodes,
  ...planCodes,
  ...accountCodes,
  ...lintCodes,
  ...runCodes,
  ...targetCodes,
};

export type DiagnosticCode =
  | keyof typeof inputCodes
  | keyof typeof clusterCodes
  | keyof typeof awsCodes
  | keyof typeof modelCodes
  | keyof typeof planCodes
  | keyof typeof accountCodes
  | keyof typeof lintCodes
  | keyof typeof runCodes
  | keyof typeof targetCodes;
