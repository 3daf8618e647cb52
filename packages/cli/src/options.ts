/** The options of the commands, as commander hands them over. */
import type { PolicyMode } from "@elbplan/core";

export interface InputOptions {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  /** The files hold all objects of the cluster that tell targets. */
  readonly whole?: true;
  readonly facts?: string;
  readonly inventory?: string;
  readonly account?: string;
  readonly settings?: string;
  readonly cluster?: true;
  /** Of the kubeconfig; with `cluster` only, as are the next two. */
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly namespace?: readonly string[];
  readonly aws?: true;
  /** Of the AWS configuration files. */
  readonly profile?: string;
  /** ARN of a role to take on, and the id that it may ask for. */
  readonly assumeRole?: string;
  readonly externalId?: string;
  readonly fips?: true;
  readonly dualstack?: true;
  /** LBC's own flags, by name without the dashes. */
  readonly lbcFlags?: { readonly [name: string]: string };
}

export interface PlanningOptions {
  readonly allowReplace?: true;
  readonly allowDelete?: true;
  readonly prune?: true;
  /** False: don't wait for healthy targets. */
  readonly warm?: boolean;
  readonly drain?: true;
  readonly policyMode?: PolicyMode;
  /** Selectors of what stays as it is. */
  readonly protect?: readonly string[];
  /** `<kind>:<JSON pointer>` of fields that stay as they are. */
  readonly ignore?: readonly string[];
}

/** Where `capture` writes. */
export interface CaptureOptions {
  readonly outFacts?: string;
  readonly outInventory?: string;
}

/** How a plan is carried out on AWS. */
export interface RunningOptions {
  /** File that what is sent and answered is noted in. */
  readonly journal?: string;
  /** Although the AWS Load Balancer Controller runs on the cluster. */
  readonly alongside?: true;
}

export interface RequestOptions {
  /** `name: value` each. */
  readonly header?: readonly string[];
  readonly sourceIp?: string;
}

export interface OutputOptions {
  readonly color: boolean;
  readonly format?: string;
  readonly calls?: boolean;
  readonly cost?: true;
  readonly detailedExitcode?: true;
  readonly verify?: true;
  readonly yes?: true;
  /** File with the desired graph of the last plan. */
  readonly lastGoal?: string;
  /** Where to save the plan. */
  readonly out?: string;
}
