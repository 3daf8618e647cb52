/** An AWS to read from, without a network: it answers from a simulated account and from facts. */
import type { Account, Facts } from "@elbplan/core";
import { account as emptyAccountOf } from "../builders/cluster.ts";
import { FakeAwsError, type Fields, keyValues, type Operations, page } from "./answer.ts";
import { ec2Operations } from "./ec2.ts";
import { loadBalancingOperations } from "./load-balancing.ts";

export interface FakeAwsCall {
  readonly service: string;
  readonly operation: string;
  readonly input: Fields;
}

export interface FakeAwsOptions {
  /** What exists; a function is asked before each answer. Nothing by default. */
  readonly account?: Account | (() => Account);
  /** What a build looks up. */
  readonly facts: Facts;
  /** The longest page; AWS's own by default. */
  readonly pageSize?: number;
}

/**
 * The reading half of `AwsApi` of `@elbplan/aws-executor`: Describe, List and Get operations, with AWS's filters, pages,
 * limits and errors, and answers as AWS words them (the default rule among the rules, target groups told twice, only the
 * default certificate with a listener). Any other call is refused.
 */
export function fakeAws(options: FakeAwsOptions): (call: FakeAwsCall) => Promise<Fields> {
  const { facts, pageSize = 1000 } = options;
  const { account: given = emptyAccountOf(facts) } = options;
  return async ({ service, operation, input }) => {
    const account = withLoadBalancers(typeof given === "function" ? given() : given, facts);
    const answer = servicesOf(account, facts, pageSize)[service]?.[operation];
    try {
      if (answer === undefined) throw new FakeAwsError("InvalidAction", `${service} ${operation} isn't answered here`);
      return answer(input);
    } catch (error) {
      if (error instanceof FakeAwsError) error.operation = operation;
      throw error;
    }
  };
}

/** Those that facts tell of, where an account doesn't hold them. */
function withLoadBalancers(account: Account, { loadBalancers: known = [], vpc }: Facts): Account {
  const existing = known.map(({ arn, name, type, scheme, subnetIds, securityGroups, tags }) => ({
    ...{ arn, vpcId: vpc.id, dnsName: `${name}.elb.example`, state: "active" as const },
    spec: {
      ...{ name, type: type as "application", scheme: scheme as "internal", ipAddressType: "ipv4", tags },
      subnetMappings: subnetIds.map((subnetId) => ({ subnetId })),
      ...(securityGroups && { securityGroups }),
    },
  }));
  const loadBalancers = Object.fromEntries(existing.map((each) => [each.arn, each]));
  return { ...account, loadBalancers: { ...loadBalancers, ...account.loadBalancers } };
}

function servicesOf(account: Account, facts: Facts, pageSize: number): { readonly [service: string]: Operations } {
  return {
    elasticloadbalancingv2: loadBalancingOperations(account, facts, pageSize),
    ec2: ec2Operations(account, facts, pageSize),
    acm: acmOperations(account, facts, pageSize),
    wafv2: {
      ListWebACLs: (input) =>
        page(
          input,
          "WebACLs",
          facts.webACLs.map(({ name, arn }) => ({ Name: name, ARN: arn })),
          { ask: "NextMarker", next: "NextMarker", size: "Limit", most: 100 },
          pageSize,
        ),
      GetWebACLForResource: ({ ResourceArn }) => {
        const ARN = account.webAclAssociations[String(ResourceArn)];
        return ARN === undefined ? {} : { WebACL: { ARN } };
      },
    },
    "waf-regional": {
      GetWebACLForResource: ({ ResourceArn }) => {
        const WebACLId = account.wafRegionalAssociations[String(ResourceArn)];
        return WebACLId === undefined ? {} : { WebACLSummary: { WebACLId } };
      },
    },
    shield: {
      DescribeProtection: ({ ResourceArn }) => {
        const protection = account.shieldProtections[String(ResourceArn)];
        if (protection === undefined) throw new FakeAwsError("ResourceNotFound", "no protection");
        return { Protection: { Id: protection.id, Name: protection.name, ResourceArn } };
      },
      GetSubscriptionState: () => ({
        SubscriptionState: account.shieldSubscription === false ? "INACTIVE" : "ACTIVE",
      }),
    },
    resourcegroupstaggingapi: { GetResources: (input) => taggedResources(account, input, pageSize) },
    sts: { GetCallerIdentity: () => ({ Account: facts.accountId }) },
  };
}

function acmOperations(account: Account, facts: Facts, pageSize: number): Operations {
  const own = Object.values(account.certificates).map(({ arn, status, spec }) => ({
    arn,
    ...{ domain: spec.domainName, sans: spec.subjectAlternativeNames, status, type: spec.type },
    keyAlgorithm: spec.keyAlgorithm,
    caArn: spec.certificateAuthorityArn,
    tags: spec.tags,
  }));
  const ids = new Set(own.map(({ arn }) => arn));
  const all = [...own, ...facts.certificates.filter(({ arn }) => !ids.has(arn))];
  const find = (arn: unknown): (typeof all)[number] => {
    const certificate = all.find((each) => each.arn === arn);
    if (certificate === undefined) throw new FakeAwsError("ResourceNotFound", `no certificate ${String(arn)}`);
    return certificate;
  };
  return {
    ListCertificates: (input) => {
      const statuses = input["CertificateStatuses"];
      const listed = all.filter(({ status }) => !Array.isArray(statuses) || statuses.includes(status));
      const summaries = listed.map(({ arn, domain, sans, status, type, keyAlgorithm }) => ({
        ...{ CertificateArn: arn, DomainName: domain, Status: status, Type: type, KeyAlgorithm: keyAlgorithm },
        SubjectAlternativeNameSummaries: sans.slice(0, 100),
        HasAdditionalSubjectAlternativeNames: sans.length > 100,
      }));
      const paging = { ask: "NextToken", next: "NextToken", size: "MaxItems", most: 1000 };
      return page(input, "CertificateSummaryList", summaries, paging, pageSize);
    },
    DescribeCertificate: ({ CertificateArn }) => {
      const { arn, domain, sans, status, type, keyAlgorithm, caArn } = find(CertificateArn);
      return {
        Certificate: {
          ...{ CertificateArn: arn, DomainName: domain, SubjectAlternativeNames: sans, Status: status, Type: type },
          ...{ KeyAlgorithm: keyAlgorithm?.replaceAll("_", "-"), CertificateAuthorityArn: caArn },
        },
      };
    },
    ListTagsForCertificate: ({ CertificateArn }) => ({ Tags: keyValues(find(CertificateArn).tags) }),
  };
}

/** Load balancers and target groups by one tag. */
function taggedResources(account: Account, input: Fields, pageSize: number): Fields {
  const [filter] = (input["TagFilters"] ?? []) as readonly {
    readonly Key: string;
    readonly Values: readonly string[];
  }[];
  const all = [...Object.values(account.loadBalancers), ...Object.values(account.targetGroups)];
  const matching = all.filter(({ spec: { tags = {} } }) => {
    const value = filter !== undefined && Object.hasOwn(tags, filter.Key) ? tags[filter.Key] : undefined;
    return value !== undefined && filter?.Values.includes(value) === true;
  });
  const mappings = matching.map(({ arn, spec }) => ({ ResourceARN: arn, Tags: keyValues(spec.tags) }));
  const paging = { ask: "PaginationToken", next: "PaginationToken", size: "ResourcesPerPage", most: 100 };
  // The last page's token is empty, not absent.
  return { PaginationToken: "", ...page(input, "ResourceTagMappingList", mappings, paging, pageSize) };
}
