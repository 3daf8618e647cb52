/** When waits are over. */
import type { ActionDetails } from "../model/action.ts";
import type { WaitState } from "../model/executor.ts";
import type { ExistingCertificate, ExistingLoadBalancer, Target } from "../model/inventory.ts";

type Until = ActionDetails["wait"]["until"];

/**
 * Whether a wait for targets is over. Healthy: one at least is, and none is in its first checks; one that fails its checks
 * doesn't hold the others up. Targets whose health isn't checked count as healthy. All unused: AWS hasn't begun to look.
 * Drained is a matter of time: the targets of a group that no rule names are `unused` from the first moment, while their
 * connections still end. So only a group without targets is drained at a look; else the wait lasts to its deadline.
 */
export function targetsWaitState(
  until: Extract<Until, "targets-healthy" | "targets-drained">,
  targets: readonly Target[],
): WaitState {
  if (until === "targets-drained") {
    return targets.length === 0 ? { state: "met" } : unmet(`connections to ${targets.length} targets have time to end`);
  }
  const staying = targets.filter(({ state }) => state !== "draining");
  const healthy = staying.filter(({ state }) => state === "healthy" || state === "unavailable");
  const isSettled = healthy.length > 0 && !staying.some(({ state }) => state === "initial");
  if (staying.length === 0 || isSettled) return { state: "met" };
  return unmet(`${healthy.length} of ${staying.length} healthy`);
}

/** Whether a load balancer serves. */
export function loadBalancerWaitState(state: ExistingLoadBalancer["state"]): WaitState {
  switch (state) {
    case "active":
    case "active_impaired":
      return { state: "met" };
    case "failed":
      return { state: "failed", note: "AWS couldn't set the load balancer up" };
    default:
      return unmet(`it is ${state}`);
  }
}

/** Whether a certificate can be used (ACM: DescribeCertificate, Status). */
export function certificateWaitState(status: ExistingCertificate["status"]): WaitState {
  if (status === "ISSUED") return { state: "met" };
  if (status === "PENDING_VALIDATION") return unmet("its validation is pending");
  return { state: "failed", note: `its status is ${status}` };
}

function unmet(note: string): WaitState {
  return { state: "unmet", note };
}
