/** Secrets enter a call at the last moment and leave no trace. */
import { readOidcClient, type Secret } from "@elbplan/core";
import type { AwsApi, AwsCall } from "./aws-api.ts";
import { AwsError, awsErrorOf } from "./aws-error.ts";

/** Where a value is to be read: a field of a Kubernetes Secret. */
export interface SecretField {
  /** `namespace/name`. */
  readonly secret: string;
  readonly key: string;
}

/** Reads a field of a Secret. */
export type ReadSecret = (field: SecretField) => Promise<string>;

/** Reads the clients of OIDC actions from the Secrets that a plan was made from. */
export function secretsFrom(secrets: readonly Secret[]): ReadSecret {
  return async ({ secret, key }) => {
    const found = secrets.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === secret);
    if (found === undefined) throw new Error("there is no such Secret");
    const client = readOidcClient(found);
    if ("lacks" in client) throw new Error(`it holds no ${client.lacks}`);
    return key === "clientID" ? client.clientId : client.clientSecret;
  };
}

/**
 * Puts what the Secrets hold into calls that name them. It belongs directly around what talks to AWS: recordings and
 * journals made outside of it see the names only. Should an answer or an error repeat a secret, it is masked.
 */
export function withSecrets(api: AwsApi, read: ReadSecret = noSecrets): AwsApi {
  return async (call, options) => {
    const secrets = new Set<string>();
    const sent = { ...call, input: (await filled(call, read, secrets)) as AwsCall["input"] };
    if (secrets.size === 0) return api(sent, options);
    try {
      const response = await api(sent, options);
      return masked(response, secrets) as typeof response;
    } catch (thrown) {
      const { code, message, operation, outcome, requestId } = awsErrorOf(thrown, call.operation);
      throw new AwsError({ code, message: mask(message, secrets), operation, outcome, requestId });
    }
  };
}

async function filled({ input, operation }: AwsCall, read: ReadSecret, secrets: Set<string>): Promise<unknown> {
  const walk = async (value: unknown): Promise<unknown> => {
    if (typeof value !== "object" || value === null || value instanceof Date) return value;
    if (Array.isArray(value)) return Promise.all(value.map(walk));
    if (isSecretField(value)) {
      const text = await read({ secret: value.secret, key: value.key }).catch((thrown: unknown) => {
        throw unavailable(value, operation, thrown);
      });
      // A client's id is no secret: AWS tells it, and ARNs of an answer may well hold the same word.
      if (value.key !== "clientID") secrets.add(text);
      return text;
    }
    const entries = Object.entries(value).map(async ([key, item]) => [key, await walk(item)] as const);
    return Object.fromEntries(await Promise.all(entries));
  };
  return walk(input);
}

/** As `callFor` writes it. */
function isSecretField(value: object): value is SecretField {
  return "unknown" in value && "secret" in value && "key" in value;
}

function unavailable({ secret, key }: SecretField, operation: string, thrown: unknown): AwsError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `${key} of Secret ${secret} can't be read: ${reason}`;
  return new AwsError({ code: "SecretUnavailable", message, operation, outcome: "refused" });
}

async function noSecrets(): Promise<string> {
  throw new Error("Secrets can be read only from the cluster");
}

function masked(value: unknown, secrets: ReadonlySet<string>): unknown {
  if (typeof value === "string") return mask(value, secrets);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => masked(item, secrets));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, secrets)]));
}

function mask(text: string, secrets: ReadonlySet<string>): string {
  return [...secrets].reduce((masking, secret) => (secret === "" ? masking : masking.replaceAll(secret, "***")), text);
}
