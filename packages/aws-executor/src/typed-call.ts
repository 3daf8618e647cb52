/** Calls with the SDK's own types of input and answer. Types only: nothing is loaded for them. */
import type { AwsApi, AwsCallOptions, AwsService } from "./aws-api.ts";

interface Modules {
  readonly elasticloadbalancingv2: typeof import("@aws-sdk/client-elastic-load-balancing-v2");
  readonly ec2: typeof import("@aws-sdk/client-ec2");
  readonly acm: typeof import("@aws-sdk/client-acm");
  readonly wafv2: typeof import("@aws-sdk/client-wafv2");
  readonly "waf-regional": typeof import("@aws-sdk/client-waf-regional");
  readonly shield: typeof import("@aws-sdk/client-shield");
  readonly resourcegroupstaggingapi: typeof import("@aws-sdk/client-resource-groups-tagging-api");
  readonly route53: typeof import("@aws-sdk/client-route-53");
  readonly sts: typeof import("@aws-sdk/client-sts");
}

type Named<M, Name> = Name extends keyof M
  ? M[Name] extends abstract new (
      ...given: never
    ) => infer C
    ? C
    : never
  : never;
type Command<S extends AwsService, O extends string> = Named<Modules[S], `${O}Command`>;

/** Names of a service's operations, for instance `DescribeSubnets`. */
export type AwsOperation<S extends AwsService> = {
  [Name in keyof Modules[S]]: Name extends `${infer O}Command` ? (O extends "$" ? never : O) : never;
}[keyof Modules[S]];

/** What an operation takes. */
export type AwsInput<S extends AwsService, O extends string> =
  Command<S, O> extends { readonly input: infer I } ? I : never;

/** What an operation answers, without the SDK's own metadata. */
export type AwsOutput<S extends AwsService, O extends string> =
  Command<S, O> extends { resolveMiddleware(...given: never): (given: never) => Promise<{ readonly output: infer A }> }
    ? Omit<A, "$metadata">
    : never;

/** Makes a call whose service and operation are known when it is written; otherwise as the `AwsApi` itself. */
export async function callAws<S extends AwsService, O extends AwsOperation<S>>(
  api: AwsApi,
  service: S,
  operation: O,
  input: AwsInput<S, O>,
  options: AwsCallOptions = {},
): Promise<AwsOutput<S, O>> {
  const answer = await api({ service, operation, input: input as { readonly [field: string]: unknown } }, options);
  return answer as AwsOutput<S, O>;
}
