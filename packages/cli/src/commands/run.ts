import { createController } from "@elbplan/controller";
import { operate } from "../controller/operate.ts";
import type { RunOptions } from "../controller/options.ts";
import type { Io } from "../io.ts";

/** Watches a cluster and keeps AWS as its Ingresses ask for, until it is stopped. */
export async function run(options: RunOptions, io: Io): Promise<number> {
  return operate(options, io, { createController });
}
