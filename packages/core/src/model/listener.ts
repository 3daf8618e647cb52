import type { RuleAction } from "./rule-action.ts";
import type { StringMap, Value } from "./value.ts";

export interface ListenerSpec<V = Value> {
  readonly loadBalancerArn: V;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS" | "TCP";
  readonly defaultActions: readonly RuleAction<V>[];
  /** First the default certificate, then the SNI certificates, as LBC lists them (the default may be repeated). */
  readonly certificates?: readonly V[];
  readonly sslPolicy?: string;
  readonly mutualAuthentication?: MutualAuthentication;
  readonly attributes?: StringMap;
  readonly tags?: StringMap;
}

/** behaviour.md §3.8. */
export interface MutualAuthentication {
  readonly mode: "off" | "passthrough" | "verify";
  /** Empty for off and passthrough, as LBC has it. */
  readonly trustStoreArn?: string;
  readonly ignoreClientCertificateExpiry?: boolean;
  readonly advertiseTrustStoreCaNames?: "on" | "off";
}
