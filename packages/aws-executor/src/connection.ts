/** Where and as whom AWS is called. */
import type { AwsService } from "./aws-api.ts";

export interface AwsConnection {
  /** By default what the SDK finds in the environment and the profile. */
  readonly region?: string;
  readonly profile?: string;
  /** One address for every service, an emulator's for instance. */
  readonly endpoint?: string;
  /** How often a call is sent at most, LBC's `aws-max-retries`; 10 by default. */
  readonly maxAttempts?: number;
}

/** What the SDK's client of a service is made with. */
export function clientOptions(_service: AwsService, connection: AwsConnection): { readonly [option: string]: unknown } {
  const { region, profile, endpoint, maxAttempts = 10 } = connection;
  return {
    // One API that is throttled must not slow down the others, as the SDK's adaptive mode would.
    retryMode: "standard",
    maxAttempts,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
