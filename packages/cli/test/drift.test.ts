import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "./scenario.ts";

const FACTS = new URL("../../../examples/facts.json", import.meta.url).pathname;

const manifest = (attributes: string, path: string): string => `
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: alb }
spec: { controller: ingress.k8s.aws/alb }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/load-balancer-attributes: ${attributes}
    alb.ingress.kubernetes.io/actions.hello: |
      {"type": "fixed-response", "fixedResponseConfig": {"contentType": "text/plain", "statusCode": "200"}}
spec:
  ingressClassName: alb
  rules:
    - http:
        paths:
          - { path: ${path}, pathType: Exact, backend: { service: { name: hello, port: { name: use-annotation } } } }
`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "elbplan-drift-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("plan --last-goal shows apart what others changed since", async () => {
  const [web, account, goal] = ["web.yaml", "account.json", "goal.json"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const input = ["-f", web, "--facts", FACTS, "--account", account];
  writeFileSync(web, manifest("idle_timeout.timeout_seconds=60", "/a"));
  expect(await run(["apply", ...input, "--yes"])).toMatchObject({ code: 0 });
  const { stdout: last } = await run(["desired", ...input]);
  writeFileSync(goal, last);
  // Somebody sets another timeout by hand.
  writeFileSync(
    account,
    readFileSync(account, "utf8").replace(
      '"idle_timeout.timeout_seconds": "60"',
      '"idle_timeout.timeout_seconds": "7"',
    ),
  );
  writeFileSync(web, manifest("idle_timeout.timeout_seconds=60", "/b"));

  const shown = await run(["plan", ...input, "--last-goal", goal, "--no-calls"]);
  expect(shown.stdout).toBe(`Signs: ~ change in place

Ingress shop/web

  ~ rule 80:1
      conditions: path /a → path /b
      # conditions change; Ingress shop/web, spec.rules[0].http.paths[0] (${web}:21:13)

  Drift: others changed this since the last goal; the plan brings it back

  ~ load balancer
      attribute idle_timeout.timeout_seconds: 7 → 60
      # attribute idle_timeout.timeout_seconds change; Ingress shop/web, annotation alb.ingress.kubernetes.io/load-balancer-attributes (${web}:13:5)

Plan: 0 to create, 2 to change, 0 to replace, 0 to delete; 2 AWS calls.
`);
  const { stdout: plain } = await run(["plan", ...input, "--no-calls"]);
  expect(plain).not.toContain("Drift");

  writeFileSync(goal, "{}");
  const refused = await run(["plan", ...input, "--last-goal", goal]);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toContain("graph.malformed");
});
