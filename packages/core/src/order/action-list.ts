/** Collects the actions of a plan and brings them into an order in which each comes after what it depends on. */
import type { Action, ActionDetails, ActionKind, Disruption } from "../model/action.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import { isReference, STRING_MAP_FIELDS } from "../model/value.ts";

/** Where a change comes from: the source of a field of a resource, or of the whole resource for the empty path. */
export type SourceLookup = (stack: string, resource: ResourceKey, path: string) => Source | undefined;

export interface NewAction<K extends ActionKind> {
  readonly kind: K;
  readonly stack: string;
  readonly resource: ResourceKey;
  readonly details: ActionDetails[K];
  readonly reason: string;
  /** JSON pointer of the field that causes it; the whole resource if absent. */
  readonly field?: string;
  readonly disruption?: Disruption;
  /** Ids of actions that must be done before. What the details refer to needs no mention. */
  readonly after?: readonly string[];
  /** ARNs, ids or names that must have been let go of before (see `release`), by whomever and wherever in the plan. */
  readonly afterRelease?: readonly string[];
  /** Tells actions of one kind on one resource apart. */
  readonly part?: string;
}

export interface ActionList {
  /** Adds an action and returns its id. */
  readonly add: <K extends ActionKind>(action: NewAction<K>) => string;
  /** Says that an action must wait for others; those that the plan doesn't hold don't count. */
  readonly wait: (id: string, after: readonly string[]) => void;
  /** Says that a resource carries no traffic before this action, beside the one that creates it. */
  readonly prepare: (stack: string, resource: ResourceKey, id: string) => void;
  /** The same of something that exists, named by ARN or id. */
  readonly prepareExisting: (arn: string, id: string) => void;
  /** Says that an action lets go of something that exists, named by ARN or id. */
  readonly release: (arn: string, id: string) => void;
  /** Ids of the actions so far that put to use what has this ARN. */
  readonly usersOf: (arn: string) => readonly string[];
  /**
   * All actions in the order in which they were added, but each after those it depends on.
   * Throws if they depend on one another in a circle, which would be a bug.
   */
  readonly finish: () => readonly Action[];
}

/** The id of an action: unique in the plan, the same in every plan. */
export function actionId(stack: string, resource: ResourceKey, kind: ActionKind, part?: string): string {
  return [stack, resource, kind, ...(part === undefined ? [] : [part])].join(" ");
}

interface Draft {
  readonly action: Omit<Action, "dependsOn">;
  readonly after: Set<string>;
  readonly afterRelease: readonly string[];
  /** What else it waits for, unless that waits for it: two stacks may each hold what the other one asks for. */
  readonly ifPossible: string[];
}

/** Actions that put what they name to use. */
const USES: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "setSecurityGroups",
  "createListener",
  "modifyListener",
  "addListenerCertificates",
  "createRule",
  "modifyRule",
]);

/** Kinds that make something new and change nothing that exists. */
export const CREATIONS: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "createSecurityGroup",
  "requestCertificate",
  "createTargetGroup",
  "createLoadBalancer",
  "createListener",
  "createRule",
  "createTargetGroupBinding",
]);

/**
 * An empty list. `isHeldElsewhere` tells of an ARN whether a load balancer that isn't the stack's has it: then whoever
 * puts it to use waits until it is let go of, for a target group serves one load balancer.
 */
export function createActionList(
  sourceOf: SourceLookup,
  isHeldElsewhere: (stack: string, arn: string) => boolean,
): ActionList {
  const drafts = new Map<string, Draft>();
  const producers = new Map<string, string[]>();
  const preparations = new Map<string, string[]>();
  const releases = new Map<string, string[]>();
  const append = (map: Map<string, string[]>, key: string, id: string): void => {
    const ids = map.get(key);
    if (ids === undefined) map.set(key, [id]);
    else ids.push(id);
  };
  return {
    add: ({ kind, stack, resource, details, reason, field = "", disruption = "none", part, ...waits }) => {
      const id = actionId(stack, resource, kind, part);
      // What goes has no cause in the input; whatever has its id now is another thing.
      const source = kind.startsWith("delete") ? undefined : sourceOf(stack, resource, field);
      const action = { id, kind, stack, resource, details, reason, ...(source && { source }), disruption };
      if (drafts.has(id)) throw new Error(`two actions with the id ${id}`);
      const { after = [], afterRelease = [] } = waits;
      drafts.set(id, {
        action: action as Omit<Action, "dependsOn">,
        after: new Set(after),
        afterRelease,
        ifPossible: [],
      });
      if (CREATIONS.has(kind)) append(producers, `${stack} ${resource}`, id);
      return id;
    },
    wait: (id, after) => {
      for (const other of after) drafts.get(id)?.after.add(other);
    },
    prepare: (stack, resource, id) => append(preparations, `${stack} ${resource}`, id),
    prepareExisting: (arn, id) => append(preparations, arn, id),
    release: (arn, id) => append(releases, arn, id),
    usersOf: (arn) =>
      [...drafts].flatMap(([id, { action }]) => (USES.has(action.kind) && mentions(action.details, arn) ? [id] : [])),
    finish: () => {
      for (const [id, { action, after, afterRelease, ifPossible }] of drafts) {
        const isUse = USES.has(action.kind);
        const { references, texts } = namesIn(action.details, action.stack);
        const others = [
          ...afterRelease.flatMap((name) => releases.get(name) ?? []),
          ...references.flatMap((key) => [
            ...(producers.get(key) ?? []),
            ...(isUse ? (preparations.get(key) ?? []) : []),
          ]),
        ];
        for (const other of others) if (other !== id) after.add(other);
        if (!isUse) continue;
        for (const text of texts) for (const other of preparations.get(text) ?? []) after.add(other);
        const held = texts.filter((text) => isHeldElsewhere(action.stack, text));
        ifPossible.push(...held.flatMap((arn) => releases.get(arn) ?? []).filter((other) => other !== id));
      }
      return sorted(drafts);
    },
  };
}

/** What the details refer to, as `<stack> <resource key>`, and all texts that may be ARNs or ids. */
function namesIn(
  details: object,
  stack: string,
): { readonly references: readonly string[]; readonly texts: readonly string[] } {
  const references: string[] = [];
  const texts: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === "string") {
      if (value.startsWith("arn:") || value.startsWith("sg-")) texts.push(value);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value)) value.forEach(walk);
    else if (isReference(value)) references.push(`${value.stack ?? stack} ${value.ref}`);
    else {
      for (const key of Object.keys(value)) {
        if (!STRING_MAP_FIELDS.has(key)) walk((value as { readonly [field: string]: unknown })[key]);
      }
    }
  };
  walk(details);
  return { references, texts };
}

function mentions(value: unknown, text: string): boolean {
  if (typeof value !== "object" || value === null) return value === text;
  return Object.values(value).some((item) => mentions(item, text));
}

/** Goes through the actions in the order added and draws forward what each depends on. */
function sorted(drafts: ReadonlyMap<string, Draft>): readonly Action[] {
  const done = new Set<string>();
  const open = new Set<string>();
  const actions: Action[] = [];
  const visit = (id: string, draft: Draft): void => {
    if (done.has(id)) return;
    if (open.has(id)) throw new Error(`actions depend on one another in a circle: ${[...open, id].join(" → ")}`);
    open.add(id);
    const after = new Set<string>();
    const draw = (other: string): void => {
      const before = drafts.get(other);
      if (before === undefined) return;
      after.add(other);
      visit(other, before);
    };
    for (const other of draft.after) draw(other);
    for (const other of draft.ifPossible) if (!open.has(other)) draw(other);
    open.delete(id);
    done.add(id);
    const position = (other: string): number => places.get(other) ?? 0;
    places.set(id, actions.length);
    actions.push({ ...draft.action, dependsOn: [...after].sort((a, b) => position(a) - position(b)) } as Action);
  };
  const places = new Map<string, number>();
  for (const [id, draft] of drafts) visit(id, draft);
  return actions;
}
