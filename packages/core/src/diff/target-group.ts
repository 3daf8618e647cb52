/** Target groups: tags, health check, attributes; name, port and address type are never changed (LBC's rule). */
import type { FieldChange } from "../model/change.ts";
import type { FixedTargetGroupFields } from "../model/inventory-needed.ts";
import type { Settings } from "../model/settings.ts";
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
  return diffByResourceId(context, {
    kind: "targetGroup",
    owned: context.mine.targetGroups,
    twins: "last, update all",
    replacing: (desired, { spec }) => replacingFields(fixedFields(desired, context.settings), spec),
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

/** What AWS sets only at creation, of what the goal specifies. */
export function fixedFields(desired: TargetGroupSpec, { featureGates }: Settings): FixedTargetGroupFields {
  const { targetType, protocol, protocolVersion, targetControlPort } = desired;
  const fields = {
    targetType,
    protocol,
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(targetControlPort !== undefined && { targetControlPort }),
  };
  if (featureGates.NLBHealthCheckAdvancedConfig || APPLICATION_PROTOCOLS.has(protocol)) return fields;
  // Without the feature gate LBC treats the health check of TCP and UDP groups as AWS once did.
  const { matcher, intervalSeconds, timeoutSeconds } = desired.healthCheck;
  const healthCheck = { protocol: desired.healthCheck.protocol, intervalSeconds, timeoutSeconds };
  return { ...fields, healthCheck: { ...healthCheck, ...(matcher !== undefined && { matcher }) } };
}

/** Differences that only a new target group can settle. */
export function replacingFields(fixed: FixedTargetGroupFields, existing: TargetGroupSpec): readonly FieldChange[] {
  return [
    ...diffField("/targetType", existing.targetType, fixed.targetType),
    ...diffField("/protocol", existing.protocol, fixed.protocol),
    ...(fixed.protocolVersion === undefined
      ? []
      : diffField("/protocolVersion", existing.protocolVersion, fixed.protocolVersion)),
    ...diffField("/targetControlPort", existing.targetControlPort, fixed.targetControlPort),
    ...(fixed.healthCheck === undefined ? [] : diffSpecified("healthCheck", existing.healthCheck, fixed.healthCheck)),
  ];
}
