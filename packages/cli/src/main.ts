/** The elbplan command: arguments in, exit code out. */
import { CommanderError } from "commander";
import type { Io } from "./io.ts";
import { separateLbcFlags } from "./lbc-flags.ts";
import { makeProgram } from "./program.ts";
import { Refusal } from "./refusal.ts";

export { processIo } from "./io.ts";

/**
 * Runs the command and returns its exit code: 0 nothing to do or done, 1 an error, 2 changes (only with
 * `--detailed-exitcode`). Never exits the process and writes only to `io`.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    let exitCode = 0;
    const program = makeProgram(io, (code) => {
      exitCode = code;
    });
    const { rest, flags } = await separateLbcFlags(argv, program);
    program.setOptionValue("lbcFlags", flags);
    await program.parseAsync(rest, { from: "user" });
    return exitCode;
  } catch (error) {
    return failed(error, io);
  }
}

async function failed(error: unknown, io: Io): Promise<number> {
  // Help and version are no failures; commander has written its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof Refusal) {
    if (error.diagnostics.length > 0) {
      const { renderDiagnostics } = await import("@elbplan/core");
      const { paletteFor } = await import("./colours.ts");
      io.stderr.write(renderDiagnostics(error.diagnostics, paletteFor(io.stderr, io, true)));
    }
    io.stderr.write(`elbplan: ${error.message}\n`);
    return 1;
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr.write(`elbplan: this is a bug in elbplan, please report it.\n${what}\n`);
  return 1;
}
