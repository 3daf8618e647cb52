import type { DesiredGraph, ResourceKind, ResourceOf } from "@elbplan/core";

/** A resource and the stack that it belongs to. */
export interface Found<K extends ResourceKind> {
  readonly stack: string;
  readonly id: string;
  readonly spec: ResourceOf<K>["spec"];
}

/** All resources of a kind that should exist, those of the cluster stack last. */
export function resourcesOf<K extends ResourceKind>(graph: DesiredGraph, kind: K): readonly Found<K>[] {
  return [...Object.values(graph.stacks), graph.clusterStack].flatMap((stack) =>
    Object.values(stack.resources).flatMap((resource) =>
      resource.kind === kind
        ? [{ stack: stack.id, id: resource.id, spec: resource.spec as ResourceOf<K>["spec"] }]
        : [],
    ),
  );
}
