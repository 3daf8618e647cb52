import ipaddr from "ipaddr.js";

const V4_CIDR = /^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}\/(0|[1-9][0-9]?)$/;
const V6_CIDR = /^[0-9A-Fa-f:.]+\/(0|[1-9][0-9]{0,2})$/;

/**
 * Whether a text is a CIDR as Go's net.ParseCIDR and AWS read it: four decimal numbers without leading zeros, or an
 * IPv6 address without a zone, and a prefix length that fits. Bits beyond the prefix are allowed.
 */
export function isCidr(text: string): boolean {
  return (
    (V4_CIDR.test(text) && ipaddr.IPv4.isValidCIDR(text)) ||
    (V6_CIDR.test(text) && text.includes(":") && ipaddr.IPv6.isValidCIDR(text))
  );
}

/** Whether a valid CIDR has bits set beyond its prefix length. */
export function hasHostBits(cidr: string): boolean {
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  const bytes = address.toByteArray();
  return bytes.some((byte, index) => {
    const kept = Math.min(Math.max(prefix - index * 8, 0), 8);
    return (byte & (0xff >> kept)) !== 0;
  });
}
