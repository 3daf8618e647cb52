/** What is written to the Ingresses of a group: finalizers, status, annotation, events. A dry run writes nothing. */
import {
  carries,
  type EventReason,
  groupFinalizer,
  type Ingress,
  ingressStatus,
  planAnnotationWrites,
  type Stack,
} from "@elbplan/core";
import {
  addFinalizer,
  isNotFound,
  removeFinalizer,
  writeAnnotation,
  writeIngressStatus,
} from "@elbplan/k8s-source/cluster";
import { backendSecurityGroup, type Known } from "./knowledge.ts";
import type { ReconcileContext } from "./reconcile-context.ts";

/** The Ingresses of these names that there are. */
export function ingressesOf({ ingresses }: Pick<Known, "ingresses">, names: readonly string[]): readonly Ingress[] {
  return names.flatMap((name) => ingresses.get(name) ?? []);
}

/** Members are held before anything is made for them. Tells whether one wasn't, and whether one can't be any more. */
export async function addFinalizers(
  context: ReconcileContext,
  stack: Stack,
  members: readonly Ingress[],
): Promise<{ readonly wrote: boolean; readonly left: boolean }> {
  const finalizer = groupFinalizer(stack);
  const missing = members.filter((ingress) => !carries(ingress, finalizer));
  let left = false;
  const wrote = await eachOf(context, missing, "FailedAddFinalizer", "add finalizer", async (ingress, options) => {
    const result = await addFinalizer(context.kubernetes, ingress, finalizer, options);
    if (result === "gone" || result === "deleting") left = true;
    return result === "changed";
  });
  return { wrote, left };
}

/** Lets go of the Ingresses that left, and haven't come back meanwhile. */
export async function removeFinalizers(context: ReconcileContext, known: Known, stack: Stack) {
  const finalizer = groupFinalizer(stack);
  const gone = known.graph.stacks[stack.id]?.inactiveMembers ?? [];
  const leaving = ingressesOf(known, both(stack.inactiveMembers, gone)).filter((ingress) =>
    carries(ingress, finalizer),
  );
  return eachOf(context, leaving, "FailedRemoveFinalizer", "remove finalizer", async (ingress, options) => {
    return (await removeFinalizer(context.kubernetes, ingress, finalizer, options)) === "changed";
  });
}

/** Tells members, but those that left meanwhile, where their traffic comes in. Tells whether one didn't know. */
export async function writeStatus(context: ReconcileContext, known: Known, stack: Stack): Promise<boolean> {
  const entries = ingressStatus(stack, known.inventory, context.settings);
  if (entries === undefined) return false;
  const members = ingressesOf(known, both(stack.members, known.graph.stacks[stack.id]?.members ?? []));
  return eachOf(context, members, "FailedUpdateStatus", "update status", (ingress, options) =>
    writeIngressStatus(context.kubernetes, ingress, entries, options),
  );
}

/** LBC's plan annotation. As in LBC, one that can't be written holds nothing up. */
export async function writeAnnotations(context: ReconcileContext, known: Known, stack: Stack): Promise<void> {
  if (context.dryRun) return;
  const graph = { ...known.graph, stacks: { [stack.id]: stack } };
  const { signal, kubernetes, emit } = context;
  for (const write of planAnnotationWrites(graph, known.snapshot, backendSecurityGroup(known))) {
    try {
      await writeAnnotation(kubernetes, write, { signal });
    } catch (error) {
      emit({ type: "failed", what: `annotation of ${write.ingress.namespace}/${write.ingress.name}`, error });
    }
  }
}

/** Writes an event to each. That nobody hears of it is no reason not to go on. */
export async function tell(
  context: ReconcileContext,
  ingresses: readonly Ingress[],
  reason: EventReason,
  message: string,
): Promise<void> {
  if (ingresses.length === 0) return;
  const { signal, emit, record } = context;
  emit({ type: "told", reason, message, ingresses: ingresses.map(nameOf) });
  if (context.dryRun) return;
  const written = await Promise.allSettled(ingresses.map((object) => record({ object, reason, message }, { signal })));
  const failed = written.find((one) => one.status === "rejected");
  if (failed !== undefined && !signal.aborted) emit({ type: "failed", what: `event ${reason}`, error: failed.reason });
}

type Write = (ingress: Ingress, options: { readonly signal: AbortSignal }) => Promise<boolean>;

/** Writes to all at a time. One that is gone needs nothing; the first other error ends the turn, and is told. */
async function eachOf(
  context: ReconcileContext,
  ingresses: readonly Ingress[],
  reason: EventReason,
  what: string,
  write: Write,
): Promise<boolean> {
  if (context.dryRun) return false;
  const { signal } = context;
  const results = await Promise.allSettled(ingresses.map((ingress) => write(ingress, { signal })));
  for (const [index, result] of results.entries()) {
    const ingress = ingresses[index];
    if (result.status === "fulfilled" || ingress === undefined || isNotFound(result.reason)) continue;
    if (!signal.aborted) await tell(context, [ingress], reason, `Failed ${what} due to ${messageOf(result.reason)}`);
    throw result.reason;
  }
  return results.some((result) => result.status === "fulfilled" && result.value);
}

function both(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((one) => others.includes(one));
}

function nameOf({ metadata: { namespace, name } }: Ingress): string {
  return `${namespace}/${name}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
