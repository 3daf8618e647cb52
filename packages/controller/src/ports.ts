import type { ClusterSnapshot, Diagnostic } from "@elbplan/core";

/** Gives the cluster's objects as they are now, and again whenever they change. */
export interface ClusterSource {
  watch(onChange: (snapshot: ClusterSnapshot) => void, signal: AbortSignal): Promise<void>;
}

/** Writes back what came of a group: status, events, finalizers. */
export interface StatusSink {
  report(stack: string, status: GroupStatus): Promise<void>;
}

export interface GroupStatus {
  /** DNS name of the load balancer, lower case; absent while there is none. */
  readonly hostname?: string;
  /** Listener ports, ascending. */
  readonly ports: readonly number[];
  readonly diagnostics: readonly Diagnostic[];
}
