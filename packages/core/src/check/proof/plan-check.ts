/** What `checkPlan` yields. Plain data. */
import type { Request } from "../../route/request.ts";

/** See docs/guarantees.md for what each of them says. */
export type Guarantee =
  | "reaches"
  | "idempotent"
  | "gapless"
  | "warm"
  | "drained"
  | "contained"
  | "withinQuota"
  | "resumable";

export const GUARANTEES: readonly Guarantee[] = [
  "reaches",
  "idempotent",
  "gapless",
  "warm",
  "drained",
  "contained",
  "withinQuota",
  "resumable",
];

/** `announced`: it doesn't hold, and a diagnostic of the plan says so and why. `off`: the plan was made without it. */
export type Verdict = "proven" | "announced" | "refuted" | "off";

export interface Counterexample {
  readonly guarantee: Guarantee;
  /** The stack concerned. */
  readonly stack: string;
  /** How many actions were done, this one included; 0: none. */
  readonly step: number;
  /** Id of the action after which it shows; absent before the first one. */
  readonly action?: string;
  /** Which of the interleavings; 0 is the order of the plan. */
  readonly interleaving: number;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** The request that shows it; in short what served it before the plan, what does now, what will after it. */
  readonly request?: Request;
  readonly before?: string;
  readonly now?: string;
  readonly after?: string;
}

/** How far the check went. */
export interface CheckBounds {
  /** Requests that were followed through every configuration. */
  readonly witnesses: number;
  /** States between two actions that were looked at, over all interleavings. */
  readonly prefixes: number;
  /** Orders that the dependencies allow and that were carried out. */
  readonly interleavings: number;
  /** Whether these are all orders that the dependencies allow. */
  readonly everyInterleaving: boolean;
  /** States from which it was planned again. */
  readonly resumed: number;
  /** Regular expressions whose members were only sampled. */
  readonly sampledRegexes: readonly string[];
  /** Where the search for witnesses was cut short. */
  readonly cutShort: readonly string[];
}

export interface PlanCheck {
  readonly guarantees: { readonly [guarantee in Guarantee]: Verdict };
  /** At most a few for each guarantee, those of the plan's own order first. */
  readonly counterexamples: readonly Counterexample[];
  readonly bounds: CheckBounds;
}
