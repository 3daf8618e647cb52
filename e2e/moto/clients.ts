/** The AWS SDK against an endpoint, one function a service: `elbv2("DescribeRules", { … })`. */
import * as acm from "@aws-sdk/client-acm";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import * as tagging from "@aws-sdk/client-resource-groups-tagging-api";
import * as route53 from "@aws-sdk/client-route-53";
import * as shield from "@aws-sdk/client-shield";
import * as sts from "@aws-sdk/client-sts";
import * as wafv2 from "@aws-sdk/client-wafv2";

export const REGION = "us-west-2";
export const ACCOUNT = "123456789012";

/** Made up for the emulator, which takes any. */
const CREDENTIALS = { accessKeyId: "AKIAEMULATOREXAMPLE0", secretAccessKey: "emulator-secret-canary" };

interface Client {
  send(command: never): Promise<unknown>;
}

type Module = { readonly [name: string]: unknown };

/** Sends one operation with its input and resolves with the output; rejects with the SDK's error. */
// biome-ignore lint/suspicious/noExplicitAny: the outputs of two hundred operations, in tests
export type Send = (operation: string, input?: object) => Promise<any>;

function sender(module: Module, client: string, endpoint: string): Send {
  const Constructor = module[client] as new (config: object) => Client;
  const made = new Constructor({ endpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });
  return (operation, input = {}) => {
    const Command = module[`${operation}Command`] as new (input: object) => never;
    return made.send(new Command(input));
  };
}

export interface Clients {
  readonly acm: Send;
  readonly ec2: Send;
  readonly elbv2: Send;
  readonly route53: Send;
  readonly shield: Send;
  readonly sts: Send;
  readonly tagging: Send;
  readonly wafv2: Send;
}

/** Clients that don't retry, so that a test sees what the endpoint answers. */
export function clientsOf(endpoint: string): Clients {
  return {
    acm: sender(acm, "ACMClient", endpoint),
    ec2: sender(ec2, "EC2Client", endpoint),
    elbv2: sender(elbv2, "ElasticLoadBalancingV2Client", endpoint),
    route53: sender(route53, "Route53Client", endpoint),
    shield: sender(shield, "ShieldClient", endpoint),
    sts: sender(sts, "STSClient", endpoint),
    tagging: sender(tagging, "ResourceGroupsTaggingAPIClient", endpoint),
    wafv2: sender(wafv2, "WAFV2Client", endpoint),
  };
}
