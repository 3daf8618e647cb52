/** Puts Ingresses into groups: members in order, inactive members by their finalizers (LBC's group loader). */
import { diagnose } from "../diagnostics/diagnose.ts";
import { compareStrings } from "../lib/compare.ts";
import type { Diagnostic } from "../model/diagnostic.ts";
import type { IngressClassParams } from "../model/ingress-class-params.ts";
import type { Ingress } from "../model/kubernetes.ts";
import type { Settings } from "../model/settings.ts";
import type { ClusterSnapshot } from "../model/snapshot.ts";
import { ANNOTATIONS } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import { annotationProblem, annotationText, type Member, objectName, readAnnotation, refOf } from "../read/member.ts";
import { type ClusterIndex, objectKey } from "./cluster-index.ts";
import { classify, defaultClasses } from "./ingress-class.ts";

export interface Group {
  /** The group's name, or `namespace/name` of its only Ingress. */
  readonly id: string;
  readonly explicit: boolean;
  readonly members: readonly Member[];
  readonly inactive: readonly Ingress[];
  /** Why the group can't be put together; it is left as it is. */
  readonly loadErrors: readonly Diagnostic[];
  /** Ingresses that hold the group's finalizer and whose class can't be read: members, as far as anyone can tell. */
  readonly unreadable: readonly Member[];
}

export interface Grouping {
  /** By id, ascending. */
  readonly groups: readonly Group[];
  /** Ascending. */
  readonly unmanaged: readonly string[];
  readonly classErrors: readonly { readonly ingress: string; readonly message: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

export const IMPLICIT_FINALIZER = "ingress.k8s.aws/resources";
export const EXPLICIT_FINALIZER = "group.ingress.k8s.aws/";
const GROUP_NAME = /^([a-z0-9][-a-z0-9.]*)?[a-z0-9]$/;

interface Draft {
  readonly explicit: boolean;
  readonly members: Member[];
  readonly inactive: Ingress[];
  readonly loadErrors: Diagnostic[];
  readonly unreadable: Member[];
}

/** Groups the Ingresses of a snapshot. Independent of the order of its objects. */
export function resolveGroups(snapshot: ClusterSnapshot, cluster: ClusterIndex, settings: Settings): Grouping {
  const drafts = new Map<string, Draft>();
  const draft = (id: string, explicit: boolean): Draft => {
    let found = drafts.get(id);
    if (found === undefined) {
      found = { explicit, members: [], inactive: [], loadErrors: [], unreadable: [] };
      drafts.set(id, found);
    }
    return found;
  };
  const unmanaged: string[] = [];
  const classErrors: { ingress: string; message: string }[] = [];
  const diagnostics: Diagnostic[] = [];
  const undecided: Diagnostic[] = [];
  const defaults = defaultClasses(cluster);

  for (const ingress of snapshot.ingresses) {
    if (settings.watchNamespace !== "" && ingress.metadata.namespace !== settings.watchNamespace) continue;
    const key = objectKey(ingress);
    const held = heldGroups(ingress, key);
    const current = currentGroup(ingress, key, cluster, defaults, settings);
    if ("note" in current && current.note !== undefined) diagnostics.push(current.note);
    if (current.kind === "group") {
      const group = draft(current.id, current.explicit);
      const order = readOrder(ingress, group.loadErrors);
      group.members.push({ key, ingress, order, ...(current.params && { params: current.params }) });
    } else if (current.kind === "none") {
      unmanaged.push(key);
    } else {
      classErrors.push({ ingress: key, message: current.diagnostic.message });
      diagnostics.push(current.diagnostic);
      if (current.kind === "undecided") undecided.push(current.diagnostic);
    }
    for (const { id, explicit } of held) {
      if (current.kind === "group" && current.id === id) continue;
      const group = draft(id, explicit);
      // An accidental edit of the class must not look like leaving the group: that would delete what it owns.
      if (current.kind === "invalid-class") {
        group.loadErrors.push({ ...current.diagnostic, stack: id });
        group.unreadable.push({ key, ingress, order: readOrder(ingress, []) });
      } else if (current.kind !== "undecided") group.inactive.push(ingress);
    }
  }
  const groups = [...drafts]
    .map(([id, group]) => finish(id, group, undecided))
    .sort((a, b) => compareStrings(a.id, b.id));
  return {
    groups,
    unmanaged: unmanaged.sort(compareStrings),
    classErrors: classErrors.sort((a, b) => compareStrings(a.ingress, b.ingress)),
    diagnostics,
  };
}

function finish(id: string, group: Draft, undecided: readonly Diagnostic[]): Group {
  const members = inGroupOrder(group.members);
  const inactive = group.inactive.sort((a, b) => compareStrings(objectKey(a), objectKey(b)));
  // Without knowing whose the undecided Ingresses are, no group is known to be complete: as LBC, none is touched.
  const loadErrors = [...group.loadErrors, ...undecided].map((error) => ({ ...error, stack: id }));
  return { id, explicit: group.explicit, members, inactive, loadErrors, unreadable: inGroupOrder(group.unreadable) };
}

/** By `group.order`, then by name. */
export function inGroupOrder(members: readonly Member[]): readonly Member[] {
  return members.toSorted((a, b) => a.order - b.order || compareStrings(a.key, b.key));
}

type Current =
  | { readonly kind: "group"; readonly id: string; readonly explicit: boolean; readonly params?: IngressClassParams }
  | { readonly kind: "none"; readonly note?: Diagnostic }
  | {
      readonly kind: "invalid-class" | "invalid-name" | "undecided";
      readonly diagnostic: Diagnostic;
      readonly note?: Diagnostic;
    };

function currentGroup(
  ingress: Ingress,
  key: string,
  cluster: ClusterIndex,
  defaults: readonly string[],
  settings: Settings,
): Current {
  if (ingress.metadata.deletionTimestamp !== undefined) return { kind: "none" };
  const classification = classify(ingress, cluster, defaults, settings);
  if (classification.kind === "not-ours")
    return { kind: "none", ...(classification.note && { note: classification.note }) };
  if (classification.kind !== "ours") return classification;
  const params = classification.params && { params: classification.params };
  const fromParams = classification.params?.spec?.group?.name;
  const name = fromParams ?? annotationText(ingress, "group.name");
  if (name === undefined) return { kind: "group", id: key, explicit: false, ...params };
  if (name.length <= 63 && GROUP_NAME.test(name)) return { kind: "group", id: name, explicit: true, ...params };
  const message = `the group name ${quote(name)} is not valid: at most 63 characters of a-z, 0-9, - and ., with a letter or digit at both ends`;
  const diagnostic =
    fromParams === undefined
      ? annotationProblem("group.name-invalid", ingress, "group.name", message)
      : diagnose("group.name-invalid", `${objectName(ingress)}: ${message}`, {
          object: refOf(ingress),
          field: "/spec/ingressClassName",
        });
  return { kind: "invalid-name", diagnostic };
}

/** The groups whose finalizer an Ingress carries. */
function heldGroups(ingress: Ingress, key: string): { readonly id: string; readonly explicit: boolean }[] {
  const held: { id: string; explicit: boolean }[] = [];
  for (const finalizer of new Set(ingress.metadata.finalizers)) {
    if (finalizer === IMPLICIT_FINALIZER) held.push({ id: key, explicit: false });
    else if (finalizer.startsWith(EXPLICIT_FINALIZER))
      held.push({ id: finalizer.slice(EXPLICIT_FINALIZER.length), explicit: true });
  }
  return held;
}

function readOrder(ingress: Ingress, errors: Diagnostic[]): number {
  const order =
    readAnnotation(ingress, "group.order", (diagnostic) => errors.push(diagnostic)) ??
    ANNOTATIONS["group.order"].defaultValue;
  if (order >= -1000 && order <= 1000) return order;
  errors.push(
    annotationProblem(
      "group.order-out-of-range",
      ingress,
      "group.order",
      `the group order ${order} is not within -1000 to 1000`,
    ),
  );
  return 0;
}
