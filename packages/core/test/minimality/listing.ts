/** Listeners over a handful of requests, in which a condition is the set of requests that meet it. */

/** Requests are bits; whatever has no bit meets no condition. */
export interface AbstractRule {
  readonly requests: number;
  /** What becomes of a request that the rule serves. */
  readonly answer: number;
}

/** Rules in their order, and the default answer. */
export interface Listing {
  readonly rules: readonly AbstractRule[];
  readonly fallback: number;
}

/** A plan's task. */
export interface Task {
  readonly before: Listing;
  readonly after: Listing;
}

export const sameRule = (a: AbstractRule, b: AbstractRule): boolean =>
  a.requests === b.requests && a.answer === b.answer;

/** The answers to `count` requests, and last to one that meets no condition. */
export function answers({ rules, fallback }: Listing, count: number): readonly number[] {
  return Array.from({ length: count + 1 }, (_, request) => {
    const rule = rules.find(({ requests }) => ((requests >> request) & 1) === 1);
    return rule?.answer ?? fallback;
  });
}

/** Whether every request is answered as before or as after. */
export function isGapless(now: Listing, { before, after }: Task, count: number): boolean {
  const [old, next] = [answers(before, count), answers(after, count)];
  return answers(now, count).every((answer, request) => answer === old[request] || answer === next[request]);
}

/** `a→0 ab→1 | 2`: the requests of each rule and its answer, then the default. */
export function show({ rules, fallback }: Listing): string {
  const letters = (requests: number): string => [..."abcdefg"].filter((_, bit) => (requests >> bit) & 1).join("");
  return [...rules.map(({ requests, answer }) => `${letters(requests)}→${answer}`), "|", fallback].join(" ");
}

/** What `show` wrote. */
export function listing(text: string): Listing {
  const [rules = "", fallback = ""] = text.split("|");
  return {
    rules: rules
      .trim()
      .split(/\s+/)
      .filter((rule) => rule !== "")
      .map((rule) => {
        const [letters = "", answer = ""] = rule.split("→");
        return {
          requests: [...letters].reduce((set, it) => set | (1 << "abcdefg".indexOf(it)), 0),
          answer: Number(answer),
        };
      }),
    fallback: Number(fallback),
  };
}
