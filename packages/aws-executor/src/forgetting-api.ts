/** What is known of a resource is forgotten when it is written, whoever writes it through this function. */
import type { AwsApi } from "./aws-api.ts";
import type { Cache } from "./cache.ts";

interface Written {
  readonly kind: string;
  /** The field of the request that holds the key, or a list of keys. */
  readonly field: string;
}

const TAGS: Written = { kind: "tags", field: "ResourceArns" };

/** By service and operation. */
const WRITTEN: { readonly [call: string]: Written } = {
  "elasticloadbalancingv2 AddTags": TAGS,
  "elasticloadbalancingv2 RemoveTags": TAGS,
  "wafv2 AssociateWebACL": { kind: "webAcl", field: "ResourceArn" },
  "wafv2 DisassociateWebACL": { kind: "webAcl", field: "ResourceArn" },
  "waf-regional AssociateWebACL": { kind: "wafRegional", field: "ResourceArn" },
  "waf-regional DisassociateWebACL": { kind: "wafRegional", field: "ResourceArn" },
  "shield CreateProtection": { kind: "shield", field: "ResourceArn" },
};

/** Kinds that a call which names no resource makes doubtful as a whole. */
const WHOLE: { readonly [call: string]: string } = { "shield DeleteProtection": "shield" };

/** Also forgets after a call that failed: it may have taken effect. */
export function forgettingApi(api: AwsApi, cache: Cache): AwsApi {
  return async (call, options) => {
    try {
      return await api(call, options);
    } finally {
      const name = `${call.service} ${call.operation}`;
      const written = WRITTEN[name];
      const keys = written && call.input[written.field];
      for (const key of Array.isArray(keys) ? keys : [keys]) {
        if (written !== undefined && typeof key === "string") cache.forget(written.kind, key);
      }
      const kind = WHOLE[name];
      if (kind !== undefined) cache.forget(kind);
    }
  };
}

/** Forgets what is kept of resources, whoever wrote it: before a look that is to find what others did. */
export function forgetResources(cache: Cache): void {
  for (const { kind } of Object.values(WRITTEN)) cache.forget(kind);
}
