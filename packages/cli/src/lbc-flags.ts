/** LBC's flags stand among ours on the command line; they are taken out before the rest is read. */
import type { Command } from "commander";
import type { LbcFlags } from "./program.ts";
import { Refusal } from "./refusal.ts";

/** LBC's boolean flags, and no others, begin so. Alone they mean true; like Go, they never take the next argument. */
const BOOLEAN = /^(?:enable|disable|tolerate)-/;

/**
 * Splits arguments into LBC's flags and the rest. Flags are written as LBC takes them: `--name=value`, `--name value`,
 * and `--name` alone for a boolean. A flag that neither LBC nor the command knows stays, so that commander refuses it.
 * The table of flags is loaded only if there may be one. A flag without its value is refused, and so is a word behind a
 * flag that a command without arguments has no use for: left to commander it would be one more file of `-f`.
 */
export async function separateLbcFlags(
  argv: readonly string[],
  program: Command,
): Promise<{ readonly rest: readonly string[]; readonly flags: LbcFlags }> {
  const command = program.commands.find((it) => it.name() === argv[0]);
  const own = new Map(
    [...program.options, ...(command?.options ?? [])].map((option) => [option.long, option] as const),
  );
  const isForeign = (argument: string): boolean => {
    const name = argument.split("=", 1)[0] ?? "";
    return /^--[a-z]/.test(name) && name !== "--help" && !own.has(name);
  };
  if (command === undefined || !argv.some(isForeign)) return { rest: argv, flags: {} };

  const { LBC_FLAGS } = await import("@elbplan/core");
  const known = new Set([...LBC_FLAGS.planning, ...LBC_FLAGS.ignored]);
  const rest: string[] = [];
  const flags = new Map<string, string>();
  for (let index = 0; index < argv.length; index++) {
    const argument = argv[index] ?? "";
    const [dashed = "", ...after] = argument.split("=");
    const flag = dashed.slice(2);
    if (argument === "--") {
      rest.push(...argv.slice(index));
      break;
    }
    if (!isForeign(argument) || !known.has(flag)) {
      rest.push(argument);
      continue;
    }
    const isAlone = after.length === 0 && BOOLEAN.test(flag);
    if (isAlone) flags.set(flag, "true");
    else if (after.length > 0) flags.set(flag, after.join("="));
    else flags.set(flag, argumentOf(dashed, argv[++index], own));
    const next = argv[index + 1];
    if (next !== undefined && !next.startsWith("-") && command.registeredArguments.length === 0) {
      const correction = isAlone ? `; to set the flag write ${dashed}=${next}` : "";
      throw new Refusal(`"${next}" after ${dashed} is one argument too many${correction}.`);
    }
  }
  return { rest, flags: Object.fromEntries(flags) };
}

/** The argument behind a flag. One of our own options there means that the value was forgotten. */
function argumentOf(dashed: string, next: string | undefined, own: ReadonlyMap<string | undefined, unknown>): string {
  if (next === undefined) throw new Refusal(`${dashed} needs a value: ${dashed}=VALUE.`);
  if (own.has(next.split("=", 1)[0])) {
    throw new Refusal(`${dashed} needs a value, and ${next} follows it; write ${dashed}=VALUE.`);
  }
  return next;
}
