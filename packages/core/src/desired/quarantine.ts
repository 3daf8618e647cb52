/** `onBrokenMember: "quarantine"`: a group is built without its broken members, whose last good state stays. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { Stack } from "../model/graph.ts";
import type { Inventory } from "../model/inventory.ts";
import type { Source } from "../model/source.ts";
import { type Member, refOf } from "../read/member.ts";
import type { BuildContext } from "../resolve/context.ts";
import { type ExistingStack, existingStack } from "../resolve/existing-stack.ts";
import { type Group, inGroupOrder } from "../resolve/groups.ts";
import { type Standing, standingOf } from "../resolve/standing.ts";
import { type Kept, keepState } from "./kept.ts";
import { ruleName } from "./kept-rules.ts";
import type { LastGood } from "./quarantined-group.ts";
import { type BuiltStack, buildStack, type Fault } from "./stack.ts";

interface Outcome {
  readonly stack: Stack;
  readonly diagnostics: readonly Diagnostic[];
}

/** Errors for which the later of two members is to blame, and nobody if the earlier one goes. */
const CONFLICTS: ReadonlySet<string> = new Set(["group.conflict", "listener.two-default-backends"]);

/**
 * Builds a group, if need be without the members that its errors blame. Their errors are told once; a warning each says
 * what stays. A group fails as a whole when an error blames no member, when no member is left, or when the load
 * balancer would be replaced.
 */
export function buildStackWithQuarantine(build: BuildContext, group: Group, last: LastGood): Outcome {
  const whole = buildStack(build, group);
  if (whole.faults.length === 0) return whole;
  const { inventory } = last;
  const { settings, facts } = build;
  const existing = inventory && existingStack(inventory, settings.clusterName, facts.vpc.id, group.id);
  const stands = inventory && existing && standing(build, inventory, existing);
  const separated = separate(build, group, whole, stands);
  if (separated === undefined) return whole;

  const { quarantined, said } = separated;
  const recorder = newRecorder(build, group);
  const healthy = buildStack(recorder.build, without(group, quarantined), stands);
  const members = inGroupOrder([...group.members, ...group.unreadable]);
  const kept = keepState({
    build,
    group,
    members,
    quarantined,
    stack: healthy.stack,
    last,
    existing,
    memberOf: (place) => recorder.memberOf(place, members),
  });
  if ("refused" in kept) {
    const names = [...quarantined].map(({ key }) => key).join(", ");
    const message = `group ${group.id} can't be planned without its broken members (${names}): ${kept.refused}`;
    return {
      ...whole,
      diagnostics: [...whole.diagnostics, diagnose("group.quarantine-refused", message, { stack: group.id })],
    };
  }
  recorder.flush(kept.movedTo);
  for (const { place, member } of kept.places)
    build.trace?.(group.id, place, { object: refOf(member.ingress), field: "" });
  return {
    stack: {
      ...kept.stack,
      members: members.map(({ key }) => key),
      quarantined: members.filter((member) => quarantined.has(member)).map(({ key }) => key),
    },
    diagnostics: once([
      ...said,
      ...healthy.diagnostics,
      ...members.filter((member) => quarantined.has(member)).map((member) => quarantineWarning(group, member, kept)),
    ]),
  };
}

interface Separated {
  readonly quarantined: ReadonlySet<Member>;
  /** What there is to say about them. */
  readonly said: readonly Diagnostic[];
}

/** Takes out the members that are to blame until the rest builds; undefined if it never does. */
function separate(
  { trace: _trace, ...build }: BuildContext,
  group: Group,
  whole: BuiltStack,
  stands: Standing | undefined,
): Separated | undefined {
  const quarantined = new Set<Member>();
  const said: Diagnostic[] = [];
  for (let attempt = whole; attempt.faults.length > 0; ) {
    const guilty = nextToLeave(attempt.faults, group);
    if (guilty.size === 0) return undefined;
    for (const member of guilty) quarantined.add(member);
    said.push(...aboutThem(attempt, guilty, group));
    const rest = without(group, quarantined);
    if (rest.members.length === 0) return undefined;
    attempt = buildStack(build, rest, stands);
  }
  return { quarantined, said };
}

/** All that are broken by themselves; if there are none, the first whose wishes go against those of an earlier member. */
function nextToLeave(faults: readonly Fault[], { members }: Group): ReadonlySet<Member> {
  const blamed = (wanted: boolean): readonly Member[] =>
    faults.flatMap(({ diagnostic, blamed: some }) => (CONFLICTS.has(diagnostic.code) === wanted ? [...some] : []));
  const broken = blamed(false);
  if (broken.length > 0) return new Set(broken);
  const conflicting = new Set(blamed(true));
  return new Set(members.filter((member) => conflicting.has(member)).slice(0, 1));
}

function without(group: Group, quarantined: ReadonlySet<Member>): Group {
  const names = new Set([...quarantined].map(({ key }) => key));
  const isTheirs = ({ object }: Diagnostic): boolean =>
    object?.kind === "Ingress" && names.has(`${object.namespace}/${object.name}`);
  return {
    ...group,
    members: group.members.filter((member) => !quarantined.has(member)),
    unreadable: group.unreadable.filter((member) => !quarantined.has(member)),
    loadErrors: group.loadErrors.filter((error) => !isTheirs(error)),
  };
}

/** An error of the class was told already where groups are made. */
function aboutThem(
  { diagnostics, faults }: BuiltStack,
  guilty: ReadonlySet<Member>,
  { unreadable }: Group,
): readonly Diagnostic[] {
  const names = new Set([...guilty].map(({ key }) => key));
  const told = new Set(unreadable.map(({ key }) => key));
  const errors = new Set(
    faults.flatMap(({ diagnostic, blamed }) => ([...blamed].some((member) => guilty.has(member)) ? [diagnostic] : [])),
  );
  return diagnostics.filter((diagnostic) => {
    const { object, severity } = diagnostic;
    const key = object?.kind === "Ingress" ? `${object.namespace}/${object.name}` : "";
    if (told.has(key)) return false;
    return severity === "error" ? errors.has(diagnostic) : names.has(key);
  });
}

function standing(build: BuildContext, inventory: Inventory, existing: ExistingStack): Standing | undefined {
  const { settings, facts } = build;
  const shared = facts.securityGroups.filter(({ tags }) => tags["elbv2.k8s.aws/resource"] === "backend-sg");
  const backend = [settings.backendSecurityGroup, ...shared.map(({ id }) => id)].filter((id) => id !== "");
  return standingOf(inventory, settings.clusterName, existing, backend);
}

function quarantineWarning({ id }: Group, member: Member, { rules, targetGroups, listeners }: Kept): Diagnostic {
  const own = rules.filter((rule) => rule.member === member);
  const list = (explained: boolean): readonly string[] =>
    own.filter((rule) => rule.explained === explained).map(({ port, spec }) => ruleName(port, spec));
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
  const known = list(true);
  const unexplained = list(false);
  const ports = listeners.filter((listener) => listener.member === member).map(({ port }) => port);
  const groups = targetGroups.filter((group) => group.member === member).length;
  const parts = [
    `${count(known.length, "rule")}${known.length > 0 ? ` (${known.join("; ")})` : ""}`,
    ...(unexplained.length > 0
      ? [`${count(unexplained.length, "rule")} that nothing explains (${unexplained.join("; ")})`]
      : []),
    ...(groups > 0 ? [count(groups, "target group")] : []),
    ...(ports.length > 0 ? [`the listener${ports.length === 1 ? "" : "s"} on ${ports.join(", ")}`] : []),
  ];
  return diagnose(
    "group.quarantined",
    `Ingress ${member.key} is broken: group ${id} is planned without it. What stays of it: ${parts.join(", ")}.`,
    { object: refOf(member.ingress), stack: id },
  );
}

/** The same thing may be wrong in every attempt. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byIdentity = new Map(
    diagnostics.map((diagnostic) => [
      JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.field]),
      diagnostic,
    ]),
  );
  return [...byIdentity.values()];
}

interface Recorder {
  readonly build: BuildContext;
  /** The member that a resource comes from. */
  readonly memberOf: (resource: string, members: readonly Member[]) => Member | undefined;
  /** Hands on what was taken down, if provenance was asked for; undefined leaves it out. */
  readonly flush: (movedTo: (resource: string) => string | undefined) => void;
}

/** Takes down where values come from: it tells whose each rule is, and rules get other numbers afterwards. */
function newRecorder(build: BuildContext, { id }: Group): Recorder {
  const sources = new Map<string, Source>();
  return {
    build: { ...build, trace: (_stack, place, source) => sources.set(place, source) },
    memberOf: (resource, members) => {
      const object = sources.get(`${resource}#`)?.object;
      return members.find(({ key }) => object !== undefined && key === `${object.namespace}/${object.name}`);
    },
    flush: (movedTo) => {
      for (const [place, source] of sources) {
        const hash = place.indexOf("#");
        const resource = movedTo(place.slice(0, hash));
        if (resource !== undefined) build.trace?.(id, resource + place.slice(hash), source);
      }
    },
  };
}
