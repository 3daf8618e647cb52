/**
 * The guarantee "warm": no request that healthy targets answered before the plan is led to a target group of which no
 * target is known to be healthy.
 */
import type { Request } from "../../route/request.ts";
import type { Configuration, PortConfiguration } from "./configuration.ts";
import type { PortWitnesses } from "./served.ts";

/** A request that is led to a cold group. */
export interface ColdMove {
  readonly request: Request;
  readonly before: string;
  readonly now: string;
  readonly targetGroup: string;
}

/** Answers about outcomes. */
export interface Outcomes {
  /** Names of the target groups that get a share of what an outcome serves. */
  readonly sharesOf: (outcome: string) => readonly string[];
  /** What serves a request in the end: where a redirect leads, else the outcome itself. */
  readonly reached: (configuration: Configuration, request: Request, outcome: string) => string;
}

/**
 * Names of the groups that traffic mustn't move to now. One that had traffic and healthy targets before the plan isn't
 * new to it; one that had none of these may have been named by an earlier run, which stopped before it had waited.
 */
export function coldGroups(before: Configuration, now: Configuration): ReadonlySet<string> {
  return new Set([...now.cold].filter((name) => !before.serving.has(name) || before.cold.has(name)));
}

/** The first request to a port that is led to a cold group. Ports that are new or change their protocol have no old traffic. */
export function coldMove(
  witnesses: PortWitnesses,
  port: number,
  [before, after]: readonly [Configuration, Configuration],
  now: Configuration,
  { sharesOf, reached }: Outcomes,
): ColdMove | undefined {
  const cold = coldGroups(before, now);
  const [first, last] = [before.ports.get(port), after.ports.get(port)];
  if (cold.size === 0 || first === undefined || changesProtocol(first, last)) return undefined;
  const old = witnesses.served(first);
  const current = witnesses.served(now.ports.get(port));
  for (const [index, request] of witnesses.requests.entries()) {
    const [served = "", outcome = ""] = [old[index], current[index]];
    const had = sharesOf(served);
    if (outcome === served || had.every((name) => before.cold.has(name))) continue;
    const targetGroup = sharesOf(reached(now, request, outcome)).find((name) => cold.has(name) && !had.includes(name));
    if (targetGroup !== undefined) return { request, before: served, now: outcome, targetGroup };
  }
  return undefined;
}

function changesProtocol(before: PortConfiguration, after: PortConfiguration | undefined): boolean {
  return after !== undefined && before.state.protocol !== after.state.protocol;
}
