/** Who carries LBC's plan annotation, and what has to be written so that it is so. */
import type { DesiredGraph } from "../model/graph.ts";
import type { ClusterSnapshot, ObjectRef } from "../model/snapshot.ts";
import { annotationName, annotationText, refOf } from "../read/member.ts";
import { objectKey } from "../resolve/cluster-index.ts";
import { renderLbcPlanAnnotation } from "./lbc-stack.ts";

/** One write to an Ingress; null removes the annotation. */
export interface AnnotationWrite {
  readonly ingress: ObjectRef;
  readonly annotation: string;
  readonly value: string | null;
}

/**
 * The writes that bring the plan annotation up to date, in the order of stacks and members; nothing for an Ingress that
 * is as it should be. As LBC does: with the gate IngressPlanAnnotation the first member of each group carries the
 * group's stack and no other does, without it nobody does. The members of a stack that failed are left as they are.
 * `backendSecurityGroup` is the id of the shared group, if it exists.
 */
export function planAnnotationWrites(
  graph: DesiredGraph,
  snapshot: ClusterSnapshot,
  backendSecurityGroup?: string,
): readonly AnnotationWrite[] {
  const ingresses = new Map(snapshot.ingresses.map((ingress) => [objectKey(ingress), ingress]));
  const annotation = annotationName("dry-run-plan");
  return Object.keys(graph.stacks)
    .sort()
    .flatMap((id) => {
      const stack = graph.stacks[id];
      if (stack === undefined || stack.status === "failed") return [];
      return stack.members.flatMap((member, place): readonly AnnotationWrite[] => {
        const ingress = ingresses.get(member);
        if (ingress === undefined) return [];
        const carries = place === 0 && graph.settings.featureGates.IngressPlanAnnotation;
        const value = carries ? renderLbcPlanAnnotation(stack, backendSecurityGroup) : null;
        const isSo = (annotationText(ingress, "dry-run-plan") ?? null) === value;
        return isSo ? [] : [{ ingress: refOf(ingress), annotation, value }];
      });
    });
}
