/** What the shell makes of the script: fake commands note what they are given, and it must be what the calls say. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callFor } from "../../src/call-for.ts";
import { heredocJson } from "../../src/lib/heredoc-json.ts";
import type { Action } from "../../src/model/action.ts";
import type { Plan } from "../../src/model/plan.ts";
import { renderShellScript } from "../../src/render/shell-script.ts";
import { deepFreeze } from "../fixtures/deep-freeze.ts";

interface Ran {
  readonly argv: readonly string[];
  readonly stdin: string;
}

/** Answers every query with the number of the command. */
const FAKE = `#!${process.execPath}
const fs = require("node:fs");
const number = fs.readdirSync(process.env.CALLS).length + 1;
const secret = process.argv[2] === "get";
if (secret && process.env.KUBECTL === "fails") process.exit(1);
const stdin = secret ? "" : fs.readFileSync(0, "utf8");
const argv = [require("node:path").basename(process.argv[1]), ...process.argv.slice(2)];
fs.writeFileSync(require("node:path").join(process.env.CALLS, String(number).padStart(3, "0")), JSON.stringify({ argv, stdin }));
if (secret) process.stdout.write(process.env.KUBECTL === "silent" ? "" : Buffer.from('id "of" \\\\ $HOME').toString("base64"));
else if (process.argv.includes("--query")) console.log("made-" + number);
`;

function runScript(
  script: string,
  shell = "sh",
  kubectl: "answers" | "fails" | "silent" = "answers",
): { readonly status: number | null; readonly ran: readonly Ran[] } {
  const folder = mkdtempSync(join(tmpdir(), "elbplan-script-"));
  try {
    const [bin, calls] = [join(folder, "bin"), join(folder, "calls")];
    for (const path of [bin, calls]) spawnSync("mkdir", [path]);
    for (const name of ["aws", "kubectl"]) {
      writeFileSync(join(bin, name), FAKE);
      chmodSync(join(bin, name), 0o755);
    }
    writeFileSync(join(folder, "script.sh"), script);
    const env = { PATH: `${bin}:${process.env["PATH"]}`, CALLS: calls, HOME: "home", KUBECTL: kubectl };
    const { status } = spawnSync(shell, ["script.sh"], { cwd: folder, env });
    const ran = readdirSync(calls).map((file): Ran => JSON.parse(readFileSync(join(calls, file), "utf8")));
    return { status, ran };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function planOf(actions: readonly object[]): Plan {
  const whole = actions.map((action, index) => ({
    id: `${index}`,
    stack: "shop/web",
    dependsOn: [],
    reason: "a `reason`\nof $(two) lines",
    disruption: "none",
    ...action,
  }));
  return deepFreeze({ actions: whole as unknown as readonly Action[], summary: { writes: whole.length } }) as Plan;
}

const GROUP = { kind: "createSecurityGroup", resource: "securityGroup/ManagedLBSecurityGroup" } as const;

describe("renderShellScript", () => {
  it("makes the calls with what earlier calls have made", () => {
    const plan = planOf([
      { ...GROUP, details: { vpcId: "vpc-1", spec: { name: "web", description: "d" } } },
      {
        kind: "deleteSecurityGroup",
        resource: GROUP.resource,
        details: { securityGroupId: { ref: GROUP.resource, field: "id" } },
      },
      { kind: "deleteRule", resource: "listenerRule/80:1", details: { ruleArn: "arn:aws:rule" } },
    ]);
    const { status, ran } = runScript(renderShellScript(plan, callFor));
    expect(status).toBe(0);
    const input = ["--cli-input-json", "file:///dev/stdin"];
    expect(ran.map(({ argv }) => argv)).toEqual([
      ["aws", "ec2", "create-security-group", ...input, "--query", "GroupId", "--output", "text"],
      ["aws", "ec2", "delete-security-group", ...input],
      ["aws", "elbv2", "delete-rule", ...input],
    ]);
    expect(ran.map(({ stdin }) => JSON.parse(stdin))).toEqual([
      { GroupName: "web", Description: "d", VpcId: "vpc-1" },
      { GroupId: "made-1" },
      { RuleArn: "arn:aws:rule" },
    ]);
  });

  it("waits with the command's own waiters", () => {
    const plan = planOf([
      {
        kind: "wait",
        resource: "targetGroup/a",
        details: { until: "targets-healthy", subject: "arn:aws:tg", deadlineSeconds: 60, onDeadline: "continue" },
      },
    ]);
    expect(renderShellScript(plan, callFor)).toContain(
      "aws elbv2 wait target-in-service --target-group-arn 'arn:aws:tg' ||",
    );
  });

  it("gives connections their time to end", () => {
    const plan = planOf([
      {
        kind: "wait",
        resource: "targetGroup/a",
        details: { until: "targets-drained", subject: "arn:aws:tg", deadlineSeconds: 300, onDeadline: "continue" },
      },
    ]);
    expect(renderShellScript(plan, callFor)).toContain("\nsleep 300\n");
  });

  it("reads the client of OIDC from its Secret and shows it nowhere", () => {
    const actions = [
      {
        type: "authenticate-oidc",
        authenticateOidcConfig: {
          issuer: "https://id.example",
          client: { secret: "shop/idp", digest: "d" },
          authenticationRequestExtraParams: { ref: "targetGroup/x", field: "arn" },
        },
      },
    ];
    const plan = planOf([
      { kind: "modifyRule", resource: "listenerRule/443:1", details: { ruleArn: "arn:r", actions } },
    ]);
    const { status, ran } = runScript(renderShellScript(plan, callFor));
    expect(status).toBe(0);
    for (const kubectl of ["fails", "silent"] as const) {
      const without = runScript(renderShellScript(plan, callFor), "sh", kubectl);
      expect(without.status, kubectl).not.toBe(0);
      expect(
        without.ran.filter(({ argv }) => argv[0] === "aws"),
        kubectl,
      ).toEqual([]);
    }
    const client = 'id "of" \\ $HOME';
    expect(ran.map(({ argv }) => argv.slice(0, 6))).toEqual([
      ["kubectl", "get", "secret", "--namespace", "shop", "idp"],
      ["kubectl", "get", "secret", "--namespace", "shop", "idp"],
      ["aws", "elbv2", "modify-rule", "--cli-input-json", "file:///dev/stdin"],
    ]);
    expect(JSON.parse(ran[2]?.stdin ?? "").Actions[0].AuthenticateOidcConfig).toMatchObject({
      ClientId: client,
      ClientSecret: client,
      AuthenticationRequestExtraParams: { ref: "targetGroup/x", field: "arn" },
    });
  });

  it("looks up the validation record of a certificate and its zone", () => {
    const plan = planOf([
      {
        kind: "requestCertificate",
        resource: "certificate/web",
        details: {
          spec: {
            type: "AMAZON_ISSUED",
            domainName: "a.io",
            subjectAlternativeNames: ["a.io"],
            validationMethod: "DNS",
          },
          idempotencyToken: "t",
        },
      },
      {
        kind: "upsertValidationRecord",
        resource: "certificate/web",
        details: { certificateArn: { ref: "certificate/web", field: "arn" }, domainName: "a.io" },
      },
    ]);
    const { status, ran } = runScript(renderShellScript(plan, callFor));
    expect(status).toBe(0);
    expect(ran.map(({ argv }) => argv.slice(1, 3).join(" "))).toEqual([
      "acm request-certificate",
      "route53 list-hosted-zones",
      "acm describe-certificate",
      "acm describe-certificate",
      "route53 change-resource-record-sets",
    ]);
    expect(ran[2]?.argv).toContain("made-1");
    const { ChangeBatch, HostedZoneId } = JSON.parse(ran[4]?.stdin ?? "");
    expect(HostedZoneId).toBe("made-2");
    expect(ChangeBatch.Changes[0].ResourceRecordSet).toMatchObject({
      Name: "made-3",
      ResourceRecords: [{ Value: "made-4" }],
    });
  });

  it("asks for what only the API server knows, and does nothing without it", () => {
    const name = { unknown: 'the name, `made` of "$(uid)"' };
    const plan = planOf([{ ...GROUP, details: { vpcId: "vpc-1", spec: { name, description: "d" } } }]);
    const script = renderShellScript(plan, callFor);
    expect(runScript(script)).toMatchObject({ ran: [] });
    expect(runScript(script).status).not.toBe(0);
    const { ran } = runScript(script.replace("set -eu", "set -eu\nunknown_1=web"));
    expect(JSON.parse(ran[0]?.stdin ?? "").GroupName).toBe("web");
  });

  it("names the commands of every service as the AWS command line does", () => {
    const of = (kind: string, details: object): string =>
      renderShellScript(planOf([{ kind, resource: "webAclAssociation/LoadBalancer", details }]), callFor);
    expect(of("associateWebAcl", { webAclArn: "a", resourceArn: "b" })).toContain("aws wafv2 associate-web-acl ");
    expect(of("disassociateWafRegional", { resourceArn: "b" })).toContain("aws waf-regional disassociate-web-acl ");
    expect(of("setIpAddressType", { loadBalancerArn: "b", ipAddressType: "ipv4" })).toContain(
      "aws elbv2 set-ip-address-type ",
    );
    expect(of("deleteTargetGroupBinding", { namespace: "n", name: "b" })).toContain(
      "kubectl delete --ignore-not-found",
    );
  });
});

describe("heredocJson", () => {
  it("comes out of a shell as it went in, whatever it holds", () => {
    const values = fc.sample(
      fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[$`\\"'(){}!\n EOFJSON]{1,12}$/)), {
        maxLength: 40,
      }),
      { numRuns: 20, seed: 5 },
    );
    const whole = { values, keys: { "$(touch x)": "`id`", __proto__: "own", "\\": "\\\\" } };
    const json = heredocJson(whole, () => undefined);
    // A shell holds no NUL in a document; JSON writes it as an escape.
    const { stdout } = spawnSync("sh", ["-c", `cat <<JSON\n${json}\nJSON\n`], { encoding: "utf8" });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(whole)));
    expect(json).not.toMatch(/[$`]/);
  });
});
