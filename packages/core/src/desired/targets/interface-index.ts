/** The network interfaces of the facts, by what leads to one. */
import { type AddressRange, addressText, parseAddress, parseRange, rangeHolds } from "../../lib/address-range.ts";
import type { NetworkInterfaceFact } from "../../model/facts.ts";
import type { Lookup } from "../../resolve/context.ts";

export interface InterfaceIndex {
  readonly byId: Lookup<NetworkInterfaceFact>;
  /** The primary one (device index 0) of an instance, by the instance's id. */
  readonly primary: Lookup<NetworkInterfaceFact>;
  /** By address, which the interface has itself or in one of its prefixes. */
  readonly byAddress: Lookup<NetworkInterfaceFact>;
}

/** Indexes interfaces. */
export function indexInterfaces(interfaces: readonly NetworkInterfaceFact[]): InterfaceIndex {
  const own = new Map(
    interfaces.flatMap((each) => each.privateIps.map((address) => [canonical(address), each] as const)),
  );
  const prefixes = interfaces.flatMap((each) =>
    (each.prefixes ?? []).flatMap((cidr): readonly (readonly [AddressRange, NetworkInterfaceFact])[] => {
      const range = parseRange(cidr);
      return range === undefined ? [] : [[range, each]];
    }),
  );
  const around = (address: string): NetworkInterfaceFact | undefined => {
    const bytes = parseAddress(address) ?? [];
    return prefixes.find(([range]) => rangeHolds(range, bytes))?.[1];
  };
  return {
    byId: new Map(interfaces.map((each) => [each.id, each])),
    primary: new Map(
      interfaces.flatMap((each) =>
        each.instanceId !== undefined && each.deviceIndex === 0 ? [[each.instanceId, each] as const] : [],
      ),
    ),
    byAddress: { get: (address) => own.get(address) ?? around(address) },
  };
}

function canonical(address: string): string {
  const bytes = parseAddress(address);
  return bytes === undefined ? address : addressText(bytes);
}
