import type { AwsApi, AwsCall } from "../src/aws-api.ts";
import { AwsError } from "../src/aws-error.ts";

/** Answers by operation: a value, or what makes one of the call. A text is the code of a refusal. */
export type Answers = { readonly [operation: string]: object | string | ((input: AwsCall["input"]) => object) };

/** An `AwsApi` that knows these answers only, and notes what it is asked. */
export function fakeApi(answers: Answers): { readonly api: AwsApi; readonly asked: AwsCall[] } {
  const asked: AwsCall[] = [];
  return {
    asked,
    api: async (call) => {
      asked.push(call);
      const answer = answers[call.operation];
      if (answer === undefined) throw new Error(`nobody expected ${call.operation}`);
      const made = typeof answer === "function" ? answer(call.input) : answer;
      if (typeof made !== "string") return made as { readonly [field: string]: unknown };
      throw new AwsError({
        code: made,
        message: "no",
        operation: call.operation,
        outcome: "refused",
        requestId: "r-1",
      });
    },
  };
}
