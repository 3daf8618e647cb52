import type { StringMap, Value } from "./value.ts";

export interface SecurityGroupSpec<V = Value> {
  readonly name: string;
  readonly description: string;
  readonly ingress: readonly Permission<V>[];
  readonly tags?: StringMap;
}

/** One permission with exactly one source. The description is no part of its identity. */
export interface Permission<V = Value> {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly source:
    | { readonly cidrIp: string }
    | { readonly cidrIpv6: string }
    | { readonly prefixListId: string }
    | { readonly securityGroupId: V };
  readonly description?: string;
}
