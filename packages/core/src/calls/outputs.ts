/** Where the answer to a call holds what later calls name. Executors and shell scripts read this. */
import type { ActionKind } from "../model/action.ts";
import type { Output } from "../model/executor.ts";

/** Places in an answer, in the path language of the AWS command line (`TargetGroups[0].TargetGroupArn`). */
export interface OutputPaths {
  /** For a security group and a Shield protection it leads to their id, which stands for the ARN. */
  readonly arn: string;
  readonly dnsName?: string;
}

/** Kinds that make something. A new one doesn't compile until it has a line below. */
export type CreationKind = Exclude<Extract<ActionKind, `create${string}` | `request${string}`>, "createTags">;

/** null: what it makes is named by nobody. */
const OUTPUTS: { readonly [K in CreationKind]: OutputPaths | null } = {
  createSecurityGroup: { arn: "GroupId" },
  requestCertificate: { arn: "CertificateArn" },
  createTargetGroup: { arn: "TargetGroups[0].TargetGroupArn" },
  createLoadBalancer: { arn: "LoadBalancers[0].LoadBalancerArn", dnsName: "LoadBalancers[0].DNSName" },
  createListener: { arn: "Listeners[0].ListenerArn" },
  createRule: { arn: "Rules[0].RuleArn" },
  createShieldProtection: { arn: "ProtectionId" },
  createTargetGroupBinding: null,
};

/** Where the answer to an action's call holds what it created; null if it creates nothing that is named later. */
export function outputsOf(kind: ActionKind): OutputPaths | null {
  return Object.hasOwn(OUTPUTS, kind) ? OUTPUTS[kind as CreationKind] : null;
}

/** Tells the kinds that make something. */
export function isCreation(kind: ActionKind): kind is CreationKind {
  return Object.hasOwn(OUTPUTS, kind);
}

/** Picks from an answer what the action created; undefined if there is nothing to pick, or the answer lacks it. */
export function outputOf(kind: ActionKind, response: unknown): Output | undefined {
  const paths = outputsOf(kind);
  const arn = paths === null ? undefined : textAt(response, paths.arn);
  if (arn === undefined) return undefined;
  const dnsName = paths?.dnsName === undefined ? undefined : textAt(response, paths.dnsName);
  return { arn, id: arn, ...(dnsName === undefined ? {} : { dnsName }) };
}

function textAt(response: unknown, path: string): string | undefined {
  let value: unknown = response;
  for (const step of path.split(/[.[\]]+/).filter((part) => part !== "")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as { readonly [key: string]: unknown })[step];
  }
  return typeof value === "string" ? value : undefined;
}
