/**
 * Tells whether some request can match two rules. Proves that none can where hosts, paths, methods or source addresses
 * exclude one another; whatever can't be proven counts as overlap.
 *
 * Headers and query parameters prove nothing: a request may carry several of one name, and AWS looks at each of them.
 * Regular expressions are not compared either.
 */
import ipaddr from "ipaddr.js";
import { isCidr } from "../lib/cidr.ts";
import { globsIntersect } from "../lib/glob.ts";
import type { RuleCondition } from "../model/listener-rule.ts";

/** A rule's conditions, prepared for comparing. Absent = any value. */
export interface RuleShape {
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly methods?: readonly string[];
  readonly sources?: readonly AddressRange[];
}

interface AddressRange {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** Prepares a rule's conditions. */
export function ruleShape(conditions: readonly RuleCondition[]): RuleShape {
  let shape: RuleShape = {};
  for (const condition of conditions) shape = { ...shape, ...shapeOf(condition) };
  return shape;
}

function shapeOf(condition: RuleCondition): RuleShape {
  switch (condition.field) {
    case "host-header": {
      const { values, regexValues } = condition.hostHeaderConfig;
      // AWS compares hosts without regard to case.
      return values === undefined || regexValues?.length ? {} : { hosts: values.map((host) => host.toLowerCase()) };
    }
    case "path-pattern": {
      const { values, regexValues } = condition.pathPatternConfig;
      return values === undefined || regexValues?.length ? {} : { paths: values };
    }
    case "http-request-method":
      return { methods: condition.httpRequestMethodConfig.values };
    case "source-ip": {
      const sources = condition.sourceIpConfig.values.map(addressRange);
      return sources.every((range) => range !== undefined) ? { sources } : {};
    }
    default:
      return {};
  }
}

/** Whether some request may match both; false only where that is proven. */
export function rulesOverlap(a: RuleShape, b: RuleShape): boolean {
  return (
    some(a.methods, b.methods, (x, y) => x === y) &&
    some(a.hosts, b.hosts, globsIntersect) &&
    some(a.paths, b.paths, globsIntersect) &&
    some(a.sources, b.sources, rangesMeet)
  );
}

function some<T>(a: readonly T[] | undefined, b: readonly T[] | undefined, meet: (x: T, y: T) => boolean): boolean {
  return a === undefined || b === undefined || a.some((x) => b.some((y) => meet(x, y)));
}

/** One of two CIDR blocks that meet holds the other. */
function rangesMeet(a: AddressRange, b: AddressRange): boolean {
  if (a.bytes.length !== b.bytes.length) return false;
  const bits = Math.min(a.prefix, b.prefix);
  for (let bit = 0; bit < bits; bit++) {
    const mask = 0x80 >> (bit % 8);
    const index = Math.floor(bit / 8);
    if (((a.bytes[index] ?? 0) & mask) !== ((b.bytes[index] ?? 0) & mask)) return false;
  }
  return true;
}

/** Undefined for what AWS would refuse: then nothing is proven. */
function addressRange(cidr: string): AddressRange | undefined {
  if (!isCidr(cidr)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(cidr);
  return { bytes: address.toByteArray(), prefix };
}
