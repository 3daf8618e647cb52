/** The ports of the controller: where snapshots come from and where results go. The loop comes with later work. */
export type { ClusterSource, GroupStatus, StatusSink } from "./ports.ts";
