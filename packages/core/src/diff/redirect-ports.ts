/** Where redirects lead. */
import type { RuleAction } from "../model/rule-action.ts";

/** Ports of other listeners that actions redirect to. */
export function redirectPorts(actions: readonly RuleAction[], ownPort: number): readonly number[] {
  return actions.flatMap((action) => {
    if (action.type !== "redirect") return [];
    const port = Number(action.redirectConfig.port);
    return Number.isInteger(port) && port !== ownPort ? [port] : [];
  });
}
