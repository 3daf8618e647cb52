/** The whole way of one request, as data: made by `explainRequest`, shown by `render/route-text.ts` and `route-json.ts`. */
import type { Source } from "../model/source.ts";
import type { RouteExplanation, RuleExplanation } from "./explain-route.ts";
import type { Request } from "./request.ts";

export interface RequestExplanation {
  readonly request: Request;
  /** Whether what exists was given, so that there is a before. */
  readonly compares: boolean;
  /**
   * The groups that have a rule for the request, before or after, ascending id. If there are none, those that know its
   * host by another rule and answer by default; if there are none of these either, all that answer by default.
   */
  readonly stacks: readonly StackExplanation[];
  /** The other groups, ascending id. */
  readonly passedOver: readonly PassedOver[];
}

export interface StackExplanation {
  readonly stack: string;
  /** `namespace/name` of its Ingresses in group order; empty if the input holds none. */
  readonly members: readonly string[];
  /** `name` is of what should be, or else of what is; the rest is known of what exists. */
  readonly loadBalancer: { readonly name?: string; readonly arn?: string; readonly dnsName?: string };
  /** What happens now; absent when what exists wasn't given. */
  readonly before?: Way;
  /** What will happen when everything is as it should be; absent when the group stays as it is. */
  readonly after?: Way;
  /** Why there is no after: the group is broken, or no Ingress of the input belongs to it. */
  readonly leftAlone?: "broken" | "unclaimed";
  /** Whether the client gets the same answer from the same targets with the same certificate; absent unless both are there. */
  readonly same?: boolean;
}

/** A route with what every rule comes from. */
export interface Way extends Omit<RouteExplanation, "rules" | "almost"> {
  /** Of the rule, or of the default if none serves. */
  readonly source?: Source;
  readonly rules: readonly AskedRule[];
  /** Rules that fail by a single condition and nearly match in it, the nearest first; if none serves, three at least. */
  readonly almost: readonly AskedRule[];
}

export interface AskedRule extends RuleExplanation {
  readonly source?: Source;
}

export interface PassedOver {
  readonly stack: string;
  /** `broken`: it couldn't be built, and of what exists nothing is known. */
  readonly because: "nothing-listens" | "wrong-protocol" | "default" | "broken";
  /** Ports on which it listens, ascending. */
  readonly ports: readonly number[];
}
