/** What serves each witness request of one port, by bit operations only. */
import { bitSet, bitsOf, difference, intersection } from "../../lib/bit-set.ts";
import type { ListenerState, RuleState } from "../../route/listener-state.ts";
import { matchMatrix } from "../../route/match-matrix.ts";
import type { Request } from "../../route/request.ts";
import type { RouteOptions } from "../../route/route.ts";
import { witnesses } from "../../route/witness/witnesses.ts";
import type { PortConfiguration } from "./configuration.ts";

export interface PortWitnesses {
  readonly requests: readonly Request[];
  readonly sampled: readonly string[];
  readonly cutShort: readonly string[];
  /** The outcome of each request; `refused` where nothing listens. */
  readonly served: (configuration: PortConfiguration | undefined) => readonly string[];
}

/** Finds the witnesses of all configurations of a port and tests them on every rule once. */
export function portWitnesses(configurations: readonly PortConfiguration[], options: RouteOptions): PortWitnesses {
  const rules = new Map<string, RuleState>();
  const protocols = new Map<string, ListenerState>();
  for (const { state, rules: inForce } of configurations) {
    if (!protocols.has(state.protocol)) protocols.set(state.protocol, state);
    for (const [index, { conditions }] of inForce.entries()) {
      const rule = rules.has(conditions) ? undefined : state.rules[index];
      if (rule !== undefined) rules.set(conditions, rule);
    }
  }
  const all = [...rules.values()];
  const states = [...protocols.values()].map((state) => [{ ...state, rules: all }]);
  const { requests, sampled, bounded } = witnesses(states, options);
  const matrix = matchMatrix(all, requests, options);
  const byConditions = new Map([...rules.keys()].map((conditions, index) => [conditions, matrix.byRule[index] ?? []]));
  const secure = bitSet(requests.length, (index) => requests[index]?.scheme === "https");
  const plain = bitSet(requests.length, (index) => requests[index]?.scheme !== "https");
  const known = new Map<string, readonly string[]>();

  const serve = ({ state, rules: inForce, fallback }: PortConfiguration): readonly string[] => {
    const outcomes = new Array<string>(requests.length).fill("wrong protocol");
    let left = state.protocol === "HTTPS" ? secure : plain;
    for (const { conditions, outcome } of inForce) {
      const matching = intersection(left, byConditions.get(conditions) ?? []);
      for (const index of bitsOf(matching)) outcomes[index] = outcome;
      left = difference(left, matching);
    }
    for (const index of bitsOf(left)) outcomes[index] = fallback;
    return outcomes;
  };
  const refused = new Array<string>(requests.length).fill("refused");
  return {
    requests,
    sampled,
    cutShort: bounded,
    served: (configuration) => {
      if (configuration === undefined) return refused;
      const found = known.get(configuration.signature) ?? serve(configuration);
      known.set(configuration.signature, found);
      return found;
    },
  };
}
