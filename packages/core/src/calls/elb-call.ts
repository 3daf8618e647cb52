import type { Call } from "../model/plan.ts";

/** A call of Elastic Load Balancing version 2. Absent fields are left out. */
export function elbCall(operation: string, input: Call["input"]): Call {
  const present = Object.entries(input).filter(([, value]) => value !== undefined);
  return { service: "elasticloadbalancingv2", operation, input: Object.fromEntries(present) };
}
