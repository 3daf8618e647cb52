/** Which nodes take instance targets: of a cluster's nodes those that a selector chooses, with their instances. */
import { diagnose } from "../../diagnostics/diagnose.ts";
import { share } from "../../lib/share.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import type { LabelSelector } from "../../model/kubernetes.ts";
import type { Node } from "../../model/kubernetes-workloads.ts";
import type { ObjectRef } from "../../model/snapshot.ts";
import type { StringMap } from "../../model/value.ts";
import { quote } from "../../read/grammar.ts";
import { refOf } from "../../read/member.ts";
import type { Lookup } from "../../resolve/context.ts";
import { selectorMatches } from "../../resolve/label-selector.ts";
import { conditionStatus } from "./condition-status.ts";

/** Nodes that labels and taints don't keep out, and that the selector chooses. */
export interface NodeChoice {
  /** How many, whatever their state. */
  readonly eligible: number;
  readonly ready: readonly InstanceNode[];
  /** Those whose readiness is unknown. */
  readonly unknown: readonly InstanceNode[];
}

/** A node and its instance, or why that can't be told. */
interface InstanceNode {
  readonly object: ObjectRef;
  readonly instance: { readonly id: string } | { readonly problem: Diagnostic };
}

/** Choices by `selectorKey`: many bindings ask for the same. */
export interface NodeChoices extends Lookup<NodeChoice> {
  /** Those that were asked for. */
  readonly made: ReadonlyMap<string, NodeChoice>;
}

/** Nodes that Kubernetes and EKS keep out of load balancers, as LBC selects them. */
const ELIGIBLE: LabelSelector = {
  matchExpressions: [
    { key: "node-role.kubernetes.io/master", operator: "DoesNotExist" },
    { key: "node.kubernetes.io/exclude-from-external-load-balancers", operator: "DoesNotExist" },
    { key: "alpha.service-controller.kubernetes.io/exclude-balancer", operator: "DoesNotExist" },
    { key: "eks.amazonaws.com/compute-type", operator: "NotIn", values: ["fargate"] },
  ],
};

/** Taints of nodes that are about to go; without an effect, any counts. */
const LEAVING: readonly { readonly key: string; readonly effect?: string }[] = [
  { key: "ToBeDeletedByClusterAutoscaler" },
  { key: "karpenter.sh/disrupted", effect: "NoSchedule" },
];

/** What choices are asked for by: the labels that a binding selects nodes by. */
export function selectorKey(labels: StringMap = {}): string {
  return stableJson(labels);
}

/** The choices among nodes. One that is as it was among the nodes before is the same object, whatever else nodes tell. */
export function nodeChoices(nodes: readonly Node[], before?: NodeChoices): NodeChoices {
  const all = [...new Map(nodes.map((node) => [node.metadata.name, node])).values()];
  const made = new Map<string, NodeChoice>();
  const known = before?.made;
  return {
    made,
    get: (selector) => {
      const found = made.get(selector) ?? share(known?.get(selector), choose(all, JSON.parse(selector)));
      made.set(selector, found);
      return found;
    },
  };
}

function choose(nodes: readonly Node[], selector: StringMap): NodeChoice {
  const eligible = nodes.filter((node) => isEligible(node, selector));
  const inState = (state: string): readonly InstanceNode[] =>
    eligible
      .filter((node) => conditionStatus(node, "Ready") === state)
      .map((node) => ({ object: refOf(node), instance: instanceOf(node) }));
  return { eligible: eligible.length, ready: inState("True"), unknown: inState("Unknown") };
}

function isEligible(node: Node, selector: StringMap): boolean {
  const labels = node.metadata.labels ?? {};
  const taints = node.spec?.taints ?? [];
  const leaves = taints.some((taint) =>
    LEAVING.some(({ key, effect }) => taint.key === key && (effect === undefined || taint.effect === effect)),
  );
  return (
    !leaves && selectorMatches(ELIGIBLE, labels) === true && selectorMatches({ matchLabels: selector }, labels) === true
  );
}

/** The last segment of a provider id is the instance's id, as for LBC; a hybrid node's names a managed instance. */
function instanceOf(node: Node): { readonly id: string } | { readonly problem: Diagnostic } {
  const providerId = node.spec?.providerID ?? "";
  const id = providerId.slice(providerId.lastIndexOf("/") + 1);
  const rest = { object: refOf(node), field: "/spec/providerID" };
  const name = `Node ${node.metadata.name}`;
  if (/^i-[^/]*$/.test(id)) return { id };
  if (providerId.startsWith("eks-hybrid://") || /^(hybrid-)?mi-/.test(id)) {
    return { problem: diagnose("targets.hybrid-node", `${name} (${quote(providerId)}) is no EC2 instance.`, rest) };
  }
  const what =
    providerId === "" ? "has no providerID" : `has the providerID ${quote(providerId)}, which ends in no instance id`;
  return { problem: diagnose("targets.provider-id-invalid", `${name} ${what}.`, rest) };
}
