import { type AddressBytes, addressAfter, addressText, firstAddress, parseRange } from "../../lib/address-range.ts";
import type { RuleCondition } from "../../model/listener-rule.ts";

/** Of the blocks that are set aside for documentation (RFC 5737, RFC 3849). */
export const USUAL_ADDRESS = "192.0.2.1";
const USUAL_V6_ADDRESS = "2001:db8::1";

/**
 * Addresses for every set of blocks that some address lies in: which blocks hold an address changes only where a block
 * begins and behind its end.
 */
export function addressesFor(conditions: readonly RuleCondition[]): readonly string[] {
  const borders = conditions
    .flatMap((condition) => (condition.field === "source-ip" ? condition.sourceIpConfig.values : []))
    .flatMap((cidr) => parseRange(cidr) ?? [])
    .flatMap((range) => [firstAddress(range), addressAfter(range)])
    .flatMap((address: AddressBytes | undefined) => (address === undefined ? [] : [addressText(address)]));
  return [...new Set([USUAL_ADDRESS, USUAL_V6_ADDRESS, ...borders, "0.0.0.0", "::"])];
}
