/** The Secrets of a saved plan: it names them, and what they hold is read when it is carried out. */
import {
  clientsOf,
  type Diagnostic,
  diagnose,
  digestOfClient,
  type Plan,
  readOidcClient,
  type Secret,
  type SecretClient,
} from "@elbplan/core";
import { readManifests } from "@elbplan/k8s-source";
import { secretsInCluster } from "./cluster-writer.ts";
import type { Io } from "./io.ts";
import type { InputOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/**
 * Reads the Secrets whose clients the plan sends, from the cluster or from manifests; none if it sends none. Refuses if one
 * of them can't be read, or holds another client than when the plan was made.
 */
export async function readSecretsOf(plan: Plan, options: InputOptions, io: Io): Promise<readonly Secret[]> {
  const clients = plan.actions.flatMap(clientsOf);
  if (clients.length === 0) return [];
  const { secrets, unreadable } = await readFrom([...new Set(clients.map(({ secret }) => secret))], options, io);
  const problems = new Map(
    clients
      .flatMap((client) => problemOf(client, secrets, unreadable) ?? [])
      .map((problem) => [problem.message, problem]),
  );
  if (problems.size > 0) throw new Refusal("nothing was done.", [...problems.values()]);
  return secrets;
}

interface Found {
  readonly secrets: readonly Secret[];
  /** Why some of them couldn't be read. */
  readonly unreadable: readonly Diagnostic[];
}

async function readFrom(keys: readonly string[], options: InputOptions, io: Io): Promise<Found> {
  const { cluster, filename, recursive } = options;
  if (cluster === true && filename !== undefined) {
    throw new Refusal("-f and --cluster say both where Secrets are; give one of them.");
  }
  if (cluster === true) {
    const { snapshot, diagnostics } = await secretsInCluster(keys, options, io);
    return { secrets: snapshot.secrets ?? [], unreadable: diagnostics };
  }
  if (filename === undefined) return { secrets: [], unreadable: [] };
  const { snapshot } = await readManifests(filename, { recursive: recursive === true, stdin: io.stdin.bytes });
  return { secrets: snapshot.secrets ?? [], unreadable: [] };
}

function problemOf(
  { secret, digest }: SecretClient,
  secrets: readonly Secret[],
  unreadable: readonly Diagnostic[],
): Diagnostic | undefined {
  const refuse = (message: string): Diagnostic => diagnose("run.secret", message);
  const found = secrets.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === secret);
  if (found === undefined) {
    const why = unreadable.map(({ message }) => ` ${message}`).join("");
    return refuse(`The plan sends the client in Secret ${secret}, which wasn't found.${why}`);
  }
  const client = readOidcClient(found);
  if ("lacks" in client) return refuse(`Secret ${secret} holds no ${client.lacks}.`);
  if (digestOfClient(client) === digest) return undefined;
  return refuse(`Secret ${secret} holds another client than when the plan was made; plan again.`);
}
