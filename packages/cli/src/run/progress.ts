/** What is told of a run while it goes on. */
import type { RunEvent } from "@elbplan/aws-executor";


/** Shows a run. `begin` is called first, `end` last. */
export interface Progress {
  readonly begin: () => void;
  readonly tell: (event: RunEvent) => void;
  /** Resolves when everything is shown. */
  readonly end: () => Promise<void>;
}

