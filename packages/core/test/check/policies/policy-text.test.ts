import { describe, expect, it } from "vitest";
import { readPolicies } from "../../../src/check/policies/policy-text.ts";

describe("readPolicies", () => {
  it.each([
    { text: "stack=shop/web", selector: { stack: "shop/web" } },
    { text: "kind=listenerRule,stack=shop/web", selector: { kind: "listenerRule", stack: "shop/web" } },
    { text: "key=targetGroup/shop/web-web:80", selector: { key: "targetGroup/shop/web-web:80" } },
    { text: "tag=team", selector: { tag: { key: "team" } } },
    { text: "tag=team=a=b", selector: { tag: { key: "team", value: "a=b" } } },
  ])("protects $text", ({ text, selector }) => {
    expect(readPolicies({ protect: [text] })).toEqual({ selectors: [selector], ignored: {} });
  });

  it("ignores fields by kind", () => {
    const ignore = ["loadBalancer:/attributes", "loadBalancer:/tags/a:b", "targets:/targets"];
    expect(readPolicies({ ignore })).toEqual({
      selectors: [],
      ignored: { loadBalancer: ["/attributes", "/tags/a:b"], targets: ["/targets"] },
    });
  });

  it.each([
    { protect: "", says: /chooses nothing/ },
    { protect: "team", says: /chooses nothing/ },
    { protect: "stack=", says: /chooses nothing/ },
    { protect: "name=x", says: /not by "name"/ },
    { protect: "kind=rule", says: /"rule" is no kind of resource/ },
    { protect: "kind=__proto__", says: /no kind of resource/ },
    { ignore: "attributes", says: /no field to ignore/ },
    { ignore: "loadBalancer:attributes", says: /no field to ignore/ },
    { ignore: "constructor:/x", says: /no kind of resource/ },
  ])("refuses protect $protect, ignore $ignore", ({ protect, ignore, says }) => {
    const read = readPolicies({
      ...(protect === undefined ? {} : { protect: [protect] }),
      ...(ignore === undefined ? {} : { ignore: [ignore] }),
    });
    expect("problems" in read ? read.problems.join(" ") : "").toMatch(says);
  });
});
