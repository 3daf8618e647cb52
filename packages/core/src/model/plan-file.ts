/** A saved plan: what `elbplan plan --out` and `--format json` write, and what `elbplan apply` reads. */
import type { Action } from "./action.ts";
import type { Call, Plan } from "./plan.ts";

export interface PlanFile extends Omit<Plan, "actions"> {
  /** One flat list in execution order. Empty means: nothing to do. */
  readonly actions: readonly PlanFileAction[];
  /**
   * Lower-case hex SHA-256 of the canonical JSON (sorted keys, no spaces) of everything else in the file. It shows that a
   * file was edited or cut, and keeps nobody out who computes it anew.
   */
  readonly digest: string;
}

/** An action and, for who reads the file, the request that it means. */
export type PlanFileAction = Action & PlanFileRequest;

interface PlanFileRequest {
  /** null for a wait. */
  readonly call: PlanFileCall | null;
  /** The request, in which references stay references; absent for a wait. */
  readonly input?: Call["input"];
}

interface PlanFileCall {
  readonly service: Call["service"];
  /** The API's operation name, for instance `CreateTargetGroup`. */
  readonly operation: string;
}
