/** Matchers for vitest: `expect.extend(elbplanMatchers)`, once, in a setup file or at the top of a test. */
import {
  type Account,
  type CheckPlanOptions,
  type Counterexample,
  checkPlan,
  type DesiredGraph,
  type Diagnostic,
  type Inventory,
  type ListenerState,
  type Plan,
  type Request,
  type RouteOptions,
  renderDiagnostics,
} from "@elbplan/core";
// What is augmented below must be known to the compiler.
import type {} from "vitest";
import { compareRoute, type ExpectedRoute } from "./routing.ts";

/** What vitest wants to know of a comparison. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

/** A type and no interface, for that is what `expect.extend` takes. */
export type ElbplanMatchers = {
  /**
   * Of a plan, given what it was made from: in every state on the way each request is served as before or as after
   * (`checkPlan`). A plan that announces a gap fails too.
   */
  readonly toBeGapless: (
    received: Plan,
    desired: DesiredGraph,
    inventory: Account | Inventory,
    options?: CheckPlanOptions,
  ) => MatcherResult;
  /** Of a plan or a desired graph: no diagnostic is an error. */
  readonly toHaveNoErrors: (received: { readonly diagnostics: readonly Diagnostic[] }) => MatcherResult;
  /** Of a plan: nothing is deleted and made anew, so that no load balancer gets another DNS name. */
  readonly toHaveNoReplacement: (received: Pick<Plan, "stacks">) => MatcherResult;
  /** Of the listeners of a load balancer (`listenerStateOfStack`, `listenerStateOfInventory`): what becomes of a request. */
  readonly toRoute: (
    received: readonly ListenerState[],
    request: Request | string,
    expected: ExpectedRoute,
    options?: RouteOptions,
  ) => MatcherResult;
};

export const elbplanMatchers: ElbplanMatchers = {
  toBeGapless: (plan, desired, inventory, options) => {
    const { guarantees, counterexamples } = checkPlan(desired, inventory, plan, options);
    const gaps = counterexamples.filter(({ guarantee }) => guarantee === "gapless");
    return {
      pass: guarantees.gapless === "proven",
      message: () =>
        guarantees.gapless === "proven"
          ? "expected a gap, and there is none"
          : ["expected no gap, but", ...gaps.map(gapLine)].join("\n  "),
    };
  },
  toHaveNoErrors: ({ diagnostics }) => {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    return {
      pass: errors.length === 0,
      message: () =>
        errors.length === 0
          ? "expected an error, and there is none"
          : `expected no errors\n\n${renderDiagnostics(errors)}`,
    };
  },
  toHaveNoReplacement: ({ stacks }) => {
    const replaced = stacks.flatMap(({ changes }) => changes.filter(({ kind }) => kind === "replace"));
    const lines = replaced.map(
      ({ stack, resource, replacePaths = [] }) => `${resource} of ${stack}, for ${replacePaths.join(", ")}`,
    );
    return {
      pass: replaced.length === 0,
      message: () =>
        replaced.length === 0
          ? "expected a replacement, and there is none"
          : `expected no replacement, but the plan replaces\n  ${lines.join("\n  ")}`,
    };
  },
  toRoute: (listeners, request, expected, options) => {
    const { pass, actual, request: line } = compareRoute(listeners, request, expected, options);
    return {
      pass,
      message: () => `expected ${line} ${pass ? "not " : ""}to be served like this`,
      actual,
      expected,
    };
  },
};

function gapLine({ step, action, message }: Counterexample): string {
  return `after step ${step}${action === undefined ? "" : ` (${action})`}: ${message}`;
}

declare module "vitest" {
  interface Matchers<T> {
    toBeGapless(desired: DesiredGraph, inventory: Account | Inventory, options?: CheckPlanOptions): T;
    toHaveNoErrors(): T;
    toHaveNoReplacement(): T;
    toRoute(request: Request | string, expected: ExpectedRoute, options?: RouteOptions): T;
  }
}
