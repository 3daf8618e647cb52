import type { ActionKind } from "@elbplan/core";
import type { Play } from "./world.ts";

/** One thing that an executor promises. */
export interface ContractTest {
  readonly name: string;
  /** What it is about; without one of these it can't be told. */
  readonly kinds: readonly ActionKind[];
  /** `skip` ends the test as left out: the world isn't made for it. */
  readonly play: (play: Play, skip: (why: string) => never) => Promise<void>;
}
