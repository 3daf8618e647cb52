/** The targets of Ingress shop/web, resolved from what a test says about nodes, pods and network interfaces. */
import { resolveTargets } from "../../../src/desired/targets/resolve-targets.ts";
import type { Facts } from "../../../src/model/facts.ts";
import type { ClusterSnapshot } from "../../../src/model/snapshot.ts";
import type { ResolvedTargets, TargetsOf } from "../../../src/model/target.ts";
import type { StringMap } from "../../../src/model/value.ts";
import { type IngressSketch, ingress, snapshot } from "../../fixtures/cluster.ts";
import { deepFreeze } from "../../fixtures/deep-freeze.ts";
import { desired } from "../../fixtures/desired.ts";
import { facts } from "../../fixtures/facts.ts";

export interface Scene {
  /** Annotations of the Ingress. */
  readonly annotations?: IngressSketch["annotations"];
  readonly objects?: Partial<ClusterSnapshot>;
  readonly facts?: Partial<Facts>;
  /** Controller flags. */
  readonly flags?: StringMap;
  /** The objects when targets are resolved, where they aren't those of the graph. */
  readonly later?: Partial<ClusterSnapshot>;
  /** The graph may have errors. */
  readonly broken?: boolean;
}

/** What the scene resolves to; a graph with errors is a mistake of the test. */
export function resolved({ annotations = {}, objects = {}, later = {}, ...around }: Scene): ResolvedTargets {
  const all = deepFreeze({ ingresses: [ingress({ annotations })], ...objects });
  const graph = deepFreeze(
    desired(all, { ...(around.flags && { flags: around.flags }), ...(around.facts && { facts: around.facts }) }),
  );
  const errors = graph.diagnostics.filter(({ code, severity }) => severity === "error" && !code.startsWith("targets."));
  if (errors.length > 0 && around.broken !== true) throw new Error(errors.map(({ message }) => message).join("\n"));
  return resolveTargets(deepFreeze(snapshot({ ...all, ...later })), deepFreeze(facts(around.facts)), graph);
}

/** The targets of the first target group: `id:port`, with `@zone` if there is one; or `unresolved`. */
export function targetsIn({ targets }: ResolvedTargets): readonly string[] | "unresolved" {
  const [stack = {}] = Object.values(targets);
  const [first] = Object.values(stack);
  return first === undefined ? [] : names(first);
}

/** Whether the first target group may have more targets. */
export function partial({ targets }: ResolvedTargets): boolean {
  const [first] = Object.values(Object.values(targets)[0] ?? {});
  return first?.status === "resolved" && first.partial === true;
}

export function names(of: TargetsOf): readonly string[] | "unresolved" {
  return of.status === "unresolved"
    ? "unresolved"
    : of.targets.map(({ id, port, availabilityZone: zone }) => `${id}:${port}${zone === undefined ? "" : `@${zone}`}`);
}

/** The permissions: per security group `protocol from-to source`, a reference as its key. */
export function permissionsIn({ permissions }: ResolvedTargets): { readonly [group: string]: readonly string[] } {
  return Object.fromEntries(
    Object.entries(permissions.bySecurityGroup).map(([group, list]) => [
      group,
      list.map(({ protocol, fromPort, toPort, source }) => {
        const id = "securityGroupId" in source ? source.securityGroupId : "?";
        const name = typeof id === "string" ? id : "ref" in id ? `${id.stack ?? ""}>${id.ref}` : id.unknown;
        return `${protocol} ${fromPort}-${toPort} ${name}`;
      }),
    ]),
  );
}

export function codesIn({ diagnostics }: ResolvedTargets): readonly string[] {
  return diagnostics.map(({ code }) => code);
}
