/** What decides about requests to one load balancer at one moment. */
import { compareStrings } from "../../lib/compare.ts";
import { stableJson } from "../../lib/stable-json.ts";
import type { Existing, Inventory, Target } from "../../model/inventory.ts";
import type { ListenerRuleSpec } from "../../model/listener-rule.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import type { ListenerState, RuleState } from "../../route/listener-state.ts";
import { type NameOf, outcomeOf } from "./outcome.ts";

/** A rule in force: which conditions it has and what it does, as texts. */
interface RuleInForce {
  readonly conditions: string;
  readonly outcome: string;
  /** Short for both. */
  readonly number: number;
  /** ARNs of the target groups that get a share of the traffic. */
  readonly targetGroups: readonly string[];
}

/** One listener. Two with the same signature serve every request alike. */
export interface PortConfiguration {
  readonly state: ListenerState;
  readonly rules: readonly RuleInForce[];
  readonly fallback: string;
  readonly signature: string;
  readonly certificates: readonly string[];
}

export interface Configuration {
  readonly ports: ReadonlyMap<number, PortConfiguration>;
  /** What may reach the load balancer: permissions of the stacks' own security groups, and others by id. */
  readonly openings: ReadonlySet<string>;
  /** What is registered in the target groups that serve, by name. */
  readonly serving: ReadonlyMap<string, ReadonlySet<string>>;
  /** Names of those that have targets of which none is known to be healthy. */
  readonly cold: ReadonlySet<string>;
}

/** What is known of rules already. */
export interface KnownRules {
  /** A rule that no action changed stays the same object. One map a run, for names differ. */
  readonly ofRun: WeakMap<object, RuleInForce>;
  /** The texts of conditions; a rule that only moves keeps them. One map for all runs. */
  readonly conditions: WeakMap<object, string>;
  /** The same of actions and what becomes of requests; one map a run. */
  readonly outcomes: WeakMap<object, string>;
  /** By conditions and outcome; one map for all runs. */
  readonly numbers: Map<string, number>;
  /** Names of the target groups that get a share, by outcome; one map for all runs. */
  readonly shares: Map<string, readonly string[]>;
  /** Targets that no action changed stay the same list. */
  readonly registered: WeakMap<object, ReadonlySet<string>>;
}

/** Reads the configuration of a load balancer from an account. */
export function configurationOf(
  inventory: Inventory,
  loadBalancerArn: string,
  nameOf: NameOf,
  known: KnownRules,
): Configuration {
  const listeners = Object.values(inventory.listeners).filter(
    ({ spec }) => spec.loadBalancerArn === loadBalancerArn && spec.protocol !== "TCP",
  );
  const rules = new Map(listeners.map(({ arn }) => [arn, [] as Existing<ListenerRuleSpec<string>>[]]));
  for (const rule of Object.values(inventory.listenerRules)) rules.get(rule.spec.listenerArn)?.push(rule);
  const ports = listeners.map(({ arn, spec }): [number, PortConfiguration] => {
    const sorted = (rules.get(arn) ?? []).sort((a, b) => a.spec.priority - b.spec.priority);
    const inForce = sorted.map(({ spec: rule }) => ruleInForce(rule, nameOf, known));
    const fallback = outcomeOf(spec.defaultActions, undefined, nameOf);
    known.shares.set(fallback, sharesOf(spec.defaultActions).map(nameOf));
    const { port, defaultActions } = spec;
    let states: readonly RuleState[] | undefined;
    const protocol = spec.protocol === "HTTPS" ? "HTTPS" : "HTTP";
    const signature = `${protocol} ${fallback} ${inForce.map(({ number }) => number).join()}`;
    return [
      port,
      {
        state: {
          key: arn,
          port,
          protocol,
          defaultActions,
          certificates: [],
          // Asked for of few of the many configurations.
          get rules() {
            states ??= sorted.map(({ arn: key, spec: rule }) => ({ key, ...rule }));
            return states;
          },
        },
        rules: inForce,
        fallback,
        signature,
        certificates: (spec.certificates ?? []).map(nameOf),
      },
    ];
  });
  const arns = new Set([
    ...listeners.flatMap(({ spec }) => sharesOf(spec.defaultActions)),
    ...ports.flatMap(([, port]) => port.rules.flatMap(({ targetGroups }) => targetGroups)),
  ]);
  return {
    ports: new Map(ports),
    openings: openingsOf(inventory, loadBalancerArn, nameOf),
    serving: new Map([...arns].map((arn) => [nameOf(arn), registeredIn(inventory.targets[arn], known)])),
    cold: new Set([...arns].filter((arn) => isCold(inventory.targets[arn])).map(nameOf)),
  };
}

/** Weight 0 serves nothing; a target group by itself serves everything. */
function sharesOf(actions: readonly RuleAction<string>[]): readonly string[] {
  return actions.flatMap((action) => {
    if (action.type !== "forward") return [];
    const { targetGroups } = action.forwardConfig;
    return targetGroups.flatMap(({ targetGroupArn, weight }) =>
      weight === 0 && targetGroups.length > 1 ? [] : [targetGroupArn],
    );
  });
}

/** A group without targets will never be warm. */
function isCold(targets: readonly Target[] = NO_TARGETS): boolean {
  const live = targets.filter(({ state }) => state !== "draining");
  return live.length > 0 && !live.some(({ state }) => state === "healthy" || state === "unavailable");
}

const NO_TARGETS: readonly Target[] = [];

function registeredIn(targets: readonly Target[] = NO_TARGETS, { registered }: KnownRules): ReadonlySet<string> {
  const found = registered.get(targets);
  if (found !== undefined) return found;
  const live = targets.filter(({ state }) => state !== "draining").map(({ id, port }) => `${id}:${port}`);
  const made = new Set(live);
  registered.set(targets, made);
  return made;
}

function ruleInForce(
  rule: ListenerRuleSpec<string>,
  nameOf: NameOf,
  { ofRun, conditions: texts, outcomes, numbers, shares }: KnownRules,
): RuleInForce {
  const known = ofRun.get(rule);
  if (known !== undefined) return known;
  const { actions, transforms } = rule;
  const outcome =
    transforms === undefined
      ? remembered(outcomes, actions, () => outcomeOf(actions, undefined, nameOf))
      : outcomeOf(actions, transforms, nameOf);
  const conditions = remembered(texts, rule.conditions, () => stableJson(rule.conditions));
  const key = `${conditions}\n${outcome}`;
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  const targetGroups = sharesOf(rule.actions);
  shares.set(outcome, targetGroups.map(nameOf));
  const made = { conditions, outcome, number, targetGroups };
  ofRun.set(rule, made);
  return made;
}

function remembered(texts: WeakMap<object, string>, key: object, make: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const made = make();
  texts.set(key, made);
  return made;
}

function openingsOf(inventory: Inventory, loadBalancerArn: string, nameOf: NameOf): ReadonlySet<string> {
  const groups = inventory.loadBalancers[loadBalancerArn]?.spec.securityGroups ?? [];
  const openings = groups.flatMap((id) => {
    const group = Object.hasOwn(inventory.securityGroups, id) ? inventory.securityGroups[id] : undefined;
    if (group === undefined) return [`all that ${id} lets in`];
    return group.spec.ingress.map(({ protocol, fromPort, toPort, source }) => {
      const from = Object.entries(source).map(([kind, value]) => `${kind} ${nameOf(String(value))}`);
      return `${protocol} ${fromPort}-${toPort} from ${from.join()}`;
    });
  });
  return new Set(openings.sort(compareStrings));
}
