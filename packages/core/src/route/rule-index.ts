/**
 * Rules by the part of a request that their conditions look at, so that each part is tested once, however many
 * requests share it.
 */

import { addressText } from "../lib/address-range.ts";
import { type BitSet, bitSet, intersection } from "../lib/bit-set.ts";
import { stableJson } from "../lib/stable-json.ts";
import type { RuleCondition } from "../model/listener-rule.ts";
import { type ConditionTest, conditionTest, type PreparedRequest, type Verdict } from "./condition.ts";
import type { RegexEngine } from "./regex-engine.ts";

/** A part of a request. No two of them depend on one another. */
export type Field = "host" | "path" | "method" | `header:${string}` | "query" | "source";

/** Of rules in a fixed order: those that match for sure, and those that may. The second holds the first. */
export interface Matches {
  readonly sure: BitSet;
  readonly possible: BitSet;
}

export interface RuleIndex {
  readonly size: number;
  /** In a fixed order; only those that some rule has a condition on. */
  readonly fields: readonly IndexedField[];
}

export interface IndexedField {
  readonly field: Field;
  /** Distinct conditions on the field. */
  readonly conditions: readonly RuleCondition[];
  readonly tests: readonly ConditionTest[];
  /** Which of these conditions each rule has. */
  readonly needs: readonly (readonly number[])[];
  /** The rules with a condition on the field. */
  readonly constrained: BitSet;
}

/** Anything with conditions. */
export interface Conditional {
  readonly conditions: readonly RuleCondition[];
}

/** Sorts the conditions of rules by field. */
export function indexRules(rules: readonly Conditional[], regex: RegexEngine): RuleIndex {
  const drafts = new Map<
    Field,
    { conditions: Map<string, { condition: RuleCondition; number: number }>; needs: number[][] }
  >();
  for (const [rule, { conditions }] of rules.entries()) {
    for (const condition of conditions) {
      const field = fieldOf(condition);
      let draft = drafts.get(field);
      if (draft === undefined) {
        draft = { conditions: new Map(), needs: rules.map(() => []) };
        drafts.set(field, draft);
      }
      const key = stableJson(condition);
      const entry = draft.conditions.get(key) ?? { condition, number: draft.conditions.size };
      draft.conditions.set(key, entry);
      draft.needs[rule]?.push(entry.number);
    }
  }
  const fields = [...drafts].map(([field, { conditions, needs }]): IndexedField => {
    const distinct = [...conditions.values()].map(({ condition }) => condition);
    return {
      field,
      conditions: distinct,
      tests: distinct.map((condition) => conditionTest(condition, regex)),
      needs,
      constrained: bitSet(rules.length, (rule) => (needs[rule] ?? []).length > 0),
    };
  });
  return {
    size: rules.length,
    fields: fields.sort((a, b) => rank(a.field) - rank(b.field) || (a.field < b.field ? -1 : 1)),
  };
}

/** Which rules a request can match, judged by one field of it. */
export function matchesOfField({ tests, needs }: IndexedField, request: PreparedRequest): Matches {
  return matchesOfVerdicts(
    needs,
    tests.map((test) => test(request)),
  );
}

/** Which rules can match, given the verdict on each condition of one field. */
export function matchesOfVerdicts(needs: IndexedField["needs"], verdicts: readonly Verdict[]): Matches {
  const sure = bitSet(needs.length, (rule) => (needs[rule] ?? []).every((number) => verdicts[number] === true));
  if (!verdicts.includes(undefined)) return { sure, possible: sure };
  return {
    sure,
    possible: bitSet(needs.length, (rule) => (needs[rule] ?? []).every((number) => verdicts[number] !== false)),
  };
}

/** What both allow. */
export function bothMatch(a: Matches, b: Matches): Matches {
  const sure = intersection(a.sure, b.sure);
  return {
    sure,
    possible: a.possible === a.sure && b.possible === b.sure ? sure : intersection(a.possible, b.possible),
  };
}

/** A text that is equal for requests that the field's conditions can't tell apart by their content. */
export function partKey(field: Field, request: PreparedRequest): string {
  switch (field) {
    case "host":
    case "path":
    case "method":
      return request[field];
    case "query":
      return stableJson(request.query);
    case "source":
      return request.source === undefined ? "" : addressText(request.source);
    default:
      return stableJson(request.headers.get(field.slice("header:".length)) ?? []);
  }
}

function fieldOf(condition: RuleCondition): Field {
  switch (condition.field) {
    case "host-header":
      return "host";
    case "path-pattern":
      return "path";
    case "http-request-method":
      return "method";
    case "query-string":
      return "query";
    case "source-ip":
      return "source";
    case "http-header":
      return `header:${condition.httpHeaderConfig.httpHeaderName.toLowerCase()}`;
  }
}

const RANKS: readonly string[] = ["host", "path", "method", "query", "source"];

function rank(field: Field): number {
  const index = RANKS.indexOf(field);
  return index < 0 ? RANKS.length : index;
}
