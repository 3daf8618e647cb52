/** Facts and inventory from AWS instead of files. */
import type { AwsApi, AwsReading, Place } from "@elbplan/aws-executor";
import {
  type ClusterSnapshot,
  type Facts,
  type Inventory,
  type InventoryNeeded,
  parseFlagMap,
  type Settings,
} from "@elbplan/core";
import { askAws, openAws } from "./aws.ts";
import type { Io } from "./io.ts";
import type { InputOptions, PlanningOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

/** What is known before AWS is asked. */
export interface AwsQuestion {
  readonly snapshot: ClusterSnapshot;
  readonly settings: Settings;
  /** Facts of a file; without them they are read. */
  readonly facts: Facts | undefined;
  readonly bindings: Inventory["targetGroupBindings"] | undefined;
  /** What to read of the inventory beside what a plan of these objects compares. */
  readonly everything?: (settings: Settings, vpcId: string) => InventoryNeeded;
}

/** Reads AWS once, for a plan made with these options. An error of AWS is a refusal. */
export async function readAwsInput(
  { snapshot, settings, facts, bindings, everything }: AwsQuestion,
  options: InputOptions & Pick<PlanningOptions, "prune" | "drain">,
  io: Io,
): Promise<AwsReading> {
  const { createCache, readAws, SYSTEM_CLOCK } = await import("@elbplan/aws-executor");
  const api = await openAws(options, io);
  const cache = createCache(SYSTEM_CLOCK);
  const place = facts === undefined ? await findPlace(api, options) : placeOf(facts);
  const { prune, drain } = options;
  return askAws(
    readAws(api, snapshot, settings, place, {
      cache,
      plan: { prune: prune === true, drain: drain === true },
      ...(facts && { facts }),
      ...(bindings && { targetGroupBindings: bindings }),
      ...(everything && { needed: everything(settings, place.vpcId) }),
    }),
  );
}

function placeOf({ region, accountId, vpc }: Facts): Place {
  return { region, accountId, vpcId: vpc.id };
}

/** Finds out where this is: what LBC's flags don't say, AWS tells. What can't be told is a refusal. */
export async function findPlace(api: AwsApi, options: InputOptions): Promise<Place> {
  const { createCache, findPlace: find, SYSTEM_CLOCK } = await import("@elbplan/aws-executor");
  const { "aws-region": region, "aws-vpc-id": vpcId, "aws-vpc-tags": tags = "" } = options.lbcFlags ?? {};
  const vpcTags = parseFlagMap(tags);
  if ("problem" in vpcTags) throw new Refusal(`flag --aws-vpc-tags: ${vpcTags.problem}.`);
  const hint = {
    // Empty is as not given, as in LBC.
    ...(region && { region }),
    ...(vpcId && { vpcId }),
    ...(tags !== "" && { vpcTags: vpcTags.value }),
  };
  const found = await askAws(find(api, hint, { cache: createCache(SYSTEM_CLOCK) }));
  if ("diagnostics" in found) throw new Refusal("nothing was planned.", found.diagnostics);
  return found.place;
}
