/** Whether what was read of a stack is enough for another version of it. */
import type { StackNeeded } from "../model/inventory-needed.ts";

/** What an inventory says nothing of, whether there is none or nobody looked. */
const ASSOCIATIONS = ["webAcl", "wafRegional", "shield"] as const;

/**
 * Whether a plan would take something for absent that nobody looked for: what is attached to a load balancer, which is
 * read only where the stack says something about it. Of other fields that weren't read it is known that they weren't.
 */
export function asksForMore(read: StackNeeded | undefined, needed: StackNeeded): boolean {
  return (
    Object.entries(needed.loadBalancers).some(([id, now]) => {
      const before = read !== undefined && Object.hasOwn(read.loadBalancers, id) ? read.loadBalancers[id] : undefined;
      return ASSOCIATIONS.some((kind) => now[kind] && before?.[kind] !== true);
    }) || asksForTargets(read, needed)
  );
}

/** A target group that wasn't asked for before is new, if anything of the stack was. */
function asksForTargets(read: StackNeeded | undefined, { targetGroups }: StackNeeded): boolean {
  return Object.entries(targetGroups).some(([id, { targets }]) => {
    if (!targets) return false;
    if (read === undefined) return true;
    return Object.hasOwn(read.targetGroups, id) && read.targetGroups[id]?.targets !== true;
  });
}
