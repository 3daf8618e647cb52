/** The reasons of events: LBC's own, so that who watches for them needs no other words. */

/** By reason, whether it is good news. */
export const EVENT_REASONS = {
  SuccessfullyReconciled: "Normal",
  FailedLoadGroupID: "Warning",
  FailedAddFinalizer: "Warning",
  FailedBuildModel: "Warning",
  FailedDeployModel: "Warning",
  FailedUpdateStatus: "Warning",
  FailedRemoveFinalizer: "Warning",
  BackendNotFound: "Warning",
  FailedNetworkReconcile: "Warning",
} as const satisfies { readonly [reason: string]: "Normal" | "Warning" };

export type EventReason = keyof typeof EVENT_REASONS;
