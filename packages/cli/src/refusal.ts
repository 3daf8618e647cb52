import type { Diagnostic } from "@elbplan/core";

/** The command can't go on, and it is the user who can change that: said in one line, without a stack trace. */
export class Refusal extends Error {
  /** What is wrong with an input file, if that is the cause. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.name = "Refusal";
    this.diagnostics = diagnostics;
  }
}

/** The settings are refused, as LBC's controller would refuse to start. */
export class SettingsRefusal extends Refusal {
  constructor(diagnostics: readonly Diagnostic[]) {
    super("nothing was planned.", diagnostics);
    this.name = "SettingsRefusal";
  }
}
