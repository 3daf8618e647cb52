import type { InputOptions, OutputOptions, RunningOptions } from "../options.ts";

/** The options of `run`. */
export interface RunOptions
  extends Pick<
      InputOptions,
      | "settings"
      | "context"
      | "kubeconfig"
      | "namespace"
      | "profile"
      | "assumeRole"
      | "externalId"
      | "fips"
      | "dualstack"
      | "lbcFlags"
    >,
    OutputOptions,
    RunningOptions {
  /** Plans are shown and nothing is ever written. */
  readonly dryRun?: true;
  /** False: no Lease is held, and no other replica may run. */
  readonly leaderElect?: boolean;
  readonly warm?: boolean;
  readonly drain?: boolean;
  /** False: a load balancer that can't be changed as asked stays as it is. */
  readonly allowReplace?: boolean;
}
