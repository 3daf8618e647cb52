/** Listeners: matched by port on the load balancer they belong to. A change of protocol happens in place. */
import equal from "fast-deep-equal";
import { sameActions } from "../desired/rule-key.ts";
import type { FieldChange } from "../model/change.ts";
import type { ListenerSpec, MutualAuthentication } from "../model/listener.ts";
import { type ResourceKey, type ResourceOf, resourceKey } from "../model/resource.ts";
import type { Settings } from "../model/settings.ts";
import { isReference, type Json, type Value } from "../model/value.ts";
import { RESOURCE_TAG } from "../resolve/ownership-tags.ts";
import {
  creation,
  type DiffContext,
  deletion,
  desiredOf,
  matched,
  matchOf,
  resolveReferences,
  tagsOf,
  updating,
} from "./context.ts";
import type { Difference, ExistingListener } from "./difference.ts";
import { diffAttributes, diffField } from "./fields.ts";
import { entry } from "./owned.ts";
import { diffTags } from "./tags.ts";

/** A listener's difference, with what the comparison of its rules needs to know. */
export interface ListenerDifference extends Difference<"listener"> {
  readonly defaultStays: boolean;
}

/** Compares the listeners of the load balancers that are created or stay; those of one that goes go with it. */
export function diffListeners(context: DiffContext): readonly ListenerDifference[] {
  const wanted = new Map<ResourceKey, ResourceOf<"listener">[]>();
  for (const { id } of desiredOf(context, "loadBalancer")) wanted.set(resourceKey("loadBalancer", id), []);
  for (const listener of desiredOf(context, "listener")) {
    const { loadBalancerArn } = listener.spec;
    if (isReference(loadBalancerArn)) entry(wanted, loadBalancerArn.ref, () => []).push(listener);
  }
  return [...wanted].flatMap(([loadBalancer, listeners]) => {
    listeners.sort((a, b) => a.spec.port - b.spec.port);
    const arn = matchOf(context, loadBalancer);
    const existing = arn === undefined ? [] : (context.owned.listeners.get(arn) ?? []);
    const byPort = new Map(existing.map((listener) => [listener.spec.port, listener]));
    const ports = new Set(listeners.map(({ spec }) => spec.port));
    return [
      ...listeners.map(({ id, spec }) => diffListener(context, id, spec, byPort.get(spec.port))),
      ...existing.filter(({ spec }) => !ports.has(spec.port)).map((listener) => gone(context, listener)),
    ];
  });
}

function gone(context: DiffContext, existing: ExistingListener): ListenerDifference {
  const { tags = {}, port } = existing.spec;
  const tagged = context.settings.featureGates.ListenerRulesTagging && Object.hasOwn(tags, RESOURCE_TAG);
  const id = (tagged ? tags[RESOURCE_TAG] : undefined) ?? String(port);
  return { change: deletion(context, "listener", id, existing.arn, existing.spec), existing, defaultStays: false };
}

function diffListener(
  context: DiffContext,
  id: string,
  spec: ListenerSpec,
  existing: ExistingListener | undefined,
): ListenerDifference {
  const { tags, ...rest } = resolveReferences(context, spec);
  const tagged = context.settings.featureGates.ListenerRulesTagging;
  const desired: ListenerSpec = tagged ? { ...rest, tags: tagsOf(context, id, tags) } : rest;
  if (existing === undefined) {
    return { change: creation(context, "listener", id, desired), desired, defaultStays: false };
  }
  matched(context, resourceKey("listener", id), existing.arn);
  const defaultStays = sameActions(desired.defaultActions, existing.spec.defaultActions);
  const fields = [
    ...listenerFields(context.settings, desired, existing.spec),
    ...diffAttributes(existing.spec.attributes, desired.attributes),
    ...(tagged ? diffTags(desired.tags ?? {}, existing.spec.tags, new Set(context.settings.externalManagedTags)) : []),
  ];
  return { change: updating(context, "listener", id, existing.arn, fields), desired, existing, defaultStays };
}

function listenerFields(settings: Settings, desired: ListenerSpec, existing: ListenerSpec): readonly FieldChange[] {
  const defaultStays = sameActions(desired.defaultActions, existing.defaultActions);
  return [
    ...diffField("/protocol", existing.protocol, desired.protocol),
    ...(defaultStays
      ? []
      : [
          {
            path: "/defaultActions",
            before: existing.defaultActions as unknown as Json,
            after: desired.defaultActions as unknown as Json,
          },
        ]),
    ...(desired.sslPolicy === undefined ? [] : diffField("/sslPolicy", existing.sslPolicy, desired.sslPolicy)),
    ...mutualAuthenticationFields(settings, desired, existing),
    ...certificateFields(desired, existing),
  ];
}

/** Certificates of a listener: which to add and remove as SNI certificates, and whether another becomes the default. */
export interface CertificateDifference {
  readonly added: readonly Value[];
  readonly removed: readonly Value[];
  readonly newDefault?: Value;
}

/**
 * As in LBC every certificate is an SNI certificate, the default one too: that keeps it in the choice between key types.
 * A listener without TLS has none: AWS drops them with the protocol.
 */
export function diffListenerCertificates(
  desired: ListenerSpec,
  existing: ListenerSpec | undefined,
): CertificateDifference {
  const wanted = desired.certificates ?? [];
  const [first] = wanted;
  if (desired.protocol === "HTTP" || first === undefined) return { added: [], removed: [] };
  const [currentDefault, ...current] = existing?.certificates ?? [];
  const added = wanted.filter(
    (certificate, index) =>
      wanted.findIndex((other) => equal(other, certificate)) === index &&
      !current.some((other) => equal(other, certificate)),
  );
  const removed = current.filter((certificate) => !wanted.some((other) => equal(other, certificate)));
  return { added, removed, ...(equal(first, currentDefault) ? {} : { newDefault: first }) };
}

function certificateFields(desired: ListenerSpec, existing: ListenerSpec): readonly FieldChange[] {
  const { added, removed, newDefault } = diffListenerCertificates(desired, existing);
  if (added.length === 0 && removed.length === 0 && newDefault === undefined) return [];
  return diffField("/certificates", existing.certificates ?? [], desired.certificates ?? []);
}

/**
 * An absent block leaves AWS's value, unless the gate EnhancedDefaultBehavior makes it `off`. `off` equals no block;
 * an empty trust store equals none (AWS returns either for `passthrough`).
 */
function mutualAuthenticationFields(
  settings: Settings,
  desired: ListenerSpec,
  existing: ListenerSpec,
): readonly FieldChange[] {
  if (desired.protocol === "HTTP") return [];
  const wanted =
    desired.mutualAuthentication ??
    (settings.featureGates.EnhancedDefaultBehavior ? { mode: "off" as const } : undefined);
  return diffMutualAuthentication(existing.mutualAuthentication, wanted);
}

/** What nobody asks for isn't compared. */
export function diffMutualAuthentication(
  existing: MutualAuthentication | undefined,
  wanted: MutualAuthentication | undefined,
): readonly FieldChange[] {
  if (wanted === undefined) return [];
  return diffField("/mutualAuthentication", normalMutualAuthentication(existing), normalMutualAuthentication(wanted));
}

function normalMutualAuthentication(block: MutualAuthentication | undefined): object {
  if (block === undefined || block.mode === "off") return { mode: "off" };
  if (block.mode === "passthrough") return { mode: "passthrough" };
  return {
    mode: block.mode,
    trustStoreArn: block.trustStoreArn ?? "",
    ignoreClientCertificateExpiry: block.ignoreClientCertificateExpiry ?? false,
    advertiseTrustStoreCaNames: block.advertiseTrustStoreCaNames ?? "off",
  };
}
