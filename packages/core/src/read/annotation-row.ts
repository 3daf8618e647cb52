import type { GrammarName } from "./annotation-grammar.ts";

/** How the values of a group's members go together. */
export type MergeRule =
  /** All members that set it must agree, otherwise the group is refused. */
  | "members-agree"
  /** As members-agree, among the members that share a listener port. */
  | "members-agree-per-port"
  /** Joined over the members; one key with two values is refused. */
  | "joined"
  /** Concerns only the Ingress that carries it. */
  | "own";

/** One row of the annotation table. A default that is always the same is a value, any other a text. */
export type AnnotationRow = AnnotationFacts & (FixedDefault | DescribedDefault);

interface FixedDefault {
  /** What holds when it is absent, as its grammar yields it; builders, lint and documentation take it from here. */
  readonly defaultValue: string | number | boolean;
  readonly default?: never;
}

interface DescribedDefault {
  /** What holds when it is absent, in words: it depends on flags, on other annotations or on the account. */
  readonly default: string;
  readonly defaultValue?: never;
}

interface AnnotationFacts {
  readonly grammar: GrammarName;
  /** Where it is read: on Ingresses only, or on Services of backends too (the Service's value wins). */
  readonly on: "ingress" | "ingress-and-service";
  readonly merge: MergeRule;
  /** The annotation's name is followed by `.<something>`. */
  readonly family?: true;
  /** Field of IngressClassParams that replaces it. */
  readonly params?: string;
  /** The allowed values, when it is an enumeration; builders take them from here. */
  readonly allowed?: readonly string[];
  /** What it does, in a sentence. */
  readonly about: string;
}

/** What holds when the annotation is absent, for people. */
export function defaultText(row: AnnotationRow): string {
  return row.default ?? String(row.defaultValue);
}
