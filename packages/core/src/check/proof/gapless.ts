/**
 * The guarantee "gapless": in every configuration between the old and the new one, each witness request is served as in
 * the one or as in the other. Also certificates, targets and permissions: at any moment all of the old ones are there, or
 * all of the new ones.
 */
import { compareStrings } from "../../lib/compare.ts";
import type { Action } from "../../model/action.ts";
import type { Account } from "../../model/inventory.ts";
import { UNKNOWN_REGEX } from "../../route/regex-engine.ts";
import type { Request } from "../../route/request.ts";
import type { RouteOptions } from "../../route/route.ts";
import { type Configuration, configurationOf, type KnownRules, type PortConfiguration } from "./configuration.ts";
import type { Counterexample } from "./plan-check.ts";
import { redirectFollower } from "./redirect-follower.ts";
import type { Run } from "./run.ts";
import { type PortWitnesses, portWitnesses } from "./served.ts";
import { coldGroups, coldMove } from "./warm.ts";

export interface GaplessResult {
  readonly counterexamples: readonly Counterexample[];
  readonly witnesses: number;
  readonly sampled: readonly string[];
  readonly cutShort: readonly string[];
}

/** Where a configuration was seen: after which step of which run. */
interface Place {
  readonly run: Run;
  /** 0: before the first action. */
  readonly step: number;
  readonly configuration: Configuration;
}

/**
 * Checks one load balancer that exists at the start. `atMost`: counterexamples to look for, of each guarantee. With
 * `warm` the same requests are asked whether they are led to targets of which none is known to be healthy.
 */
export function gapsOf(
  loadBalancerArn: string,
  stack: string,
  runs: readonly Run[],
  atMost: number,
  { regex = UNKNOWN_REGEX, warm = false }: RouteOptions & { readonly warm?: boolean },
): GaplessResult {
  const known = {
    numbers: new Map<string, number>(),
    shares: new Map<string, readonly string[]>(),
    conditions: new WeakMap<object, string>(),
  };
  const places = runs.flatMap((run) => placesOf(run, loadBalancerArn, stack, known));
  const before = places[0]?.configuration;
  const [first] = runs;
  const lastOfFirst = places.filter(({ run }) => run === first).at(-1);
  const none = { counterexamples: [], witnesses: 0, sampled: [], cutShort: [] };
  if (before === undefined || lastOfFirst === undefined) return none;
  const after = lastOfFirst.configuration;

  const counterexamples: Counterexample[] = [];
  const isEnough = (guarantee: Counterexample["guarantee"]): boolean =>
    counterexamples.filter((one) => one.guarantee === guarantee).length >= atMost;
  const found = (
    guarantee: Counterexample["guarantee"],
    place: Place,
    message: string,
    more: Partial<Counterexample> = {},
  ): void => {
    if (isEnough(guarantee)) return;
    const { run, step } = place;
    const action = run.steps[step - 1]?.action;
    counterexamples.push({
      guarantee,
      stack,
      step,
      ...(action === undefined ? {} : { action: action.id }),
      interleaving: run.interleaving,
      message,
      ...more,
    });
  };

  for (const place of places) {
    for (const lack of lacks(before, place.configuration, after)) found("gapless", place, lack);
  }

  const ports = [...new Set(places.flatMap(({ configuration }) => [...configuration.ports.keys()]))].sort(
    (a, b) => a - b,
  );
  const follower = redirectFollower(before, after, regex);
  const checked = ports.flatMap((port) => {
    const configurations = places.flatMap(({ configuration }) => configuration.ports.get(port) ?? []);
    const stays = places.every(
      ({ configuration }) => configuration.ports.get(port)?.signature === before.ports.get(port)?.signature,
    );
    return stays ? [] : [{ port, witnesses: portWitnesses(configurations, { regex }) }];
  });
  for (const { port, witnesses } of checked) {
    const seen = new Set<string>();
    for (const place of places) {
      const now = place.configuration.ports.get(port);
      const cold = warm ? [...coldGroups(before, place.configuration)].sort().join() : "";
      const key = `${now?.signature} ${follower.signatureOf(place.configuration)} ${cold}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (cold !== "" && !isEnough("warm")) {
        const outcomes = { sharesOf: (outcome: string) => known.shares.get(outcome) ?? [], reached: follower.reached };
        const moved = coldMove(witnesses, port, [before, after], place.configuration, outcomes);
        if (moved !== undefined) {
          const { request, targetGroup, ...served } = moved;
          const message = `${request.method} ${request.scheme}://${request.host}:${request.port}${request.path} is led to ${targetGroup}, none of whose targets is known to be healthy.`;
          found("warm", place, message, { request, ...served });
        }
      }
      if (isEnough("gapless")) continue;
      const gap = gapIn(witnesses, before.ports.get(port), now, after.ports.get(port), (request, outcome) =>
        follower.isBroken(place.configuration, request, outcome),
      );
      if (gap === undefined) continue;
      const { request, ...served } = gap;
      const message = `${request.method} ${request.scheme}://${request.host}:${request.port}${request.path} is served neither as before nor as after.`;
      found("gapless", place, message, { request, ...served });
    }
  }
  return {
    counterexamples,
    witnesses: checked.reduce((count, { witnesses }) => count + witnesses.requests.length, 0),
    sampled: [...new Set(checked.flatMap(({ witnesses }) => witnesses.sampled))].sort(compareStrings),
    cutShort: checked.flatMap(({ witnesses }) => witnesses.cutShort),
  };
}

/** Actions of other stacks don't change a load balancer, unless they change a security group that it has too. */
function placesOf(
  run: Run,
  loadBalancerArn: string,
  stack: string,
  shared: Pick<KnownRules, "numbers" | "shares" | "conditions">,
): readonly Place[] {
  const known: KnownRules = { ofRun: new WeakMap(), outcomes: new WeakMap(), registered: new WeakMap(), ...shared };
  const read = (account: Account): Configuration => configurationOf(account, loadBalancerArn, run.nameOf, known);
  const places: Place[] = [{ run, step: 0, configuration: read(run.start) }];
  for (const [index, { action, account }] of run.steps.entries()) {
    if (concerns(action, stack)) places.push({ run, step: index + 1, configuration: read(account) });
  }
  return places;
}

function concerns({ kind, stack }: Action, own: string): boolean {
  return stack === own || kind.includes("SecurityGroup");
}

/** Certificates, targets and permissions of which neither all old nor all new ones are there. */
function* lacks(before: Configuration, now: Configuration, after: Configuration): Generator<string> {
  const hasAll = (has: ReadonlySet<string>, wanted: Iterable<string>): boolean =>
    [...wanted].every((one) => has.has(one));
  const missing = (has: ReadonlySet<string>, wanted: Iterable<string>): string =>
    [...wanted].filter((one) => !has.has(one)).join(", ");
  for (const [port, { certificates, state }] of now.ports) {
    const old = before.ports.get(port);
    const next = after.ports.get(port);
    if (old === undefined || next === undefined || state.protocol !== "HTTPS") continue;
    if (old.state.protocol !== "HTTPS" || next.state.protocol !== "HTTPS") continue;
    const has = new Set(certificates);
    if (!hasAll(has, old.certificates) && !hasAll(has, next.certificates)) {
      yield `Port ${port} has neither all certificates of before (it lacks ${missing(has, old.certificates)}) nor all of after (it lacks ${missing(has, next.certificates)}).`;
    }
    const [first = ""] = certificates;
    if (first !== old.certificates[0] && first !== next.certificates[0]) {
      yield `The default certificate of port ${port} is ${first}, which it was neither before nor will be after.`;
    }
  }
  for (const [targetGroup, has] of now.serving) {
    const old = before.serving.get(targetGroup);
    const next = after.serving.get(targetGroup);
    if ([old, next].some((wanted) => wanted !== undefined && hasAll(has, wanted))) continue;
    const lack = missing(has, next ?? old ?? []);
    if (lack !== "") yield `Target group ${targetGroup} serves without all of its targets: it lacks ${lack}.`;
  }
  // A load balancer that goes is no longer open to anybody.
  if (after.ports.size === 0 && after.openings.size === 0) return;
  if (!hasAll(now.openings, before.openings) && !hasAll(now.openings, after.openings)) {
    yield `The load balancer is open neither to all of before (it lacks ${missing(now.openings, before.openings)}) nor to all of after (it lacks ${missing(now.openings, after.openings)}).`;
  }
}

interface Gap {
  readonly request: Request;
  readonly before: string;
  readonly now: string;
  readonly after: string;
}

function gapIn(
  witnesses: PortWitnesses,
  before: PortConfiguration | undefined,
  now: PortConfiguration | undefined,
  after: PortConfiguration | undefined,
  isBroken: (request: Request, outcome: string) => boolean,
): Gap | undefined {
  // Nobody is sent to a new port, or speaks a new protocol, before it is complete: following redirects makes sure of it.
  if (before === undefined || (after !== undefined && before.state.protocol !== after.state.protocol)) return undefined;
  const old = witnesses.served(before);
  const next = witnesses.served(after);
  const current = witnesses.served(now);
  for (const [index, request] of witnesses.requests.entries()) {
    const outcome = current[index] ?? "";
    const gap = { request, before: old[index] ?? "", now: outcome, after: next[index] ?? "" };
    if (outcome !== gap.before && outcome !== gap.after) return gap;
    if (isBroken(request, outcome)) return { ...gap, now: `${outcome}, to where it isn't served so` };
  }
  return undefined;
}
