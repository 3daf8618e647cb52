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

export interface AnnotationRow {
  readonly grammar: GrammarName;
  /** Where it is read: on Ingresses only, or on Services of backends too (the Service's value wins). */
  readonly on: "ingress" | "ingress-and-service";
  readonly merge: MergeRule;
  /** The annotation's name is followed by `.<something>`. */
  readonly family?: true;
  /** Field of IngressClassParams that replaces it. */
  readonly params?: string;
  /** What holds when it is absent. */
  readonly default: string;
  /** The allowed values, when it is an enumeration. */
  readonly allowed?: readonly string[];
  /** What it does, in a sentence. */
  readonly about: string;
}
