/** Carries a plan out on a simulated account and tells each step. */
import {
  type Account,
  callFor,
  callWords,
  groupNaming,
  type Palette,
  type Plan,
  renderDiagnostic,
  simulateSteps,
} from "@elbplan/core";

export interface CarriedOut {
  readonly account: Account;
  /** Actions that the account refused, or that were skipped for it. */
  readonly refused: number;
}

/** Runs every action in order; `write` receives one line for each, and a sum at the end. */
export function carryOut(account: Account, plan: Plan, write: (text: string) => void, palette: Palette): CarriedOut {
  let state = account;
  let done = 0;
  let refused = 0;
  const words = plan.actions.map((action) => callWords(action, callFor));
  const width = `${words.length}`.length;
  const callWidth = Math.max(0, ...words.map(({ call }) => call.length));
  const groups = plan.actions.map(groupNaming(plan.actions));
  let index = 0;
  for (const { account: next, step } of simulateSteps(account, plan.actions)) {
    const group = groups[index];
    if (group !== undefined && group !== groups[index - 1]) write(`  ${palette.dim(`${group}:`)}\n`);
    const { call, on } = words[index++] ?? { call: step.action, on: "" };
    state = next;
    const number = palette.dim(`${index}`.padStart(width));
    const sign = step.state === "done" ? palette.create("✓") : palette.error("✗");
    write(
      `  ${sign} ${number}  ${call.padEnd(callWidth)}  ${on}${step.note === undefined ? "" : palette.dim(`  (${step.note})`)}\n`,
    );
    if (step.diagnostic !== undefined) write(renderDiagnostic(step.diagnostic, palette));
    if (step.state === "done") done++;
    else refused++;
  }
  const rest = refused === 0 ? "" : `, ${refused} failed`;
  write(`${palette.strong("Applied:")} ${done} of ${plan.actions.length} steps${rest}.\n`);
  return { account: state, refused };
}
