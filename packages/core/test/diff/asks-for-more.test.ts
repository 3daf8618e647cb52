import { describe, expect, it } from "vitest";
import { asksForMore } from "../../src/diff/asks-for-more.ts";
import type { LoadBalancerNeeded, StackNeeded } from "../../src/model/inventory-needed.ts";

const NOTHING: LoadBalancerNeeded = {
  fixed: { type: "application", scheme: "internal" },
  attributes: false,
  capacity: false,
  webAcl: false,
  wafRegional: false,
  shield: false,
  listenerAttributes: [],
};
const group = (targets: boolean, id = "web") => ({
  [id]: {
    fixed: { targetType: "ip", protocol: "HTTP", protocolVersion: "HTTP1" } as const,
    attributes: false,
    targets,
  },
});
const stack = (more: Partial<LoadBalancerNeeded>): StackNeeded => ({
  loadBalancers: { LoadBalancer: { ...NOTHING, ...more } },
  targetGroups: {},
});

describe("asksForMore", () => {
  it.each<[string, StackNeeded | undefined, StackNeeded, boolean]>([
    ["nothing of what wasn't read", undefined, stack({}), false],
    ["an association of what wasn't read", undefined, stack({ webAcl: true }), true],
    ["a web ACL that nobody looked for", stack({}), stack({ webAcl: true }), true],
    ["a web ACL of WAF Classic", stack({ webAcl: true }), stack({ webAcl: true, wafRegional: true }), true],
    ["Shield", stack({}), stack({ shield: true }), true],
    ["what was read", stack({ webAcl: true, shield: true }), stack({ webAcl: true }), false],
    ["attributes, which are known not to be known", stack({}), stack({ attributes: true, capacity: true }), false],
    ["targets of what wasn't read", undefined, { ...stack({}), targetGroups: group(true) }, true],
    [
      "targets that nobody looked for",
      { ...stack({}), targetGroups: group(false) },
      { ...stack({}), targetGroups: group(true) },
      true,
    ],
    ["targets of a new group", stack({}), { ...stack({}), targetGroups: group(true) }, false],
    ["another load balancer", { loadBalancers: {}, targetGroups: {} }, stack({ webAcl: true }), true],
  ])("%s", (_, read, needed, expected) => {
    expect(asksForMore(read, needed)).toBe(expected);
  });
});
