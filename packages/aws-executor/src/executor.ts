import type { Action, Facts, FactsNeeded, Inventory } from "@elbplan/core";

/** Carries out one action. The simulated account, AWS, a recorder and a shell script are all executors. */
export interface Executor {
  /** Resolves once the API has answered; a refusal of the API is an outcome, a broken connection rejects. */
  apply(action: Action, context: ExecutionContext): Promise<Outcome>;
}

/** What an action may need of the actions before it. */
export interface ExecutionContext {
  /** ARN, id or DNS name of a thing that the plan created, by stack and resource key. */
  resolve(stack: string, resource: string, field: "arn" | "id" | "dnsName"): string | undefined;
}

export type Outcome =
  | {
      readonly state: "done";
      readonly output: { readonly arn?: string; readonly id?: string; readonly dnsName?: string };
    }
  | { readonly state: "refused"; readonly awsCode: string; readonly message: string };

/** Answers the look-ups that a build needs. */
export interface FactsSource {
  facts(needed: FactsNeeded): Promise<Facts>;
}

/** Reads what exists under the ownership tags of a cluster, for the stacks named. */
export interface InventorySource {
  inventory(clusterName: string, stacks: readonly string[]): Promise<Inventory>;
}
