/** Plans AWS load balancers from Kubernetes objects; pure, no input or output. */

// the pipeline: read ▸ resolve ▸ desired
export { type BuildOptions, buildDesired, buildExplained, explainDesired } from "./build-desired.ts";
// the pipeline: diff ▸ order ▸ plan
export { callFor } from "./call-for.ts";
export { type CreationKind, isCreation, type OutputPaths, outputOf, outputsOf } from "./calls/outputs.ts";
export { isValidationField, type ValidationField } from "./calls/route53.ts";
// check: the simulated account
export { asAccount, emptyAccount, emptyInventory } from "./check/account/account.ts";
export type { Pace } from "./check/account/answer.ts";
export { type Applied, type ApplyOptions, applyAction } from "./check/account/apply-action.ts";
export { accountFromJson, accountToJson, type LoadedAccount } from "./check/account/json.ts";
export { type Outputs, resolveAction, withOutput } from "./check/account/outputs.ts";
export { parseSaved, type SavedText } from "./check/account/saved-text.ts";
// check: admission
export {
  type AdmissionProblem,
  type AdmissionRefusal,
  admissionDiagnostics,
  admissionRefusals,
  admitIngress,
  admitIngressClassParams,
  admitIngressUpdate,
} from "./check/admission.ts";
// check: what a plan costs
export { DEFAULT_BUCKETS, type RateBucket, takesToken } from "./check/cost/buckets.ts";
export type { CostOptions, PlanCost } from "./check/cost/cost.ts";
export { AWS_SERVICE_IDS } from "./check/cost/service-ids.ts";
export { bucketsOfFlag } from "./check/cost/throttle-flag.ts";
// check: policies
export { type IgnoredFields, ignore } from "./check/policies/ignore.ts";
export { createOnly, POLICY_MODES, policyOfMode, sync, upsertOnly } from "./check/policies/modes.ts";
export { policyOf, type ReadPolicies, readPolicies } from "./check/policies/policy-text.ts";
export { protect, type ResourceSelector } from "./check/policies/protect.ts";
export type { PlanPolicy } from "./check/policies/withhold.ts";
// check: what plans guarantee
export type {
  CheckBounds,
  Counterexample,
  Guarantee,
  PlanCheck,
  Verdict,
} from "./check/proof/plan-check.ts";
export { type Problem, type ReachesOptions, reaches } from "./check/reaches.ts";
export {
  type SimulatedPrefix,
  type SimulatedStep,
  type Simulation,
  simulate,
  simulateSteps,
} from "./check/simulate.ts";
export { type SimulatedExecutor, simulatedExecutor } from "./check/simulated-executor.ts";
export { isStranger, isTwinKind, remainingPermissions, twinDifferences } from "./check/twin.ts";
export { unknownValues } from "./check/unknown-values.ts";
export { certificateWaitState, loadBalancerWaitState, targetsWaitState } from "./check/wait-state.ts";
export { type CheckPlanOptions, checkPlan } from "./check-plan.ts";
// the pipeline: graph and inventory ▸ plan
export { compareGraphs, type GraphComparison } from "./compare-graphs.ts";
// the pipeline: the same, kept between inputs
export { createPlanner, type Planner, type PlannerUpdate } from "./create-planner.ts";
// the pipeline: targets of the graph's target groups
export { resolveTargets } from "./desired/targets/resolve-targets.ts";
// diagnostics: what to tell the user
export { type CodeEntry, DIAGNOSTIC_CODES, type DiagnosticCode } from "./diagnostics/codes.ts";
export { diagnose, locate } from "./diagnostics/diagnose.ts";
export { asksForMore } from "./diff/asks-for-more.ts";
// the pipeline: diff
export { changesOf, diff } from "./diff/diff.ts";
export type { Difference, DiffResult, RuleDifferences, RulePair, StackDiff } from "./diff/difference.ts";
export { everythingNeeded, inventoryNeeded, listingNeeded } from "./diff/inventory-needed.ts";
export {
  type LoadBalancerParts,
  loadBalancerParts,
  type TargetGroupParts,
  targetGroupParts,
} from "./diff/inventory-parts.ts";
export { asksForShield, letsIn, narrowInventory } from "./diff/narrow-inventory.ts";
export { clientsOf } from "./diff/sent-clients.ts";
export { inventoryOfStacks, withStacks } from "./diff/stack-inventory.ts";
// the pipeline: one request through all load balancers
export { type ExplainRequestInput, explainRequest } from "./explain-request.ts";
// the pipeline: whether a saved plan is still good
export { sealPlan, stalePlan } from "./freshness.ts";
// the pipeline: a graph, read back
export { graphFromJson, type LoadedGraph } from "./graph-file.ts";
// the pipeline: plan ▸ permissions
export { type IamPolicy, type IamStatement, iamPolicy } from "./iam-policy.ts";
// lib: sets of witnesses and rules
export type { BitSet } from "./lib/bit-set.ts";
// lib: lists in parts, equal data as the same data
export { chunks } from "./lib/chunks.ts";
export { share } from "./lib/share.ts";
// check: lint
export { lint } from "./lint.ts";
// model: the words
export type { Action, ActionDetails, ActionKind, ActionOf, Disruption } from "./model/action.ts";
export type {
  FrontendNlbTargetSpec,
  ShieldProtectionSpec,
  WafRegionalAssociationSpec,
  WebAclAssociationSpec,
} from "./model/addon.ts";
export type { CertificateSpec } from "./model/certificate.ts";
export type { Change, ChangeKind, FieldChange } from "./model/change.ts";
export type { Diagnostic, Severity } from "./model/diagnostic.ts";
export type { CallError, Executor, Found, Output, Sender, Step, WaitState } from "./model/executor.ts";
export type {
  CertificateFact,
  Facts,
  LoadBalancerFact,
  NamedArn,
  NetworkInterfaceFact,
  RouteTableFact,
  SecurityGroupFact,
  SubnetFact,
} from "./model/facts.ts";
export type { FactsNeeded, NetworkInterfacesNeeded } from "./model/facts-needed.ts";
export { CLUSTER_STACK, type DesiredGraph, type Stack } from "./model/graph.ts";
export type { IngressClassParams, IngressClassParamsSpec, KeyValue } from "./model/ingress-class-params.ts";
export type {
  Account,
  Existing,
  ExistingCertificate,
  ExistingLoadBalancer,
  ExistingSecurityGroup,
  ExistingTargetGroup,
  Inventory,
  Target,
} from "./model/inventory.ts";
export type {
  EndpointPermissionsNeeded,
  FixedTargetGroupFields,
  InventoryNeeded,
  LoadBalancerNeeded,
  StackNeeded,
  TargetGroupNeeded,
} from "./model/inventory-needed.ts";
export type {
  Ingress,
  IngressBackend,
  IngressClass,
  IngressLoadBalancer,
  IngressPath,
  IngressRule,
  LabelSelector,
  Namespace,
  ObjectMeta,
  Secret,
  Service,
  ServiceBackendPort,
  ServicePort,
} from "./model/kubernetes.ts";
export type {
  Condition,
  EndpointAddress,
  EndpointPort,
  EndpointSlice,
  Endpoints,
  EndpointTargetRef,
  Node,
  Pod,
} from "./model/kubernetes-workloads.ts";
export type { ListenerSpec, MutualAuthentication } from "./model/listener.ts";
export type { ListenerRuleSpec, Rewrite, RuleCondition, RuleTransform } from "./model/listener-rule.ts";
export type { LoadBalancerSpec, SubnetMapping } from "./model/load-balancer.ts";
export type {
  Call,
  Plan,
  PlannedStack,
  PlanOptions,
  PlanSeal,
  PlanSummary,
  SealedRecord,
  SealedStack,
  SentClients,
} from "./model/plan.ts";
export type { PlanFile, PlanFileAction } from "./model/plan-file.ts";
export type { PolicyMode, PolicyTexts, SettingsFile } from "./model/policies.ts";
export { DEFAULT_QUOTAS, type KnownQuotas, type Quotas } from "./model/quotas.ts";
export {
  type Resource,
  type ResourceKey,
  type ResourceKind,
  type ResourceOf,
  resourceKey,
  type SpecByKind,
} from "./model/resource.ts";
export type {
  AuthenticateCognitoAction,
  AuthenticateOidcAction,
  FixedResponseAction,
  ForwardAction,
  JwtValidationAction,
  RedirectAction,
  RuleAction,
  SecretClient,
} from "./model/rule-action.ts";
export type { Permission, SecurityGroupSpec } from "./model/security-group.ts";
export type { Compat, FeatureGates, Settings } from "./model/settings.ts";
export {
  type ClusterSnapshot,
  type ObjectRef,
  type Position,
  type Positions,
  type SnapshotList,
  type Unreadable,
  WHOLE_KINDS,
  type WholeKind,
} from "./model/snapshot.ts";
export type { Provenance, Source } from "./model/source.ts";
export {
  type EndpointPermissions,
  type EndpointPermissionsSpec,
  type ResolvedTargets,
  SHARED_PERMISSION,
  type TargetSpec,
  type TargetsOf,
  type TargetsSpec,
} from "./model/target.ts";
export type { HealthCheck, TargetGroupSpec } from "./model/target-group.ts";
export type { NetworkingRule, TargetGroupBindingSpec } from "./model/target-group-binding.ts";
export {
  isReference,
  isUnknown,
  type Json,
  type NumberValue,
  type Reference,
  type StringMap,
  type Unknown,
  type Value,
} from "./model/value.ts";
export { plan } from "./plan.ts";
// the pipeline: plan ▸ cost
export { planCost } from "./plan-cost.ts";
export { type LoadedPlan, planFromJson } from "./plan-file.ts";
export type { AnnotationRow, MergeRule } from "./read/annotation-row.ts";
// read: settings and annotations
export { ANNOTATION_PREFIX, ANNOTATIONS, type AnnotationName } from "./read/annotations.ts";
export { DEFAULT_SETTINGS } from "./read/default-settings.ts";
export { parseFlagMap } from "./read/flag-grammar.ts";
export { LBC_FLAGS, settingsFromFlags } from "./read/settings.ts";
// reconcile: what a controller decides
export {
  affectedGroups,
  concernsGroup,
  type GroupsOfIngresses,
  groupsOfIngresses,
} from "./reconcile/affected-groups.ts";
export { type AfterRun, afterRun, type EndedRun } from "./reconcile/after-run.ts";
export { EVENT_REASONS, type EventReason } from "./reconcile/event-reasons.ts";
export { carries, groupFinalizer } from "./reconcile/finalizer.ts";
export { failureMessage } from "./reconcile/group-message.ts";
export { ingressStatus } from "./reconcile/ingress-status.ts";
export { type DoneStep, type InventoryAfter, inventoryAfter } from "./reconcile/inventory-after.ts";
export { targetActions, withLastGood } from "./reconcile/last-good.ts";
export { type GatedPod, gatedPods, gateState, READINESS_GATE_PREFIX } from "./reconcile/readiness-gate.ts";
// render: plans, graphs and diagnostics as text and JSON
export { renderAnnotationsDoc } from "./render/annotations-doc.ts";
export { type AnnotationsSchema, annotationsSchema } from "./render/annotations-schema.ts";
export { type CallOf, callWords, groupNaming } from "./render/calls-text.ts";
export { renderCostText } from "./render/cost-text.ts";
export { renderDiagnosticsDoc } from "./render/diagnostics-doc.ts";
export { countDiagnostics, renderDiagnostic, renderDiagnostics } from "./render/diagnostics-text.ts";
export { renderJson } from "./render/json.ts";
export type { LbcGroup, LbcRefusal, LbcStacks } from "./render/lbc-stack.ts";
export { renderLbcPlanAnnotation, renderLbcStack } from "./render/lbc-stack.ts";
export { fieldName, objectName, positionName, resourceName, sourceName } from "./render/names.ts";
export { type Palette, PLAIN } from "./render/palette.ts";
export { type AnnotationWrite, planAnnotationWrites } from "./render/plan-annotation.ts";
export { renderPlanJson } from "./render/plan-json.ts";
export { type PlanTextOptions, renderPlanText, summaryLine } from "./render/plan-text.ts";
export { renderRequestJson } from "./render/route-json.ts";
export { renderRequestText } from "./render/route-text.ts";
export { renderShellScript } from "./render/shell-script.ts";
export { renderVerification } from "./render/verification-text.ts";
// resolve: classes of Ingresses
export { type ClusterIndex, indexCluster } from "./resolve/cluster-index.ts";
export { factsNeeded } from "./resolve/facts-needed.ts";
export { defaultClasses } from "./resolve/ingress-class.ts";
export { addressesWithoutInterface } from "./resolve/network-interfaces-needed.ts";
// resolve: the clients of OIDC actions, for who sends them
export { digestOfClient, type OidcClient, readOidcClient } from "./resolve/oidc-client.ts";
export {
  CLUSTER_TAG,
  carriesClusterTag,
  LEGACY_CLUSTER_TAG,
  type Ownership,
  ownershipOf,
  ownershipTags,
} from "./resolve/ownership-tags.ts";
export { secretsNamed } from "./resolve/secrets-named.ts";
// route: what a load balancer does with a request
export type { ServedCertificate } from "./route/certificate.ts";
export { type CompareOptions, compareRoutes, type RouteDifference } from "./route/compare-routes.ts";
export {
  explainRoute,
  type FailedCondition,
  type RouteExplanation,
  type RuleExplanation,
} from "./route/explain-route.ts";
export { type CertificateState, type ListenerState, type RuleState, valueName } from "./route/listener-state.ts";
export { type MatchMatrix, matchMatrix } from "./route/match-matrix.ts";
export { type Owners, ownersOf } from "./route/owner.ts";
export { parseRequest } from "./route/parse-request.ts";
export type { Redirect } from "./route/redirect.ts";
export type { RegexEngine } from "./route/regex-engine.ts";
export type { QueryPair, Request } from "./route/request.ts";
export type {
  AskedRule,
  PassedOver,
  RequestExplanation,
  StackExplanation,
  Way,
} from "./route/request-explanation.ts";
export { type Route, type RouteOptions, type RouteTarget, route } from "./route/route.ts";
export type { Conditional, Matches } from "./route/rule-index.ts";
export { listenerStateOfInventory } from "./route/state-of-inventory.ts";
export { listenerStateOfStack, type StateOptions } from "./route/state-of-stack.ts";
export type { Forwarded } from "./route/transform.ts";
export { type Witnesses, type WitnessOptions, witnesses } from "./route/witness/witnesses.ts";
