/** ARNs of what manifests name: trust stores, web ACLs, target groups. */
import type { NamedArn } from "@elbplan/core";
import { askMany } from "../inventory/ask-many.ts";
import type { Reader } from "../inventory/reader.ts";

const MINUTE = 60_000;
/** Names in one call. */
const NAMES = 20;

/** Ascending by name; a name that nothing bears is missing. */
export function readTrustStores(reader: Reader, names: readonly string[]): Promise<readonly NamedArn[]> {
  return known(reader, "trustStore", names, 10 * MINUTE, (missing) =>
    askMany(missing, NAMES, async (asked): Promise<Pairs | undefined> => {
      const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeTrustStores", { Names: [...asked] });
      return answer?.TrustStores?.map(({ Name, TrustStoreArn }) => [Name, TrustStoreArn] as const);
    }),
  );
}

/** Ascending by name; a name that nothing bears is missing. */
export function readTargetGroupsByName(reader: Reader, names: readonly string[]): Promise<readonly NamedArn[]> {
  return known(reader, "targetGroupName", names, 20 * MINUTE, (missing) =>
    askMany(missing, NAMES, async (asked): Promise<Pairs | undefined> => {
      const answer = await reader.unlessGone("elasticloadbalancingv2", "DescribeTargetGroups", { Names: [...asked] });
      return answer?.TargetGroups?.map(({ TargetGroupName, TargetGroupArn }) => [TargetGroupName, TargetGroupArn]);
    }),
  );
}

/** Regional ones, ascending by name; AWS lists all of them and finds none by name. */
export function readWebAcls(reader: Reader, names: readonly string[]): Promise<readonly NamedArn[]> {
  return known(reader, "webAclName", names, 60 * MINUTE, async () => {
    const pages = await reader.pages("wafv2", "ListWebACLs", { Scope: "REGIONAL", Limit: 100 });
    return pages.flatMap(({ WebACLs = [] }) => WebACLs).map(({ Name, ARN }) => [Name, ARN]);
  });
}

type Pairs = readonly (readonly [name: string | undefined, arn: string | undefined])[];

async function known(
  { cache }: Reader,
  kind: string,
  names: readonly string[],
  lifetimeMs: number,
  load: (missing: readonly string[]) => Promise<Pairs>,
): Promise<readonly NamedArn[]> {
  if (names.length === 0) return [];
  const arns = await cache.getMany(kind, names, lifetimeMs, async (missing) => {
    const pairs = await load(missing);
    return new Map(pairs.flatMap(([name, arn]) => (name === undefined || arn === undefined ? [] : [[name, arn]])));
  });
  return [...arns].map(([name, arn]) => ({ name, arn })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
