/** A target together with what it runs on, which says whose security group admits the load balancer. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { compareStrings } from "../../lib/compare.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { ServicePort } from "../../model/kubernetes.ts";
import type { ObjectRef, WholeKind } from "../../model/snapshot.ts";
import type { TargetSpec } from "../../model/target.ts";
import type { TargetGroupBindingSpec } from "../../model/target-group-binding.ts";

export interface TargetEndpoint {
  readonly target: TargetSpec;
  /** The Node or Pod. */
  readonly object: ObjectRef;
}

/** What a binding asks for: the Service's port is found. */
export interface BoundPort {
  readonly stack: string;
  /** Resource key of the target group. */
  readonly resource: string;
  readonly binding: TargetGroupBindingSpec;
  readonly port: ServicePort;
}

/** Endpoints, or why there can't be any. */
export type Endpointed =
  | {
      readonly endpoints: readonly TargetEndpoint[];
      readonly diagnostics: readonly Diagnostic[];
      /** There may be more of them than the input tells. */
      readonly partial: boolean;
    }
  | { readonly unresolved: readonly Diagnostic[] };

/** Said once for all target groups: that objects of a kind aren't listed proves nothing. */
export function maybeMore(kind: WholeKind): Diagnostic {
  const message = `The input doesn't say that it holds every ${kind}: targets are registered, and none is deregistered.`;
  return diagnose("targets.partial", message);
}

/** Sorts by target and leaves repetitions out, so that neither the order nor the number of slices shows. */
export function distinct(endpoints: readonly TargetEndpoint[]): readonly TargetEndpoint[] {
  const sorted = endpoints.toSorted(
    (a, b) =>
      compareStrings(a.target.id, b.target.id) ||
      a.target.port - b.target.port ||
      compareStrings(`${a.object.namespace}/${a.object.name}`, `${b.object.namespace}/${b.object.name}`),
  );
  return sorted.filter(({ target }, index) => {
    const before = sorted[index - 1]?.target;
    return before?.id !== target.id || before.port !== target.port;
  });
}
