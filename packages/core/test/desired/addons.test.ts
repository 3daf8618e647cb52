import { describe, expect, it } from "vitest";
import { ingress } from "../fixtures/cluster.ts";
import { annotated, desired, errorCodes, specsOf } from "../fixtures/desired.ts";
import { facts } from "../fixtures/facts.ts";

const [edge] = facts().webACLs;
const resourceArn = { ref: "loadBalancer/LoadBalancer", field: "arn" };
const member = (name: string, annotations: object) =>
  ingress({ name, annotations: { "group.name": "team", ...annotations } });

describe("WAFv2 by ARN / name / none / empty", () => {
  it.each([
    { annotations: {}, expected: [] },
    { annotations: { "wafv2-acl-arn": "arn:a" }, expected: ["arn:a"] },
    { annotations: { "wafv2-acl-arn": "none" }, expected: [""] },
    { annotations: { "wafv2-acl-arn": "" }, expected: [""] },
    { annotations: { "wafv2-acl-name": "edge" }, expected: [edge?.arn] },
    { annotations: { "wafv2-acl-name": "none" }, expected: [""] },
    { annotations: { "wafv2-acl-name": "edge", "wafv2-acl-arn": "arn:a" }, expected: [edge?.arn] },
  ])("$annotations: $expected", ({ annotations, expected }) => {
    expect(specsOf(annotated(annotations), "webAclAssociation")).toEqual(
      expected.map((webAclArn) => ({ webAclArn, resourceArn })),
    );
  });
  it.each(["nobody", "constructor", "Edge"])("an unknown name %s is an error", (name) => {
    expect(errorCodes(annotated({ "wafv2-acl-name": name }))).toEqual(["web-acl.not-found"]);
  });
  it("a name in one member hides every other member's ARN, conflicts included", () => {
    const ingresses = [
      member("a", { "wafv2-acl-arn": "arn:a" }),
      member("b", { "wafv2-acl-arn": "arn:b" }),
      member("c", { "wafv2-acl-name": "edge" }),
    ];
    expect(specsOf(desired({ ingresses }), "webAclAssociation")).toEqual([{ webAclArn: edge?.arn, resourceArn }]);
  });
});

describe("WAF classic", () => {
  it.each([
    { annotations: { "waf-acl-id": "id" }, expected: ["id"] },
    { annotations: { "web-acl-id": "id" }, expected: ["id"] },
    { annotations: { "waf-acl-id": "a", "web-acl-id": "b" }, expected: ["a"] },
    { annotations: { "waf-acl-id": "none" }, expected: [""] },
    { annotations: { "waf-acl-id": "" }, expected: [] },
    { annotations: { "waf-acl-id": "", "web-acl-id": "b" }, expected: [] },
  ])("$annotations: $expected", ({ annotations, expected }) => {
    expect(specsOf(annotated(annotations), "wafRegionalAssociation")).toEqual(
      expected.map((webAclId) => ({ webAclId, resourceArn })),
    );
  });
});

describe("Shield advanced", () => {
  it.each([
    { text: "true", expected: [true] },
    { text: "F", expected: [false] },
  ])("$text", ({ text, expected }) => {
    expect(specsOf(annotated({ "shield-advanced-protection": text }), "shieldProtection")).toEqual(
      expected.map((enabled) => ({ enabled, resourceArn })),
    );
  });
  it("absent is left alone, unreadable an error", () => {
    expect(specsOf(desired(), "shieldProtection")).toEqual([]);
    expect(errorCodes(annotated({ "shield-advanced-protection": "yes" }))).toEqual(["annotation.invalid"]);
  });
});
