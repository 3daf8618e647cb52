/** Target groups: tags, health check, attributes; name, port and address type are never changed (LBC's rule). */
import type { FieldChange } from "../model/change.ts";
import type { Existing } from "../model/inventory.ts";
import type { HealthCheck, TargetGroupSpec } from "../model/target-group.ts";
import { ignoredTagKeys } from "../resolve/ownership-tags.ts";
import { diffByResourceId } from "./by-resource-id.ts";
import type { DiffContext } from "./context.ts";
import type { Difference } from "./difference.ts";
import { diffAttributes, diffField, diffSpecified } from "./fields.ts";
import { diffTags } from "./tags.ts";

const APPLICATION_PROTOCOLS: ReadonlySet<string> = new Set(["HTTP", "HTTPS"]);

/** Compares the stack's target groups by resource id. */
export function diffTargetGroups(context: DiffContext): readonly Difference<"targetGroup">[] {
  const ignored = ignoredTagKeys(context.settings);
  const fixedHealthCheck = !context.settings.featureGates.NLBHealthCheckAdvancedConfig;
  return diffByResourceId(context, {
    kind: "targetGroup",
    owned: context.mine.targetGroups,
    twins: "last, update all",
    replacing: (desired, existing) => replacingFields(desired, existing, fixedHealthCheck),
    updating: (desired, { spec }) => [
      ...diffSpecified("healthCheck", withPortText(spec.healthCheck), withPortText(desired.healthCheck)),
      ...diffAttributes(spec.attributes, desired.attributes),
      ...diffTags(desired.tags ?? {}, spec.tags, ignored),
    ],
  });
}

/** AWS takes and returns the port as text, whatever it was written as. */
function withPortText(healthCheck: HealthCheck): HealthCheck {
  const { port } = healthCheck;
  return typeof port === "number" ? { ...healthCheck, port: String(port) } : healthCheck;
}

/** Fields that AWS sets only at creation. */
function replacingFields(
  desired: TargetGroupSpec,
  { spec }: Existing<TargetGroupSpec>,
  fixedHealthCheck: boolean,
): readonly FieldChange[] {
  const fields = [
    ...diffField("/targetType", spec.targetType, desired.targetType),
    ...diffField("/protocol", spec.protocol, desired.protocol),
    ...(desired.protocolVersion === undefined
      ? []
      : diffField("/protocolVersion", spec.protocolVersion, desired.protocolVersion)),
    ...diffField("/targetControlPort", spec.targetControlPort, desired.targetControlPort),
  ];
  if (!fixedHealthCheck || APPLICATION_PROTOCOLS.has(desired.protocol)) return fields;
  // Without the feature gate LBC treats the health check of TCP and UDP groups as AWS once did.
  const { protocol, matcher, intervalSeconds, timeoutSeconds } = desired.healthCheck;
  const fixed = { protocol, intervalSeconds, timeoutSeconds, ...(matcher === undefined ? {} : { matcher }) };
  return [...fields, ...diffSpecified("healthCheck", spec.healthCheck, fixed)];
}
