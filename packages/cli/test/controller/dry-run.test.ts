/** What a dry run prints of what a controller tells. */
import type { ControllerEvent } from "@elbplan/controller";
import { type Account, type Plan, plan, simulate } from "@elbplan/core";
import { account, desired, ingress, service, snapshot } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { planPrinter } from "../../src/controller/dry-run.ts";
import { ioFor } from "../scenario.ts";

const shop = (path: string) => desired(snapshot(service(), ingress({ rules: { "*": { [path]: "web:80" } } })));
const empty = account();
const first = plan(shop("/"), empty);
const existing = simulate(empty, first).account;
const edit = plan(shop("/cart"), existing);
const nothing = plan(shop("/"), existing);

function printed(format: "text" | "json", inventory?: Account) {
  let out = "";
  const write = (text: string): void => {
    out += text;
  };
  const stdout = { isTTY: false, write };
  const date = (): Date => new Date(Date.UTC(2030, 0, 1));
  const tell = planPrinter({ color: false, format }, ioFor({ stdout }), { date, inventory: () => inventory });
  return {
    planned: (made: Plan, group = "default/web"): string => {
      out = "";
      tell({ type: "planned", group, plan: made, milliseconds: 1 });
      return out;
    },
    tell: (event: ControllerEvent): void => tell(event),
  };
}

describe("a dry run prints", () => {
  it("a plan when it is another one than before, and that there is none any more", () => {
    const { planned } = printed("text", existing);
    expect(planned(first)).toMatch(/^default\/web:\n[\s\S]*CreateLoadBalancer[\s\S]*\nPlan: /);
    expect(planned(first)).toBe("");
    expect(planned(edit)).toContain("elbv2 ModifyRule");
    expect(planned(nothing)).toContain("Nothing to do");
    expect(planned(nothing)).toBe("");
    expect(planned(edit)).toContain("elbv2 ModifyRule");
  });

  it("nothing of a group that never had anything to do", () => {
    expect(printed("text", existing).planned(nothing)).toBe("");
  });

  it("a group that was gone and comes again as new", () => {
    const { planned, tell } = printed("text");
    expect(planned(first)).not.toBe("");
    tell({ type: "reconciled", group: "default/web", outcome: "gone", diagnostics: [], milliseconds: 1 });
    expect(planned(first)).not.toBe("");
  });

  it("what exists by its name, where the inventory tells it", () => {
    const two = (paths: { readonly [path: string]: "web:80" | "web:81" }) =>
      desired(snapshot(service({ ports: { http: 80, api: 81 } }), ingress({ rules: { "*": paths } })));
    const before = simulate(empty, plan(two({ "/": "web:80", "/api": "web:81" }), empty)).account;
    const swap = plan(two({ "/": "web:81", "/api": "web:80" }), before);
    expect(printed("text").planned(swap)).toContain("forward to targetgroup/k8s-default-web-");
    expect(printed("text", before).planned(swap)).toContain("forward to target group default/web-web:81");
  });

  it("what all groups share by these words", () => {
    expect(printed("text").planned(first, "(cluster)")).toMatch(/^shared by all groups:\n/);
  });

  it("a line of JSON for each, as plan --format json has it", () => {
    const { planned } = printed("json");
    const line = planned(first);
    expect(line).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(line)).toMatchObject({
      at: "2030-01-01T00:00:00.000Z",
      group: "default/web",
      plan: { formatVersion: 1, digest: expect.any(String), actions: { length: first.actions.length } },
    });
    expect(planned(first)).toBe("");
  });
});
