import type { Facts } from "../../model/facts.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../../model/quotas.ts";

/** The quotas of the facts, and AWS's defaults for those that the facts don't name. */
export function quotasOf({ quotas = {} }: Pick<Facts, "quotas">): Quotas {
  return { ...DEFAULT_QUOTAS, ...quotas };
}
