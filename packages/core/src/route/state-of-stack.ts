import { compareStrings } from "../lib/compare.ts";
import type { CertificateFact } from "../model/facts.ts";
import type { DesiredGraph, Stack } from "../model/graph.ts";
import type { ListenerSpec } from "../model/listener.ts";
import { type ResourceKind, type ResourceOf, resourceKey } from "../model/resource.ts";
import type { RuleAction } from "../model/rule-action.ts";
import { isReference, type Value } from "../model/value.ts";
import { type CertificateState, type ListenerState, type RuleState, valueName } from "./listener-state.ts";
import { type BackendName, givenOwner, type Owners, ownerOfTargets } from "./owner.ts";

/** What a state can't tell by itself. */
export interface StateOptions {
  /** Ingresses by resource key or ARN; for rules that aren't in it the target group's resource id is read. */
  readonly owners?: Owners;
  /** Host names of certificates, as facts have them; others are of unknown names. */
  readonly certificates?: readonly Pick<CertificateFact, "arn" | "domain" | "sans" | "keyAlgorithm">[];
}

/**
 * The listeners that a stack of the graph asks for, ascending port. `loadBalancerId` is the resource id of the load
 * balancer. Empty if there is no such stack. Listeners of other protocols than HTTP and HTTPS have no rules and are left out.
 */
export function listenerStateOfStack(
  graph: DesiredGraph,
  stackId: string,
  loadBalancerId = "LoadBalancer",
  options: StateOptions = {},
): readonly ListenerState[] {
  const stack = Object.hasOwn(graph.stacks, stackId) ? graph.stacks[stackId] : undefined;
  if (stack === undefined) return [];
  const loadBalancer = resourceKey("loadBalancer", loadBalancerId);
  const rules = rulesByListener(stack, options.owners);
  return resourcesOf(stack, "listener")
    .flatMap((listener): readonly ListenerState[] => {
      const { spec } = listener;
      const key = resourceKey("listener", listener.id);
      const { protocol } = spec;
      if (valueName(spec.loadBalancerArn) !== loadBalancer || protocol === "TCP") return [];
      const owner = targetOwner(stack, spec.defaultActions);
      return [
        {
          key,
          port: spec.port,
          protocol,
          defaultActions: spec.defaultActions,
          certificates: certificatesOf(stack, spec, options),
          rules: (rules.get(key) ?? []).sort((a, b) => a.priority - b.priority),
          ...(owner && { owner }),
        },
      ];
    })
    .sort((a, b) => a.port - b.port);
}

/** A certificate's state from a list of facts. */
export function certificateState(certificate: string, options: StateOptions): CertificateState {
  const fact = options.certificates?.find(({ arn }) => arn === certificate);
  if (fact === undefined) return { certificate };
  const names = [...new Set([fact.domain, ...fact.sans])];
  return { certificate, names, keyAlgorithm: fact.keyAlgorithm };
}

function rulesByListener(stack: Stack, owners: Owners | undefined): ReadonlyMap<string, RuleState[]> {
  const byListener = new Map<string, RuleState[]>();
  for (const { id, spec } of resourcesOf(stack, "listenerRule")) {
    const key = resourceKey("listenerRule", id);
    const owner = givenOwner(owners, key) ?? targetOwner(stack, spec.actions);
    const { priority, conditions, actions, transforms } = spec;
    const listener = valueName(spec.listenerArn);
    const list = byListener.get(listener) ?? [];
    list.push({ key, priority, conditions, actions, ...(transforms && { transforms }), ...(owner && { owner }) });
    byListener.set(listener, list);
  }
  return byListener;
}

function targetOwner(stack: Stack, actions: readonly RuleAction[]): RuleState["owner"] {
  return ownerOfTargets(actions, (targetGroup): BackendName | undefined => {
    if (!isReference(targetGroup) || !targetGroup.ref.startsWith("targetGroup/")) return undefined;
    const resourceId = targetGroup.ref.slice("targetGroup/".length);
    const binding = stack.resources[resourceKey("targetGroupBinding", resourceId)];
    const service = binding?.kind === "targetGroupBinding" ? binding.spec.serviceRef.name : undefined;
    return { resourceId, ...(service !== undefined && { service }) };
  });
}

function certificatesOf(
  stack: Stack,
  { certificates = [] }: ListenerSpec,
  options: StateOptions,
): readonly CertificateState[] {
  return certificates.map((value: Value) => {
    const certificate = valueName(value);
    const requested = isReference(value) ? stack.resources[value.ref] : undefined;
    if (requested?.kind !== "certificate") return certificateState(certificate, options);
    const { domainName, subjectAlternativeNames } = requested.spec;
    return { certificate, names: [...new Set([domainName, ...subjectAlternativeNames])] };
  });
}

function resourcesOf<K extends ResourceKind>(stack: Stack, kind: K): readonly ResourceOf<K>[] {
  return Object.keys(stack.resources)
    .sort(compareStrings)
    .flatMap((key) => {
      const resource = stack.resources[key];
      return resource?.kind === kind ? [resource as ResourceOf<K>] : [];
    });
}
