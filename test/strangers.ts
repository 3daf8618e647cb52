/** Things of others in the same account, beside which plans are carried out. */
import type { Account } from "@elbplan/core";

const OTHERS = {
  "elbv2.k8s.aws/cluster": "other",
  "ingress.k8s.aws/stack": "shop/web",
  "ingress.k8s.aws/resource": "LoadBalancer",
};
const FORWARD = {
  type: "forward",
  forwardConfig: {
    targetGroups: [{ targetGroupArn: "arn:foreign:tg", weight: 1 }],
    targetGroupStickinessConfig: { enabled: false },
  },
} as const;
const HEALTH = {
  port: "traffic-port",
  protocol: "HTTP",
  path: "/",
  intervalSeconds: 15,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
};

/** The account with another cluster's load balancer in it, all that belongs to it, and things without any tag. */
export function strangers(account: Account): Account {
  const { vpcId } = account;
  return {
    ...account,
    loadBalancers: {
      "arn:foreign:lb": {
        arn: "arn:foreign:lb",
        vpcId,
        dnsName: "foreign.elb",
        state: "active",
        spec: {
          name: "foreign",
          type: "application",
          scheme: "internal",
          ipAddressType: "ipv4",
          subnetMappings: [{ subnetId: "subnet-a" }, { subnetId: "subnet-b" }],
          securityGroups: ["sg-foreign"],
          tags: OTHERS,
        },
      },
    },
    listeners: {
      "arn:foreign:listener": {
        arn: "arn:foreign:listener",
        spec: { loadBalancerArn: "arn:foreign:lb", port: 80, protocol: "HTTP", defaultActions: [FORWARD], tags: {} },
      },
    },
    listenerRules: {
      "arn:foreign:rule": {
        arn: "arn:foreign:rule",
        spec: {
          listenerArn: "arn:foreign:listener",
          priority: 1,
          conditions: [{ field: "path-pattern", pathPatternConfig: { values: ["/a"] } }],
          actions: [FORWARD],
          tags: {},
        },
      },
    },
    targetGroups: {
      "arn:foreign:tg": {
        arn: "arn:foreign:tg",
        vpcId,
        loadBalancerArns: ["arn:foreign:lb"],
        spec: { name: "foreign", targetType: "ip", port: 80, protocol: "HTTP", healthCheck: HEALTH, tags: OTHERS },
      },
      "arn:untagged:tg": {
        arn: "arn:untagged:tg",
        vpcId,
        loadBalancerArns: [],
        spec: { name: "untagged", targetType: "ip", port: 80, protocol: "HTTP", healthCheck: HEALTH, tags: {} },
      },
    },
    targets: { "arn:foreign:tg": [{ id: "10.0.0.9", port: 80, state: "healthy" }], "arn:untagged:tg": [] },
    securityGroups: {
      "sg-foreign": {
        arn: "sg-foreign",
        vpcId,
        spec: {
          name: "foreign",
          description: "of others",
          ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, source: { cidrIp: "0.0.0.0/0" } }],
          tags: OTHERS,
        },
      },
      "sg-untagged": {
        arn: "sg-untagged",
        vpcId,
        spec: { name: "untagged", description: "of nobody", ingress: [], tags: {} },
      },
    },
  };
}

/** What of an account was put there by `strangers`. */
export function foreignThings(account: Account): readonly (readonly [string, unknown])[] {
  const { loadBalancers, listeners, listenerRules, targetGroups, targets, securityGroups } = account;
  return [loadBalancers, listeners, listenerRules, targetGroups, targets, securityGroups].flatMap((records) =>
    Object.entries(records).filter(([arn]) => /^arn:foreign|^arn:untagged|^sg-foreign|^sg-untagged/.test(arn)),
  );
}
