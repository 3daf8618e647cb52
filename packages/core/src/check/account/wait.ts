import type { ActionDetails } from "../../model/action.ts";
import type { Account, Target } from "../../model/inventory.ts";
import { type Answer, refuse } from "./answer.ts";
import type { Resolved } from "./outputs.ts";

const WAITED_FOR: ReadonlySet<Target["state"]> = new Set(["initial", "unhealthy", "unused"]);

/** Time passes at once, and what was waited for has come about. Waiting for what doesn't exist is refused. */
export function wait(account: Account, { until, subject, deadlineSeconds }: Resolved<ActionDetails["wait"]>): Answer {
  const note = `waited for ${until} of ${subject}, at most ${deadlineSeconds} s; in the simulation it takes no time`;
  const missing = refuse("account.not-found", "NotFound", `there is nothing to wait for: ${subject}`);
  switch (until) {
    case "load-balancer-active":
      if (account.loadBalancers[subject] === undefined) return missing;
      return {
        note,
        change: (draft) => {
          const found = draft.loadBalancers[subject];
          if (found?.state === "provisioning") found.state = "active";
        },
      };
    case "certificate-issued":
      if (account.certificates[subject] === undefined) return missing;
      return {
        note,
        change: (draft) => {
          const found = draft.certificates[subject];
          if (found !== undefined) found.status = "ISSUED";
        },
      };
    case "targets-healthy":
      if (account.targetGroups[subject] === undefined) return missing;
      return {
        note,
        change: (draft) => {
          for (const target of draft.targets[subject] ?? []) {
            if (WAITED_FOR.has(target.state)) target.state = "healthy";
          }
        },
      };
    case "targets-drained":
      if (account.targetGroups[subject] === undefined) return missing;
      return {
        note,
        change: (draft) => {
          draft.targets[subject] = (draft.targets[subject] ?? []).filter((target) => target.state !== "draining");
        },
      };
  }
}
