import type { CodeEntry } from "./codes.ts";

/** Codes of resolving targets and what may reach them. */
export const targetCodes = {
  "targets.address-invalid": {
    severity: "error",
    meaning: "An endpoint's address is no IP address; the targets of its target group are left as they are.",
    hint: "Correct the EndpointSlice.",
  },
  "targets.backend-not-found": {
    severity: "warning",
    meaning: "The Service of a target group, or its port, is gone; all targets are deregistered.",
    hint: "Create the Service or its port again, or remove the path that leads to it.",
  },
  "targets.fail-open": {
    severity: "warning",
    meaning: "No endpoint is ready; those whose node can't be asked are registered instead (gate EndpointsFailOpen).",
    hint: "See why the nodes don't report, or switch the gate off.",
  },
  "targets.hybrid-node": {
    severity: "warning",
    meaning: "A hybrid node can't be an instance target, for it is no EC2 instance; it is left out.",
    hint: "Use target type ip, or a node selector that leaves hybrid nodes out.",
  },
  "targets.network-interface-not-found": {
    severity: "warning",
    meaning:
      "The facts hold no network interface of a target, so that the security group it needs a permission on isn't known; no permission is revoked.",
    hint: "Capture the facts again.",
  },
  "targets.no-network-interfaces": {
    severity: "info",
    meaning:
      "The facts hold no network interfaces, so that permissions on the security groups of targets are neither added nor revoked.",
    hint: "Add networkInterfaces to the facts.",
  },
  "targets.no-node-port": {
    severity: "error",
    meaning: "Instance targets are reached on a node port, and the Service has none; the targets are left as they are.",
    hint: "Make the Service one of type NodePort or LoadBalancer, or use target type ip.",
  },
  "targets.not-given": {
    severity: "info",
    meaning: "The input holds no objects of a kind that tells the targets; they are left as they are.",
    hint: "Add Nodes for instance targets, EndpointSlices and Pods for ip targets.",
  },
  "targets.of-other-clusters": {
    severity: "info",
    meaning:
      "A target group that other clusters register in holds targets that this cluster doesn't ask for; nobody knows whose they are, and they stay.",
    hint: "Nothing to do, unless they are left over from this cluster: then deregister them by hand.",
  },
  "targets.over-limit": {
    severity: "warning",
    meaning: "A target group has more endpoints than flag max-targets-per-target-group allows; not all are registered.",
    hint: "Raise the flag, or run fewer endpoints.",
  },
  "targets.partial": {
    severity: "warning",
    meaning:
      "The input may lack objects that tell targets: those that it tells are registered, none is deregistered, and no permission towards targets is revoked.",
    hint: "Read the cluster itself, or say --whole if the files hold all Services, Nodes, Pods and EndpointSlices.",
  },
  "targets.pod-unknown": {
    severity: "warning",
    meaning:
      "An endpoint belongs to a Pod that the input doesn't hold: it is left out, and no target of its Service is deregistered.",
    hint: "Add the Pod; in a cluster nothing is to be done, for its lists are a moment apart.",
  },
  "targets.port-unknown": {
    severity: "info",
    meaning: "The node port is known only after the Service was applied; targets are registered then.",
    hint: "Nothing to do, or give the Service a nodePort.",
  },
  "targets.provider-id-invalid": {
    severity: "error",
    meaning:
      "A node's providerID names no EC2 instance; the targets of all target groups that the node belongs to are left as they are.",
    hint: "Correct the node, or label it node.kubernetes.io/exclude-from-external-load-balancers.",
  },
  "targets.readiness-untold": {
    severity: "warning",
    meaning:
      "An endpoint isn't ready by its EndpointSlice, and the Pod or Node that would say whether it lacks only its readiness gates isn't in the input: no target of its Service is deregistered.",
    hint: "Add the Pods and Nodes.",
  },
  "targets.security-group-ambiguous": {
    severity: "error",
    meaning:
      "A network interface has several security groups, and not exactly one carries the tags that say which one admits load balancers.",
    hint: "Tag exactly one with kubernetes.io/cluster/<cluster name> and those of flag service-target-eni-security-group-tags.",
  },
  "targets.service-untold": {
    severity: "warning",
    meaning:
      "No EndpointSlice of a Service is in the input, not even an empty one as Kubernetes makes for each: nothing is registered for it and nothing deregistered.",
    hint: "Add the EndpointSlices of the Service.",
  },
} as const satisfies Record<string, CodeEntry>;
