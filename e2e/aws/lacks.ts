/** Actions that can't be played over the wire, and why; docs/testing.md holds the same list. */
import type { ActionKind } from "@elbplan/core";

const NO_CLUSTER = "there is no cluster here; played against an API server";
const NO_CLASSIC = "the emulator has no WAF Classic";

export const LACKS: { readonly [K in ActionKind]?: string } = {
  associateWafRegional: NO_CLASSIC,
  disassociateWafRegional: NO_CLASSIC,
  createTargetGroupBinding: NO_CLUSTER,
  patchTargetGroupBinding: NO_CLUSTER,
  deleteTargetGroupBinding: NO_CLUSTER,
};
