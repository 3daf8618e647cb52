/** Plans AWS load balancers from Kubernetes objects; pure, no input or output. */

// check: the simulated account
export { asAccount, emptyAccount } from "./check/account/account.ts";
export type { Output, Pace } from "./check/account/answer.ts";
export { type Applied, type ApplyOptions, applyAction } from "./check/account/apply-action.ts";
export { accountFromJson, accountToJson, type LoadedAccount } from "./check/account/json.ts";
export type { Outputs } from "./check/account/outputs.ts";
export {
  type SimulatedPrefix,
  type SimulatedStep,
  type Simulation,
  simulate,
  simulateSteps,
} from "./check/simulate.ts";

// render: plans, graphs and diagnostics as text and JSON
export { renderAnnotationsDoc } from "./render/annotations-doc.ts";
export type { CallOf } from "./render/calls-text.ts";
export { renderDiagnosticsDoc } from "./render/diagnostics-doc.ts";
export { countDiagnostics, renderDiagnostic, renderDiagnostics } from "./render/diagnostics-text.ts";
export { renderJson } from "./render/json.ts";
export type { LbcGroup, LbcRefusal, LbcStacks } from "./render/lbc-stack.ts";
export { renderLbcPlanAnnotation, renderLbcStack } from "./render/lbc-stack.ts";
export { fieldName, objectName, positionName, resourceName, sourceName } from "./render/names.ts";
export { type Palette, PLAIN } from "./render/palette.ts";
export { renderPlanJson } from "./render/plan-json.ts";
export { type PlanTextOptions, renderPlanText, summaryLine } from "./render/plan-text.ts";
