/** The ports to AWS: what an executor is, and what reads facts and inventory. The clients come with later work. */
export type { ExecutionContext, Executor, FactsSource, InventorySource, Outcome } from "./executor.ts";
