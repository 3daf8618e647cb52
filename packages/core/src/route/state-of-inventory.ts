import { compareStrings } from "../lib/compare.ts";
import type { Existing, Inventory } from "../model/inventory.ts";
import type { ListenerRuleSpec } from "../model/listener-rule.ts";
import type { CertificateState, ListenerState, RuleState } from "./listener-state.ts";
import { valueName } from "./listener-state.ts";
import { type BackendName, givenOwner, ownerOfTargets } from "./owner.ts";
import { certificateState, type StateOptions } from "./state-of-stack.ts";

/** The tag in which LBC keeps a resource's id. */
const RESOURCE_TAG = "ingress.k8s.aws/resource";

/**
 * The listeners that exist at a load balancer, ascending port; empty if there is no such load balancer. Listeners of
 * other protocols than HTTP and HTTPS have no rules and are left out.
 */
export function listenerStateOfInventory(
  inventory: Inventory,
  loadBalancerArn: string,
  options: StateOptions = {},
): readonly ListenerState[] {
  const backendOf = backendNames(inventory);
  const rules = new Map<string, RuleState[]>();
  for (const { arn, spec } of existing(inventory.listenerRules)) {
    const list = rules.get(spec.listenerArn);
    const state = ruleState(arn, spec, options, backendOf);
    if (list === undefined) rules.set(spec.listenerArn, [state]);
    else list.push(state);
  }
  return existing(inventory.listeners)
    .flatMap(({ arn, spec }): readonly ListenerState[] => {
      const { port, protocol, defaultActions } = spec;
      if (spec.loadBalancerArn !== loadBalancerArn || protocol === "TCP") return [];
      const owner = ownerOfTargets(defaultActions, backendOf);
      return [
        {
          key: arn,
          port,
          protocol,
          defaultActions,
          certificates: (spec.certificates ?? []).map((certificate) =>
            existingCertificate(inventory, certificate, options),
          ),
          rules: (rules.get(arn) ?? []).sort((a, b) => a.priority - b.priority),
          ...(owner && { owner }),
        },
      ];
    })
    .sort((a, b) => a.port - b.port);
}

type BackendOf = Parameters<typeof ownerOfTargets>[1];

function ruleState(
  arn: string,
  { priority, conditions, actions, transforms }: ListenerRuleSpec<string>,
  { owners }: StateOptions,
  backendOf: BackendOf,
): RuleState {
  const owner = givenOwner(owners, arn) ?? ownerOfTargets(actions, backendOf);
  return { key: arn, priority, conditions, actions, ...(transforms && { transforms }), ...(owner && { owner }) };
}

function backendNames(inventory: Inventory): BackendOf {
  const services = new Map(
    Object.values(inventory.targetGroupBindings).map(({ spec }) => [spec.targetGroupArn, spec.serviceRef.name]),
  );
  return (value): BackendName | undefined => {
    const arn = valueName(value);
    const group = Object.hasOwn(inventory.targetGroups, arn) ? inventory.targetGroups[arn] : undefined;
    const resourceId = group?.spec.tags?.[RESOURCE_TAG];
    if (resourceId === undefined) return undefined;
    const service = services.get(arn);
    const groupName = group?.spec.name;
    return {
      resourceId,
      ...(service !== undefined && { service }),
      ...(typeof groupName === "string" && { groupName }),
    };
  };
}

function existingCertificate(inventory: Inventory, arn: string, options: StateOptions): CertificateState {
  const given = certificateState(arn, options);
  const found = Object.hasOwn(inventory.certificates, arn) ? inventory.certificates[arn] : undefined;
  if (given.names !== undefined || found === undefined) return given;
  const { domainName, subjectAlternativeNames, keyAlgorithm } = found.spec;
  const names = [...new Set([domainName, ...subjectAlternativeNames])];
  return { certificate: arn, names, ...(keyAlgorithm !== undefined && { keyAlgorithm }) };
}

function existing<S>(records: { readonly [arn: string]: Existing<S> }): readonly Existing<S>[] {
  return Object.keys(records)
    .sort(compareStrings)
    .flatMap((arn) => records[arn] ?? []);
}
