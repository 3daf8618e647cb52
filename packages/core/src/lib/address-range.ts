/** IP addresses as bytes, and the blocks that CIDRs name. */
import ipaddr from "ipaddr.js";
import { isCidr } from "./cidr.ts";

/** 4 or 16 bytes. */
export type AddressBytes = readonly number[];

export interface AddressRange {
  readonly bytes: AddressBytes;
  readonly prefix: number;
}

/** Reads an address without prefix length; undefined for what is none (leading zeros, zones and short forms are none). */
export function parseAddress(text: string): AddressBytes | undefined {
  const isV6 = text.includes(":");
  return isCidr(`${text}/${isV6 ? 128 : 32}`) ? ipaddr.parse(text).toByteArray() : undefined;
}

/** Reads a CIDR; undefined for what AWS would refuse. */
export function parseRange(cidr: string): AddressRange | undefined {
  if (!isCidr(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return { bytes: address.toByteArray(), prefix };
}

/** Whether an address lies in a block of the same family. */
export function rangeHolds({ bytes, prefix }: AddressRange, address: AddressBytes): boolean {
  if (bytes.length !== address.length) return false;
  for (let index = 0, left = prefix; left > 0; index++, left -= 8) {
    const mask = left >= 8 ? 0xff : (0xff << (8 - left)) & 0xff;
    if (((bytes[index] ?? 0) & mask) !== ((address[index] ?? 0) & mask)) return false;
  }
  return true;
}

/** The first address of a block. */
export function firstAddress({ bytes, prefix }: AddressRange): AddressBytes {
  return bytes.map((byte, index) => byte & ~hostMask(prefix, index));
}

/** The address behind the last one of a block; undefined at the end of the address space. */
export function addressAfter({ bytes, prefix }: AddressRange): AddressBytes | undefined {
  const after = bytes.map((byte, index) => byte | hostMask(prefix, index));
  for (let index = after.length - 1; index >= 0; index--) {
    if (after[index] !== 0xff) {
      after[index] = (after[index] ?? 0) + 1;
      return after;
    }
    after[index] = 0;
  }
  return undefined;
}

/** The usual text of an address. */
export function addressText(address: AddressBytes): string {
  return ipaddr.fromByteArray([...address]).toString();
}

/** The bits of a byte that a prefix length leaves free. */
function hostMask(prefix: number, index: number): number {
  const kept = Math.min(Math.max(prefix - index * 8, 0), 8);
  return 0xff >> kept;
}
