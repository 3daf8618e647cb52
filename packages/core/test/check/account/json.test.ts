import { describe, expect, it } from "vitest";
import { accountFromJson, accountToJson } from "../../../src/check/account/json.ts";
import { EMPTY } from "./call.ts";
import { ARN, SHOP } from "./shop.ts";

/** The shop's text with another value, or none, at a place. */
function change(path: readonly string[], value?: unknown): string {
  const copy: unknown = structuredClone(SHOP);
  const parent = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], copy);
  (parent as Record<string, unknown>)[path.at(-1) ?? ""] = value;
  return JSON.stringify(copy);
}

describe("accounts as JSON", () => {
  it.each([
    { name: "an empty account", account: EMPTY },
    { name: "the shop", account: SHOP },
  ])("$name comes back equal", ({ account }) => {
    expect(accountFromJson(accountToJson(account))).toEqual({ account });
  });

  it("is the same text whatever the order of keys", () => {
    const reversed = Object.fromEntries(Object.entries(SHOP).reverse()) as unknown as typeof SHOP;
    expect(accountToJson(reversed)).toBe(accountToJson(SHOP));
  });

  it("reads an inventory, of which no quota is known", () => {
    const { quotas: _, sequence: __, ...inventory } = SHOP;
    expect(accountFromJson(JSON.stringify(inventory))).toEqual({
      account: { ...inventory, quotas: {}, sequence: 0 },
    });
  });

  it("reads one from before endpoint security groups were noted, of which it then knows nothing", () => {
    const { endpointSecurityGroups: _, ...old } = SHOP;
    expect(accountFromJson(JSON.stringify(old))).toEqual({ account: old });
  });

  it("knows the quotas that it names and no others", () => {
    const loaded = accountFromJson(JSON.stringify({ ...EMPTY, quotas: { rulesPerLoadBalancer: 7 } }));
    expect("account" in loaded && loaded.account.quotas).toEqual({ rulesPerLoadBalancer: 7 });
  });

  it.each([
    { name: "no JSON", text: "{", code: "account.malformed", field: "" },
    { name: "a list", text: "[]", code: "account.malformed", field: "" },
    { name: "null", text: "null", code: "account.malformed", field: "" },
    { name: "nothing", text: "", code: "account.malformed", field: "" },
    {
      name: "another version",
      text: JSON.stringify({ ...EMPTY, formatVersion: 2 }),
      code: "account.version",
      field: "/formatVersion",
    },
    {
      name: "no version",
      text: change(["formatVersion"]),
      code: "account.malformed",
      field: "/formatVersion",
    },
    {
      name: "a permission of targets without a source",
      text: change(["endpointSecurityGroups"], { "sg-1": [{ protocol: "tcp", fromPort: 1, toPort: 1 }] }),
      code: "account.malformed",
      field: "/endpointSecurityGroups/sg-1/0/source",
    },
    { name: "no targets", text: change(["targets"]), code: "account.malformed", field: "/targets" },
    {
      name: "a rule without conditions",
      text: change(["listenerRules", ARN.rule1, "spec", "conditions"]),
      code: "account.malformed",
      field: `/listenerRules/${ARN.rule1.replaceAll("/", "~1")}/spec/conditions`,
    },
    {
      name: "a tag that is a number",
      text: change(["securityGroups", ARN.group, "spec", "tags"], { a: 1 }),
      code: "account.malformed",
      field: `/securityGroups/${ARN.group}/spec/tags/a`,
    },
    {
      name: "a quota that is a text",
      text: change(["quotas", "rulesPerLoadBalancer"], "many"),
      code: "account.malformed",
      field: "/quotas/rulesPerLoadBalancer",
    },
  ])("answers $name with $code", ({ text, code, field }) => {
    const loaded = accountFromJson(text);
    expect("diagnostics" in loaded && loaded.diagnostics.map((found) => [found.code, found.field])).toEqual([
      [code, field],
    ]);
  });

  it("names the file, the line and the column of what is no JSON", () => {
    expect(accountFromJson('{\n  "region": oops\n}', "a.json")).toMatchObject({
      diagnostics: [
        {
          message: 'a.json isn\'t valid JSON: "o" stands where a value is expected.',
          at: { file: "a.json", line: 2, column: 13 },
        },
      ],
    });
    expect(accountFromJson("{")).toMatchObject({
      diagnostics: [
        { message: expect.stringContaining("The account isn't valid JSON: line 1, column 2: the text ends") },
      ],
    });
  });

  it("names fields in words, ten of them, and counts the others", () => {
    const targets = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`arn:aws:x/${index}`, "none"]));
    const loaded = accountFromJson(JSON.stringify({ ...EMPTY, targets }), "a.json");
    const messages = "diagnostics" in loaded ? loaded.diagnostics.map(({ message }) => message) : [];
    expect(messages).toHaveLength(11);
    expect(messages[0]).toBe('In a.json, targets["arn:aws:x/0"] must be a list.');
    expect(messages[10]).toBe("In a.json, 2 more places are wrong.");
  });
});
