/** Compares what should be with what is, after both were brought into one form. */
import { stableJson } from "../../lib/stable-json.ts";
import type { RuleAction } from "../../model/rule-action.ts";
import { isReference, isUnknown, STRING_MAP_FIELDS, type StringMap } from "../../model/value.ts";

/** Finds the name of an ARN or id within the graph: `<stack> <resource key>`; undefined for what isn't of the graph. */
export type NameOf = (arn: string) => string | undefined;

/** Stands for a value that only the API server or AWS chooses; equal to anything. */
const ANYTHING = "\u0000anything";

/** Replaces references, ARNs and ids of the graph's resources by their names, and unknown values by one mark. */
export function named(value: unknown, stack: string, nameOf: NameOf): unknown {
  if (isReference(value)) {
    const name = `${value.stack ?? stack} ${value.ref}`;
    return value.field === "dnsName" ? `${name} dnsName` : name;
  }
  if (isUnknown(value)) return ANYTHING;
  if (typeof value === "string") return nameOf(value) ?? value;
  if (Array.isArray(value)) return value.map((element) => named(element, stack, nameOf));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      STRING_MAP_FIELDS.has(key) ? inner : named(inner, stack, nameOf),
    ]),
  );
}

/** One difference: where, what should be, what is. */
export interface Mismatch {
  readonly path: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/**
 * Every place at which `actual` isn't what `expected` specifies. Fields that `expected` lacks don't matter; an absent
 * value is as good as an empty one.
 */
export function mismatches(expected: unknown, actual: unknown, path = ""): readonly Mismatch[] {
  if (expected === ANYTHING || (actual === undefined && isNothing(expected))) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [{ path, expected, actual }];
    return expected.flatMap((element, index) => mismatches(element, actual[index], `${path}/${index}`));
  }
  if (typeof expected === "object" && expected !== null) {
    if (typeof actual !== "object" || actual === null) return [{ path, expected, actual }];
    const fields = new Map(Object.entries(actual));
    return Object.entries(expected)
      .filter(([, value]) => value !== undefined)
      .flatMap(([key, value]) => mismatches(value, fields.get(key), `${path}/${key}`));
  }
  return expected === actual ? [] : [{ path, expected, actual }];
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0 || value === false) return true;
  return typeof value === "object" && Object.values(value).every(isNothing);
}

/** A list as a set: each value once, in one order. */
export function asSet(values: readonly unknown[] | undefined): readonly unknown[] {
  const byText = new Map((values ?? []).map((value) => [stableJson(value), value]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

/** Tags as pairs, without those of AWS and those that nobody touches. */
export function comparableTags(tags: StringMap | undefined, untouched: readonly string[]): readonly unknown[] {
  const pairs = Object.entries(tags ?? {}).filter(([key]) => !key.startsWith("aws:") && !untouched.includes(key));
  return asSet(pairs);
}

/**
 * Actions in one form: what AWS fills in is filled in, what it doesn't return is left out, target groups in one order.
 * Stickiness counts only where `expected` mentions it, so its absence is told apart from `enabled: false`.
 */
export function comparableActions(actions: readonly RuleAction<unknown>[]): readonly unknown[] {
  return actions.map(comparableAction);
}

function comparableAction(action: RuleAction<unknown>): unknown {
  switch (action.type) {
    case "forward":
      return comparableForward(action.forwardConfig);
    case "redirect": {
      const whole = { host: "#{host}", path: "/#{path}", port: "#{port}", protocol: "#{protocol}", query: "#{query}" };
      return { type: action.type, config: { ...whole, ...filled(action.redirectConfig) } };
    }
    case "fixed-response":
      return { type: action.type, config: { contentType: "", messageBody: "", ...action.fixedResponseConfig } };
    case "authenticate-oidc": {
      const { client: _, clientId: __, ...config } = action.authenticateOidcConfig;
      return { type: action.type, config: filled(config) };
    }
    case "authenticate-cognito":
      return { type: action.type, config: filled(action.authenticateCognitoConfig) };
    case "jwt-validation":
      return { type: action.type, config: filled(action.jwtValidationConfig) };
  }
}

type Forward = Extract<RuleAction<unknown>, { readonly type: "forward" }>["forwardConfig"];

function comparableForward({ targetGroups, targetGroupStickinessConfig: stickiness }: Forward): unknown {
  const isAlone = targetGroups.length === 1;
  const shares = targetGroups.map(({ targetGroupArn, weight }) => [targetGroupArn, isAlone ? 1 : (weight ?? 1)]);
  if (stickiness === undefined) return { type: "forward", shares: asSet(shares) };
  const seconds = stickiness.enabled === true ? stickiness.durationSeconds : 0;
  return { type: "forward", shares: asSet(shares), stickySeconds: seconds };
}

function filled(config: object): object {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined && value !== ""));
}
