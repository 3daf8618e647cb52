/** Where and as whom AWS is called. What isn't said is as the SDK finds it in the environment, the profile, the instance. */
import { AWS_SERVICE_IDS } from "@elbplan/core";
import type { AwsService } from "./aws-api.ts";

export interface AwsConnection {
  readonly region?: string;
  readonly profile?: string;
  /** One address for every service, an emulator's for instance. */
  readonly endpoint?: string;
  /** Addresses of single services. */
  readonly endpoints?: ServiceEndpoints;
  /** A role that is taken on with the credentials that were found. */
  readonly role?: AwsRole;
  /** Call the endpoints with FIPS 140 cryptography. */
  readonly useFips?: boolean;
  /** Call the endpoints that have IPv6 addresses, too. */
  readonly useDualstack?: boolean;
  /** After so long without an answer a call counts as not answered; 30,000 by default. */
  readonly timeoutMs?: number;
  /** How often a call is sent at most, LBC's `aws-max-retries`; 10 by default. */
  readonly maxAttempts?: number;
}

export interface AwsRole {
  readonly arn: string;
  readonly externalId?: string;
}

export type ServiceEndpoints = { readonly [S in AwsService]?: string };

/** A server that is there answers a connection at once. */
const CONNECT_MS = 5000;

/** What the SDK's client of a service is made with. */
export function clientOptions(service: AwsService, connection: AwsConnection): { readonly [option: string]: unknown } {
  const { region, profile, maxAttempts = 10, timeoutMs = 30_000, useFips, useDualstack } = connection;
  const endpoint = connection.endpoints?.[service] ?? connection.endpoint;
  return {
    // One API that is throttled must not slow down the others, as the SDK's adaptive mode would.
    retryMode: "standard",
    maxAttempts,
    // By itself the SDK waits for ever.
    requestHandler: {
      connectionTimeout: Math.min(timeoutMs, CONNECT_MS),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
    },
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(useFips !== undefined && { useFipsEndpoint: useFips }),
    ...(useDualstack !== undefined && { useDualstackEndpoint: useDualstack }),
  };
}

/** Credentials of the role, for the clients of all services; none without a role. They are asked for when first used. */
export function roleCredentials(connection: AwsConnection): { readonly credentials?: () => Promise<object> } {
  const { role, profile } = connection;
  if (role === undefined) return {};
  let provider: Promise<() => Promise<object>> | undefined;
  const load = async (): Promise<() => Promise<object>> => {
    const { fromNodeProviderChain, fromTemporaryCredentials } = await import("@aws-sdk/credential-providers");
    const provide = fromTemporaryCredentials({
      masterCredentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
      params: {
        RoleArn: role.arn,
        RoleSessionName: "elbplan",
        ...(role.externalId !== undefined && { ExternalId: role.externalId }),
      },
      clientConfig: clientOptions("sts", connection),
    });
    return async () => provide();
  };
  return {
    credentials: async () => {
      provider ??= load();
      return (await provider)();
    },
  };
}

/** Names that LBC took before it went by service ids. */
const OLD_IDS: ReadonlyMap<string, string> = new Map([
  ["elasticloadbalancing", "elasticloadbalancingv2"],
  ["ec2", "ec2"],
  ["acm", "acm"],
  ["wafv2", "wafv2"],
  ["waf-regional", "waf-regional"],
  ["shield", "shield"],
  ["tagging", "resourcegroupstaggingapi"],
  ["sts", "sts"],
]);

/**
 * Addresses from LBC's flag `aws-api-endpoints`: `serviceID=URL,…`. A service that elbplan never calls is accepted. What
 * is wrong is told without the address, which may hold a password.
 */
export function endpointsOfFlag(text: string): { readonly value: ServiceEndpoints } | { readonly problem: string } {
  const endpoints: [string, string][] = [];
  for (const entry of text === "" ? [] : text.split(",")) {
    const equals = entry.indexOf("=");
    if (equals < 1) return { problem: "it must be serviceID=URL, joined by commas" };
    const id = entry.slice(0, equals).trim();
    const address = entry.slice(equals + 1).trim();
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
      return { problem: `the address of ${JSON.stringify(id)} is no URL that begins with http:// or https://` };
    }
    const service = AWS_SERVICE_IDS.get(id) ?? OLD_IDS.get(id);
    if (service !== undefined) endpoints.push([service, address]);
  }
  return { value: Object.fromEntries(endpoints) };
}
