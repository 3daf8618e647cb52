/** Reads, watches and writes a cluster's objects. Loaded by who needs it; files are read without it. */
export { type ConnectOptions, connect } from "./api/connect.ts";
export { type Connection, ConnectionError, type Credentials } from "./api/connection.ts";
export { httpsApi } from "./api/https-api.ts";
export { connectInCluster, type InClusterOptions } from "./api/in-cluster.ts";
export { connectKubeconfig, type KubeconfigOptions } from "./api/kubeconfig.ts";
export type {
  CallOptions,
  KubernetesApi,
  KubernetesRequest,
  Method,
  PatchType,
  WatchEvent,
  WatchOptions,
} from "./api/kubernetes-api.ts";
export {
  isConflict,
  isExpired,
  isForbidden,
  isInvalid,
  isNotFound,
  KubernetesError,
  type KubernetesErrorDetails,
} from "./api/kubernetes-error.ts";
export { boundedApi, type PatienceOptions, patientApi } from "./api/wrappers.ts";
export { aborted, type Clock, pause, systemClock } from "./clock.ts";
export { CLUSTER_KINDS, type ClusterKind, type ClusterList, clusterKind, pathOf } from "./kinds.ts";
export { LBC_LEASE, type LbcLeader, lbcLeader } from "./lease/lbc-leader.ts";
export { type LeaderElection, type LeaderElectionOptions, leaderElection } from "./lease/leader-election.ts";
export type { ClusterObject } from "./read/arrival.ts";
export type { ClusterReading } from "./read/assemble.ts";
export type { Shape } from "./read/pick.ts";
export { type ReadClusterOptions, readCluster, readSecrets } from "./read/read-cluster.ts";
export { bindingsOfInventory, type TargetGroupBinding } from "./read/target-group-binding.ts";
export { type Access, allows, OWN_LEASE, RIGHTS, type Right, type Verb } from "./rights.ts";
export { DEFAULT_TIMING, type Timing } from "./watch/next-step.ts";
export type { Reflected, ReflectorState } from "./watch/reflector.ts";
export type { ObjectChange } from "./watch/slot.ts";
export {
  type ChangeListener,
  type ClusterWatch,
  type ReflectorHealth,
  type WatchClusterOptions,
  watchCluster,
} from "./watch/watch-cluster.ts";
export { writeAnnotation } from "./write/annotation.ts";
export { type EventOf, type EventRecorder, type EventRecorderOptions, eventRecorder } from "./write/events.ts";
export { addFinalizer, type Finalized, type FinalizerResult, removeFinalizer } from "./write/finalizers.ts";
export { hasOtherStatus, writeIngressStatus } from "./write/ingress-status.ts";
export type { NamedObject } from "./write/object-path.ts";
export {
  type GateState,
  gateCondition,
  gateWaited,
  hasGate,
  readinessGate,
  writeGate,
} from "./write/readiness-gate.ts";
export { type BindingSender, type BindingSenderOptions, bindingSender } from "./write/send-binding.ts";
