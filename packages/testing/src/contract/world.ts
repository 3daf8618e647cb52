/** What an executor is tried in. */
import {
  type Action,
  type ActionDetails,
  type ActionKind,
  type CallError,
  callFor,
  DEFAULT_QUOTAS,
  type Executor,
  type Inventory,
  type Output,
  type Quotas,
  type Step,
} from "@elbplan/core";

/** The cluster that everything made here belongs to, by its tags. */
export const CONTRACT_CLUSTER = "contract";

/** Where the contract is played. What it names must exist, belong to nobody else, and is left as it was found. */
export interface ContractPlace {
  readonly vpcId: string;
  /** In the VPC, in as many zones. */
  readonly subnetIds: readonly [string, string, string];
  /** Issued, and usable by load balancers. */
  readonly certificateArns: readonly [string, string, string];
  /** Addresses within the VPC that may be targets. */
  readonly addresses: readonly [string, string];
  readonly webAclArns: readonly [string, string];
  /** Of AWS WAF Classic. */
  readonly wafRegionalIds: readonly [string, string];
}

/** An executor and what it is tried in. */
export interface ContractWorld {
  readonly executor: Executor;
  readonly place: ContractPlace;
  /** What exists of the cluster `CONTRACT_CLUSTER`, read anew: everything that a plan could compare. */
  readonly inventory: () => Promise<Inventory>;
  /** Where they aren't AWS's defaults. Small ones make the contract quick. */
  readonly quotas?: Partial<Quotas>;
  readonly close?: () => Promise<void>;
}

/** Makes calls and looks at what came of them. */
export interface Play {
  readonly place: ContractPlace;
  readonly quotas: Quotas;
  /** A name that nothing else has. */
  readonly name: () => string;
  /** Ownership tags of a resource. */
  readonly tags: (resource: string) => { readonly [key: string]: string };
  /** Makes the call that must succeed; gives what it created. */
  readonly send: <K extends ActionKind>(kind: K, details: ActionDetails[K]) => Promise<Output | undefined>;
  /** The id of what the call created, which for most is the ARN; fails if it created nothing. */
  readonly create: <K extends ActionKind>(kind: K, details: ActionDetails[K]) => Promise<string>;
  /** Makes the call that must be refused; gives the error. */
  readonly refused: <K extends ActionKind>(kind: K, details: ActionDetails[K]) => Promise<CallError>;
  readonly find: <K extends ActionKind>(kind: K, details: ActionDetails[K]) => ReturnType<Executor["find"]>;
  readonly met: (details: ActionDetails["wait"]) => ReturnType<Executor["met"]>;
  readonly inventory: () => Promise<Inventory>;
}

/** An action by itself, of no plan. */
export function actionOf<K extends ActionKind>(kind: K, details: ActionDetails[K]): Action {
  const base = {
    id: kind,
    stack: "contract/one",
    resource: `${kind}/x`,
    dependsOn: [],
    reason: "",
    disruption: "none",
  };
  return { ...base, kind, details } as unknown as Action;
}

/** Plays in a world. `sent` hears of every kind whose call succeeded. */
export function playIn(world: ContractWorld, sent: (kind: ActionKind) => void): Play {
  let names = 0;
  const stepOf = <K extends ActionKind>(kind: K, details: ActionDetails[K]): Step => {
    const action = actionOf(kind, details);
    const call = callFor(action);
    if (call === null) throw new Error(`${kind} makes no call`);
    return { action, call };
  };
  const send: Play["send"] = async (kind, details) => {
    const output = await world.executor.send(stepOf(kind, details));
    sent(kind);
    return output;
  };
  return {
    place: world.place,
    quotas: { ...DEFAULT_QUOTAS, ...world.quotas },
    name: () => `contract-${++names}`,
    tags: (resource) => ({
      "elbv2.k8s.aws/cluster": CONTRACT_CLUSTER,
      "ingress.k8s.aws/stack": "contract/one",
      "ingress.k8s.aws/resource": resource,
    }),
    send,
    create: async (kind, details) => {
      const output = await send(kind, details);
      if (output === undefined) throw new Error(`${kind} gave nothing back`);
      return output.id;
    },
    refused: async (kind, details) => {
      const ended = await world.executor.send(stepOf(kind, details)).then(
        () => undefined,
        (error: unknown) => error as CallError,
      );
      if (ended === undefined) throw new Error(`${kind} wasn't refused`);
      return ended;
    },
    find: (kind, details) => world.executor.find(stepOf(kind, details)),
    met: (details) => world.executor.met(actionOf("wait", details) as Parameters<Executor["met"]>[0]),
    inventory: world.inventory,
  };
}
