/** LBC's own view of a desired graph: the JSON that its model builder yields, for comparing the two. */
import type { AdmissionRefusal } from "../check/admission.ts";
import { compareStrings } from "../lib/compare.ts";
import type { DesiredGraph, Stack } from "../model/graph.ts";
import type { Json } from "../model/value.ts";
import { isLbcResource, KNOWN_AFTER_APPLY, LBC_TYPES, type LbcWriting } from "./lbc-reference.ts";
import { lbcResource } from "./lbc-resource.ts";
import { type LbcStruct, type LbcValue, toGoText, toJson } from "./lbc-value.ts";

export interface LbcGroup {
  readonly group: string;
  readonly explicit: boolean;
  readonly members: readonly string[];
  readonly inactiveMembers: readonly string[];
  /** `{id, resources: {type: {id: {spec}}}}`, null if the group failed. */
  readonly stack: Json;
  readonly error: string | null;
  readonly errorStage?: "load" | "build";
  readonly listenerPorts: readonly number[];
  readonly backendSGAllocated: boolean;
  readonly hasFrontendNlb: boolean;
  readonly secrets: readonly string[];
}

export interface LbcStacks {
  readonly groups: readonly LbcGroup[];
  readonly unmanaged: readonly string[];
  readonly classErrors: readonly { readonly ingress: string; readonly error: string }[];
  readonly admission: readonly LbcRefusal[];
}

/** An object that LBC's webhook refuses, as its recorded answers name it. */
export type LbcRefusal = Pick<AdmissionRefusal, "kind" | "name" | "error">;

/** Stands for the shared backend security group when elbplan makes it. */
const AUTO_BACKEND_SECURITY_GROUP = "sg-autobackend";

/**
 * The graph in the shape of LBC's recorded answers.
 *
 * Groups are sorted by id. References are `{"$ref": "#/resources/<type>/<id>/status/<field>"}`, a certificate that
 * exists is its ARN, the shared backend security group is `sg-autobackend`, and what only the API server or AWS will
 * choose is the text `(known after apply)`. Attributes and permissions are sorted, because LBC fills them in no fixed
 * order. `admission` is the caller's: the graph doesn't hold it.
 */
export function renderLbcStack(graph: DesiredGraph, admission: readonly LbcRefusal[] = []): LbcStacks {
  const writing: LbcWriting = {
    backendSecurityGroup: AUTO_BACKEND_SECURITY_GROUP,
    existingCertificate: (arn) => arn,
  };
  return {
    groups: Object.keys(graph.stacks)
      .sort()
      .flatMap((id) => {
        const stack = graph.stacks[id];
        return stack === undefined ? [] : [group(stack, graph, writing)];
      }),
    unmanaged: graph.unmanaged.toSorted(),
    classErrors: graph.classErrors
      .map(({ ingress, message }) => ({ ingress, error: message }))
      .sort((a, b) => compareStrings(a.ingress, b.ingress)),
    admission: admission.map(({ kind, name, error }) => ({ kind, name, error })),
  };
}

/**
 * The text that LBC writes into its plan annotation (`alb.ingress.kubernetes.io/dry-run-plan`): no white space, fields
 * in the order in which LBC declares them, Go's escapes, and every existing certificate as the same nameless
 * reference. The shared backend security group is a plain id there; pass it if it exists.
 */
export function renderLbcPlanAnnotation(stack: Stack, backendSecurityGroup: string = KNOWN_AFTER_APPLY): string {
  return toGoText(
    lbcStack(stack, {
      backendSecurityGroup,
      existingCertificate: () => ({ $ref: "#/resources///status/certificateARN" }),
    }),
  );
}

function group(stack: Stack, graph: DesiredGraph, writing: LbcWriting): LbcGroup {
  const failed = stack.status === "failed";
  return {
    group: stack.id,
    explicit: stack.explicit,
    members: stack.members,
    inactiveMembers: stack.inactiveMembers,
    stack: failed ? null : toJson(lbcStack(stack, writing)),
    error: failed ? failure(stack.id, graph) : null,
    ...(failed ? { errorStage: stack.failedAt ?? "build" } : {}),
    listenerPorts: stack.listenerPorts,
    backendSGAllocated: stack.usesBackendSecurityGroup,
    hasFrontendNlb: Object.values(stack.resources).some(
      ({ kind, spec }) => kind === "loadBalancer" && spec.type === "network",
    ),
    secrets: stack.secrets,
  };
}

function failure(stack: string, graph: DesiredGraph): string {
  const errors = graph.diagnostics.filter((it) => it.severity === "error" && it.stack === stack);
  return errors.map(({ message }) => message).join("; ") || "the group failed";
}

function lbcStack(stack: Stack, writing: LbcWriting): LbcStruct {
  const types = new Map<string, Map<string, LbcValue>>();
  const frontendTargets = new Map<string, LbcValue>();
  for (const resource of Object.values(stack.resources).filter(isLbcResource)) {
    const written = lbcResource(resource, writing);
    if (resource.kind === "frontendNlbTarget") {
      frontendTargets.set(resource.spec.targetGroupName, written);
      continue;
    }
    const type = LBC_TYPES[resource.kind];
    const ofType = types.get(type) ?? new Map<string, LbcValue>();
    types.set(type, ofType.set(resource.id, written));
  }
  // Always there, even for a group without members.
  const type = LBC_TYPES.frontendNlbTarget;
  types.set(type, new Map([[type, { TargetGroups: frontendTargets }]]));
  return { id: stack.id, resources: types };
}
