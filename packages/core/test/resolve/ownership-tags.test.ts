import { describe, expect, it } from "vitest";
import { CLUSTER_STACK } from "../../src/model/graph.ts";
import { allTags, ownershipOf, ownershipTags } from "../../src/resolve/ownership-tags.ts";

describe("ownershipTags", () => {
  it("are LBC's", () => {
    expect(ownershipTags("dev", "shop/web", "443")).toEqual({
      "elbv2.k8s.aws/cluster": "dev",
      "ingress.k8s.aws/stack": "shop/web",
      "ingress.k8s.aws/resource": "443",
    });
    expect(ownershipTags("dev", CLUSTER_STACK, "backend-sg")).toEqual({
      "elbv2.k8s.aws/cluster": "dev",
      "elbv2.k8s.aws/resource": "backend-sg",
    });
  });

  it("win over other tags", () => {
    expect(allTags("dev", "g", "80", { team: "a", "ingress.k8s.aws/stack": "mine" })).toMatchObject({
      team: "a",
      "ingress.k8s.aws/stack": "g",
    });
  });
});

describe("ownershipOf", () => {
  it.each([
    { name: "our own tags", tags: ownershipTags("dev", "g", "80"), owner: { stack: "g", resourceId: "80" } },
    {
      name: "the shared security group",
      tags: ownershipTags("dev", CLUSTER_STACK, "backend-sg"),
      owner: { stack: CLUSTER_STACK, resourceId: "backend-sg" },
    },
    {
      name: "tags of LBC version 1",
      tags: { "ingress.k8s.aws/cluster": "dev", "ingress.k8s.aws/stack": "g", "ingress.k8s.aws/resource": "80" },
      owner: { stack: "g", resourceId: "80" },
    },
    {
      name: "a resource tag that is gone",
      tags: { "elbv2.k8s.aws/cluster": "dev", "ingress.k8s.aws/stack": "g" },
      owner: { stack: "g" },
    },
    { name: "another cluster", tags: ownershipTags("prod", "g", "80"), owner: undefined },
    {
      name: "a Service's load balancer",
      tags: { "elbv2.k8s.aws/cluster": "dev", "service.k8s.aws/stack": "g" },
      owner: undefined,
    },
    { name: "no tags", tags: undefined, owner: undefined },
  ])("reads $name", ({ tags, owner }) => expect(ownershipOf(tags, "dev")).toEqual(owner));
});
