/**
 * Tells whether some request can match two rules, and whether one rule matches all that another does. Proves it by hosts,
 * paths, methods and source addresses; whatever can't be proven counts as overlap, and not as covering.
 *
 * Headers and query parameters prove nothing: a request may carry several of one name, and AWS looks at each of them.
 * Regular expressions are not compared either.
 */
import ipaddr from "ipaddr.js";
import { isCidr } from "../lib/cidr.ts";
import { globCovers, globsIntersect } from "../lib/glob.ts";
import type { RuleCondition } from "../model/listener-rule.ts";

/** A rule's conditions, prepared for comparing. Absent = any value. */
export interface RuleShape {
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly methods?: readonly string[];
  readonly sources?: readonly AddressRange[];
  /** There are no other conditions: what matches all this matches the rule. */
  readonly isWhole: boolean;
}

interface AddressRange {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

/** Prepares a rule's conditions. */
export function ruleShape(conditions: readonly RuleCondition[]): RuleShape {
  const parts = conditions.map(shapeOf);
  const shape = Object.assign({}, ...parts) as Fields;
  return { ...shape, isWhole: Object.keys(shape).length === conditions.length };
}

type Fields = Omit<RuleShape, "isWhole">;

function shapeOf(condition: RuleCondition): Fields {
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

/** Whether every request that matches the second rule matches the first one too; true only where that is proven. */
export function ruleCovers(a: RuleShape, b: RuleShape): boolean {
  return (
    a.isWhole &&
    every(a.methods, b.methods, (x, y) => x === y) &&
    every(a.hosts, b.hosts, globCovers) &&
    every(a.paths, b.paths, globCovers) &&
    every(a.sources, b.sources, rangeHolds)
  );
}

/** How many shapes `singleShapes` makes. */
export function partCount({ hosts, paths, methods, sources, isWhole }: RuleShape): number {
  if (!isWhole) return 1;
  return [hosts, paths, methods, sources].reduce((count, values) => count * (values?.length ?? 1), 1);
}

/** The shape as shapes of one value a field: a request that matches it matches one of them. */
export function singleShapes(shape: RuleShape): readonly RuleShape[] {
  const { isWhole, ...fields } = shape;
  // Without its other conditions a part can't be told from the whole.
  if (!isWhole) return [shape];
  let parts: readonly RuleShape[] = [{ isWhole }];
  for (const [field, values] of Object.entries(fields)) {
    parts = parts.flatMap((part) => values.map((value) => ({ ...part, [field]: [value] })));
  }
  return parts;
}

function every<T>(a: readonly T[] | undefined, b: readonly T[] | undefined, covers: (x: T, y: T) => boolean): boolean {
  return a === undefined || (b?.every((y) => a.some((x) => covers(x, y))) ?? false);
}

function rangeHolds(a: AddressRange, b: AddressRange): boolean {
  return a.prefix <= b.prefix && rangesMeet(a, b);
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
