/** Answers that come in pages. */
import type { AwsApi, AwsCallOptions, AwsService } from "./aws-api.ts";
import { type AwsInput, type AwsOperation, type AwsOutput, callAws } from "./typed-call.ts";

/** How a service says that there is more, and how it is asked for it. */
const TOKENS: { readonly [S in AwsService]?: { readonly next: string; readonly ask: string } } = {
  elasticloadbalancingv2: { next: "NextMarker", ask: "Marker" },
  ec2: { next: "NextToken", ask: "NextToken" },
  acm: { next: "NextToken", ask: "NextToken" },
  route53: { next: "NextMarker", ask: "Marker" },
  wafv2: { next: "NextMarker", ask: "NextMarker" },
  resourcegroupstaggingapi: { next: "PaginationToken", ask: "PaginationToken" },
};

/** The pages of an answer, one after another; the next is asked for only when it is wanted. */
export async function* everyPage<S extends AwsService, O extends AwsOperation<S>>(
  api: AwsApi,
  service: S,
  operation: O,
  input: AwsInput<S, O>,
  options: AwsCallOptions = {},
): AsyncGenerator<AwsOutput<S, O>, void> {
  const tokens = TOKENS[service];
  for (let asked = input; ; ) {
    const page = await callAws(api, service, operation, asked, options);
    yield page;
    const next = tokens && new Map(Object.entries(page)).get(tokens.next);
    if (tokens === undefined || typeof next !== "string" || next === "") return;
    asked = { ...(input as object), [tokens.ask]: next } as AwsInput<S, O>;
  }
}

/** All pages. */
export async function allPages<S extends AwsService, O extends AwsOperation<S>>(
  api: AwsApi,
  service: S,
  operation: O,
  input: AwsInput<S, O>,
  options: AwsCallOptions = {},
): Promise<readonly AwsOutput<S, O>[]> {
  const pages: AwsOutput<S, O>[] = [];
  for await (const page of everyPage(api, service, operation, input, options)) pages.push(page);
  return pages;
}
