/**
 * Test tools for elbplan: builders of objects and facts, matchers for vitest, arbitraries of clusters for property
 * tests, and laws that every desired graph keeps.
 */

// arbitraries: inputs of a build
export { someIngressAnnotations, someServiceAnnotations } from "./arbitraries/annotations.ts";
export { aCluster, type Cluster } from "./arbitraries/cluster.ts";
export { type ClusterEdit, someClusterEdits } from "./arbitraries/edits.ts";
export { someFacts } from "./arbitraries/facts.ts";
export { mutated } from "./arbitraries/mutated.ts";
export { aHost, aPath } from "./arbitraries/names.ts";
export { anIngress, anIngressPlace, aService, type IngressPlace, someClasses } from "./arbitraries/objects.ts";
export { someWorkloads, type Workloads, withWorkloads } from "./arbitraries/workloads.ts";
// aws: an account to read from
export { type FakeAwsCall, type FakeAwsOptions, fakeAws } from "./aws/fake-aws.ts";
// builders: objects and facts in few words
export { account, type ClusterObject, type DesiredOptions, desired, snapshot } from "./builders/cluster.ts";
export { type FactsSketch, facts } from "./builders/facts.ts";
export {
  type BackendText,
  type IngressSketch,
  ingress,
  ingressClass,
  type ServiceSketch,
  service,
} from "./builders/objects.ts";
// clock
export { type FakeClock, fakeClock, settled } from "./clock/fake-clock.ts";
// executors
export { type Asked, type Fault, type FaultyOptions, faultyExecutor } from "./executors/faulty-executor.ts";
// laws
export { danglingReferences, deepFreeze, shuffled, undefinedPlaces } from "./graph-laws.ts";
// matchers
export { type ElbplanMatchers, elbplanMatchers, type MatcherResult } from "./matchers/matchers.ts";
export { compareRoute, type ExpectedRoute, type RouteComparison } from "./matchers/routing.ts";
// queries
export { type Found, resourcesOf } from "./resources.ts";
