/** Test tools for elbplan: arbitraries of clusters for property tests, and laws that every desired graph keeps. */

// arbitraries: inputs of a build
export { someIngressAnnotations, someServiceAnnotations } from "./arbitraries/annotations.ts";
export { aCluster, type Cluster } from "./arbitraries/cluster.ts";
export { someFacts } from "./arbitraries/facts.ts";
export { mutated } from "./arbitraries/mutated.ts";
export { aHost, aPath } from "./arbitraries/names.ts";
export { anIngress, anIngressPlace, aService, type IngressPlace, someClasses } from "./arbitraries/objects.ts";
// laws
export { danglingReferences, deepFreeze, shuffled, undefinedPlaces } from "./graph-laws.ts";
