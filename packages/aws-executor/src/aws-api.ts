/**
 * The one port to AWS. Readers, senders, waits and look-ups all go through a function of this type, so that throttling,
 * recording, faults and fakes are wrappers of one function.
 */
import type { Call } from "@elbplan/core";
import { awsErrorOf } from "./aws-error.ts";
import { type AwsConnection, clientOptions, roleCredentials } from "./connection.ts";

/** The services that plans write to, and those that are only read. */
export type AwsService = Exclude<Call["service"], "kubernetes"> | "resourcegroupstaggingapi" | "route53" | "sts";

export interface AwsCall {
  readonly service: AwsService;
  /** The API's operation name, for instance `DescribeSubnets`. */
  readonly operation: string;
  /** The request, field names as in the API. */
  readonly input: { readonly [field: string]: unknown };
}

/** The answer, field names as in the API. */
export type AwsResponse = { readonly [field: string]: unknown };

export interface AwsCallOptions {
  /** Aborted: the call is cut off, also on its way. */
  readonly signal?: AbortSignal;
  /** Aborted: a call that still waits for its turn isn't sent. */
  readonly stop?: AbortSignal;
  /** Asked at the last moment before a request is sent, each time that it is; what it throws ends the call. */
  readonly beforeSending?: () => void;
}

/** Makes a call and gives the answer, or rejects with an `AwsError`. */
export type AwsApi = (call: AwsCall, options?: AwsCallOptions) => Promise<AwsResponse>;

/** Each service's client, loaded when it is first called: all of them together take more than a second. */
const CLIENTS: { readonly [S in AwsService]: () => Promise<ClientModule> } = {
  elasticloadbalancingv2: async () =>
    clientModule(await import("@aws-sdk/client-elastic-load-balancing-v2"), "ElasticLoadBalancingV2Client"),
  ec2: async () => clientModule(await import("@aws-sdk/client-ec2"), "EC2Client"),
  acm: async () => clientModule(await import("@aws-sdk/client-acm"), "ACMClient"),
  wafv2: async () => clientModule(await import("@aws-sdk/client-wafv2"), "WAFV2Client"),
  "waf-regional": async () => clientModule(await import("@aws-sdk/client-waf-regional"), "WAFRegionalClient"),
  shield: async () => clientModule(await import("@aws-sdk/client-shield"), "ShieldClient"),
  resourcegroupstaggingapi: async () =>
    clientModule(await import("@aws-sdk/client-resource-groups-tagging-api"), "ResourceGroupsTaggingAPIClient"),
  route53: async () => clientModule(await import("@aws-sdk/client-route-53"), "Route53Client"),
  sts: async () => clientModule(await import("@aws-sdk/client-sts"), "STSClient"),
};

type Constructor = new (argument: unknown) => unknown;

interface SdkCommand {
  readonly middlewareStack: { add(middleware: unknown, options: object): void };
}

interface SdkClient {
  send(command: unknown, options: { readonly abortSignal?: AbortSignal }): Promise<object>;
}

interface ClientModule {
  readonly newClient: (options: object) => SdkClient;
  /** undefined if the service has no such operation. */
  readonly newCommand: (operation: string, input: object) => SdkCommand | undefined;
}

/** The AWS SDK's clients as `AwsApi`, with its standard retries of throttled calls and broken connections. */
export function sdkApi(connection: AwsConnection = {}): AwsApi {
  const clients = new Map<AwsService, Promise<readonly [ClientModule, SdkClient]>>();
  const credentials = roleCredentials(connection);
  const clientOf = (service: AwsService): Promise<readonly [ClientModule, SdkClient]> => {
    const known = clients.get(service);
    if (known !== undefined) return known;
    const made = CLIENTS[service]().then(
      (module) => [module, module.newClient({ ...clientOptions(service, connection), ...credentials })] as const,
    );
    clients.set(service, made);
    return made;
  };
  return async ({ service, operation, input }, { signal, beforeSending } = {}) => {
    const [module, client] = await clientOf(service);
    const command = module.newCommand(operation, input);
    if (command === undefined) throw new TypeError(`${service} has no operation ${operation}`);
    if (beforeSending !== undefined) askBeforeSending(command, beforeSending);
    try {
      const answer = await client.send(command, signal === undefined ? {} : { abortSignal: signal });
      const { $metadata: _, ...response } = answer as { readonly $metadata?: unknown };
      return response;
    } catch (thrown) {
      throw awsErrorOf(thrown, operation);
    }
  };
}

/** The SDK's last step before its HTTP handler; retries go through it again. */
function askBeforeSending({ middlewareStack }: SdkCommand, ask: () => void): void {
  const middleware = (next: (request: unknown) => Promise<unknown>) => async (request: unknown) => {
    ask();
    return next(request);
  };
  middlewareStack.add(middleware, { name: "beforeSending", step: "finalizeRequest", priority: "low" });
}

/** The two things that are needed of a client's module; all modules of the SDK are named alike. */
function clientModule(module: object, client: string): ClientModule {
  const exported = new Map(Object.entries(module));
  return {
    newClient: (options) => new (exported.get(client) as Constructor)(options) as SdkClient,
    newCommand: (operation, input) => {
      const command = exported.get(`${operation}Command`) as Constructor | undefined;
      return command && (new command(input) as SdkCommand);
    },
  };
}
