/** What is told of a run while it goes on. */
import type { RunEvent } from "@elbplan/aws-executor";

/** Shows a run. `begin` is called first, `end` last. */
export interface Progress {
  readonly begin: () => void;
  readonly tell: (event: RunEvent) => void;
  /** The user has interrupted the run. */
  readonly stopping: () => void;
  /** Resolves when everything is shown. */
  readonly end: () => Promise<void>;
}

export const STOPPING = "Stopping; what is under way is waited for. Interrupt again to leave at once.";
