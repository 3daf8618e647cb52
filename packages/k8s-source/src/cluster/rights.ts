/** The rights that elbplan needs in a cluster, as a table. deploy/ and docs/cluster.md are tested against it. */
import { CLUSTER_KINDS, type ClusterKind } from "./kinds.ts";
import { LBC_LEASE } from "./lease/lbc-leader.ts";

/** Name of the Lease by which elbplan's own replicas choose their leader, in the namespace they run in. */
export const OWN_LEASE = "elbplan-leader";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** One rule of RBAC. */
export interface Right {
  /** `""`: the core group. */
  readonly apiGroup: string;
  /** With the subresource, if it is about one. */
  readonly resource: string;
  readonly verbs: readonly Verb[];
  /** Only objects of these names. */
  readonly resourceNames?: readonly string[];
  /**
   * `read`: to plan from a cluster. `run`: the controller needs it besides. `own`: likewise, in its own namespace only.
   * `oidc`, `endpoints`, `bindings`: if Ingresses authenticate by OIDC; with --enable-endpoint-slices=false; if targets
   * are left to LBC's controller.
   */
  readonly for: "read" | "run" | "own" | "oidc" | "endpoints" | "bindings";
}

const READ_FOR: { readonly [kind: string]: Right["for"] } = { Secret: "oidc", Endpoints: "endpoints" };

/** All rights. One line each of group, resource and purpose. */
export const RIGHTS: readonly Right[] = [
  ...CLUSTER_KINDS.map(
    (kind): Right => ({ ...resourceOf(kind), verbs: ["list", "watch"], for: READ_FOR[kind.kind] ?? "read" }),
  ),
  // Finalizers and the plan annotation; `get` to look again when somebody else was faster.
  { apiGroup: "networking.k8s.io", resource: "ingresses", verbs: ["get", "patch"], for: "run" },
  { apiGroup: "networking.k8s.io", resource: "ingresses/status", verbs: ["patch"], for: "run" },
  // Readiness gates.
  { apiGroup: "", resource: "pods/status", verbs: ["patch"], for: "run" },
  { apiGroup: "", resource: "events", verbs: ["create", "patch"], for: "run" },
  { apiGroup: "coordination.k8s.io", resource: "leases", verbs: ["list"], resourceNames: [LBC_LEASE], for: "run" },
  // A name can't be asked of a creation.
  { apiGroup: "coordination.k8s.io", resource: "leases", verbs: ["create"], for: "own" },
  {
    apiGroup: "coordination.k8s.io",
    resource: "leases",
    verbs: ["get", "update"],
    resourceNames: [OWN_LEASE],
    for: "own",
  },
  {
    apiGroup: "elbv2.k8s.aws",
    resource: "targetgroupbindings",
    verbs: ["get", "create", "patch", "delete"],
    for: "bindings",
  },
];

function resourceOf({ apiVersion, plural }: ClusterKind): Pick<Right, "apiGroup" | "resource"> {
  const slash = apiVersion.indexOf("/");
  return { apiGroup: slash < 0 ? "" : apiVersion.slice(0, slash), resource: plural };
}

/** A request as rights speak of it. */
export interface Access {
  readonly verb: Verb;
  readonly apiGroup: string;
  readonly resource: string;
  /** Of a list or watch: the name that its field selector demands. */
  readonly name?: string;
}

/** Whether some of the rights allows a request, as RBAC decides. Namespaces aren't looked at. */
export function allows(rights: readonly Right[], { verb, apiGroup, resource, name }: Access): boolean {
  return rights.some(
    (right) =>
      right.apiGroup === apiGroup &&
      right.resource === resource &&
      right.verbs.includes(verb) &&
      (right.resourceNames === undefined || (name !== undefined && right.resourceNames.includes(name))),
  );
}
