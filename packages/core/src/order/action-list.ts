/** Collects the actions of a plan and brings them into an order in which each comes after what it depends on. */
import type { Action, ActionDetails, ActionKind, Disruption } from "../model/action.ts";
import type { ResourceKey } from "../model/resource.ts";
import type { Source } from "../model/source.ts";
import { isReference } from "../model/value.ts";

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
  /** Says that an action lets go of something that exists, named by ARN or id. */
  readonly release: (arn: string, id: string) => void;
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
}

/** Actions that put what they name to use. */
const USES: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "setSecurityGroups",
  "createListener",
  "modifyListener",
  "createRule",
  "modifyRule",
]);

const CREATIONS: ReadonlySet<ActionKind> = new Set<ActionKind>([
  "createSecurityGroup",
  "requestCertificate",
  "createTargetGroup",
  "createLoadBalancer",
  "createListener",
  "createRule",
  "createTargetGroupBinding",
]);

/** An empty list. */
export function createActionList(sourceOf: SourceLookup): ActionList {
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
      const source = sourceOf(stack, resource, field);
      const action = { id, kind, stack, resource, details, reason, ...(source && { source }), disruption };
      if (drafts.has(id)) throw new Error(`two actions with the id ${id}`);
      const { after = [], afterRelease = [] } = waits;
      drafts.set(id, { action: action as Omit<Action, "dependsOn">, after: new Set(after), afterRelease });
      if (CREATIONS.has(kind)) append(producers, `${stack} ${resource}`, id);
      return id;
    },
    wait: (id, after) => {
      for (const other of after) drafts.get(id)?.after.add(other);
    },
    prepare: (stack, resource, id) => append(preparations, `${stack} ${resource}`, id),
    release: (arn, id) => append(releases, arn, id),
    finish: () => {
      for (const [id, { action, after, afterRelease }] of drafts) {
        const others = [
          ...afterRelease.flatMap((name) => releases.get(name) ?? []),
          ...referencesIn(action.details, action.stack).flatMap((key) => [
            ...(producers.get(key) ?? []),
            ...(USES.has(action.kind) ? (preparations.get(key) ?? []) : []),
          ]),
        ];
        for (const other of others) if (other !== id) after.add(other);
      }
      return sorted(drafts);
    },
  };
}

function referencesIn(value: unknown, stack: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  if (isReference(value)) return [`${value.stack ?? stack} ${value.ref}`];
  return Object.values(value).flatMap((item) => referencesIn(item, stack));
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
    const after = [...draft.after].filter((other) => drafts.has(other));
    for (const other of after) {
      const before = drafts.get(other);
      if (before !== undefined) visit(other, before);
    }
    open.delete(id);
    done.add(id);
    const position = (other: string): number => places.get(other) ?? 0;
    places.set(id, actions.length);
    actions.push({ ...draft.action, dependsOn: after.sort((a, b) => position(a) - position(b)) } as Action);
  };
  const places = new Map<string, number>();
  for (const [id, draft] of drafts) visit(id, draft);
  return actions;
}
