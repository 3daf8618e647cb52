/** Where the traffic of generated Services ends: nodes, and for each Service a slice of three pods. */

/** A snapshot with them, and the network interfaces that the facts have of them. */
export function withWorkloads(snapshot, nodeCount) {
  const nodes = Array.from({ length: nodeCount }, (_, index) => makeNode(index));
  const networkInterfaces = nodes.map((_, index) => makeInterface(index));
  const pods = [];
  const endpointSlices = [];
  for (const [index, { metadata }] of snapshot.services.entries()) {
    const endpoints = Array.from({ length: 3 }, (_, each) => {
      const number = index * 3 + each;
      const node = number % nodeCount;
      const pod = makePod(metadata, each, node);
      pods.push(pod);
      const { namespace, name } = pod.metadata;
      return {
        addresses: [`10.1.${node}.${Math.floor(number / nodeCount) + 1}`],
        conditions: { ready: true },
        nodeName: `node-${node}`,
        targetRef: { kind: "Pod", namespace, name },
      };
    });
    endpointSlices.push(makeSlice(metadata, endpoints));
  }
  const whole = ["Service", "Node", "Pod", "EndpointSlice", "Endpoints"];
  return { snapshot: { ...snapshot, nodes, pods, endpointSlices, whole }, networkInterfaces };
}

function makeNode(index) {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${index}`, labels: { "kubernetes.io/os": "linux" } },
    spec: { providerID: `aws:///eu-central-1a/i-${index}` },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
}

function makeInterface(index) {
  return {
    id: `eni-${index}`,
    instanceId: `i-${index}`,
    deviceIndex: 0,
    subnetId: "subnet-a",
    securityGroupIds: [`sg-nodes-${index % 3}`],
    privateIps: [`10.0.1.${index}`],
    prefixes: [`10.1.${index}.0/24`],
  };
}

function makePod({ namespace, name }, each, node) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name: `${name}-${each}` },
    spec: { nodeName: `node-${node}` },
    status: { conditions: [{ type: "ContainersReady", status: "True" }] },
  };
}

function makeSlice({ namespace, name }, endpoints) {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { namespace, name: `${name}-slice`, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    ports: [{ name: "", port: 8080 }],
    endpoints,
  };
}
