/** `elbplan run`, from its start to its end. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AwsApi, AwsError } from "@elbplan/aws-executor";
import { KubernetesError } from "@elbplan/k8s-source/cluster";
import { ingress } from "@elbplan/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { FLAGS, type Outside, outside, type RunningCommand, start } from "./running.ts";
import { run } from "./scenario.ts";

const folder = mkdtempSync(join(tmpdir(), "elbplan-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

let running: RunningCommand | undefined;
afterEach(async () => {
  running?.interrupt();
  await running?.code;
  running = undefined;
});
const begin = (argv: readonly string[], world: Outside, env = {}): RunningCommand => {
  running = start(argv, world, env);
  return running;
};
const lease = (world: Outside): { readonly [field: string]: unknown } | undefined =>
  world.cluster.objects("coordination.k8s.io/leases").find(({ metadata }) => metadata["name"] === "elbplan-leader")?.[
    "spec"
  ] as { readonly [field: string]: unknown } | undefined;
const reconciled = ({ log }: RunningCommand): boolean =>
  log().some(({ msg, group, outcome }) => msg === "reconciled" && group === "default/web" && outcome === "done");

describe("run", () => {
  it("leads, reconciles, tells how it goes, and gives the Lease back when it is stopped", async () => {
    const world = outside();
    const command = begin([], world, { POD_NAME: "elbplan-0", POD_NAMESPACE: "elbplan-system" });
    await command.until(() => reconciled(command));
    expect(world.awsWrites.map(({ operation }) => operation)).toContain("CreateLoadBalancer");
    expect(lease(world)).toMatchObject({ holderIdentity: expect.stringMatching(/^elbplan-0_[0-9a-f-]{36}$/) });
    const [stored] = world.cluster.objects("networking.k8s.io/ingresses");
    expect(stored).toMatchObject({
      metadata: { finalizers: ["ingress.k8s.aws/resources"] },
      status: { loadBalancer: { ingress: [{ hostname: expect.stringContaining(".elb") }] } },
    });

    expect(await command.get("/healthz")).toEqual({ status: 200, body: "ok\n" });
    expect(await command.get("/readyz")).toMatchObject({ status: 200, body: expect.stringContaining("ok: leading") });
    const { body } = await command.get("/metrics");
    for (const line of [
      'leader_election_master_status{name="elbplan-leader"} 1',
      'aws_api_calls_total{service="elasticloadbalancingv2",operation="CreateLoadBalancer",error_code=""} 1',
      'elbplan_actions_total{kind="createLoadBalancer",state="done"} 1',
      'elbplan_events_total{reason="SuccessfullyReconciled"} 1',
      'elbplan_watch_current{kind="Ingress",namespace=""} 1',
      'awslbc_controller_cache_object_total{resource="ingress"} 1',
    ]) {
      expect(body.split("\n")).toContain(line);
    }
    expect(body).toMatch(/^controller_runtime_reconcile_total\{controller="ingress",result="success"\} [1-9]/m);
    expect(body).toMatch(/^process_resident_memory_bytes \d/m);

    command.interrupt();
    expect(await command.code).toBe(0);
    expect(command.log().at(-1)).toMatchObject({ msg: "stopped" });
    expect(lease(world)).toMatchObject({ holderIdentity: "" });
    // Logs, and nothing else.
    expect(command.out()).toBe("");
    expect(
      command
        .text()
        .trimEnd()
        .split("\n")
        .every((line) => line.startsWith("{")),
    ).toBe(true);
  });

  it("waits while another leads, ready to take over, and writes nothing", async () => {
    const world = outside();
    const spec = { holderIdentity: "other", leaseDurationSeconds: 3600, renewTime: new Date().toISOString() };
    const metadata = { namespace: "default", name: "elbplan-leader" };
    world.apply({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec });
    const command = begin([], world);
    await command.until(() => command.said("found the place"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await command.get("/readyz")).toMatchObject({ status: 200, body: "ok: waiting\n" });
    expect((await command.get("/metrics")).body).toContain('leader_election_master_status{name="elbplan-leader"} 0');
    command.interrupt();
    expect(await command.code).toBe(0);
    expect([...world.awsWrites, ...world.kubernetesWrites]).toEqual([]);
    expect(lease(world)).toMatchObject({ holderIdentity: "other" });
  });

  it("exits 1 when the Lease is lost, and writes no more", async () => {
    const world = outside();
    const command = begin([], world);
    await command.until(() => reconciled(command));
    const [stored] = world.cluster.objects("coordination.k8s.io/leases");
    world.apply({ ...stored, spec: { ...(stored?.["spec"] as object), holderIdentity: "other" } });
    const writes = world.awsWrites.length;
    expect(await command.code).toBe(1);
    expect(command.said("the Lease was lost")).toBe(true);
    world.apply(ingress({ rules: { "*": { "/new": "web:80" } } }));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.awsWrites).toHaveLength(writes);
    expect(lease(world)).toMatchObject({ holderIdentity: "other" });
  });

  it("finishes the plan under way when it is stopped", async () => {
    const world = outside((api) => async (call, options) => {
      if (call.operation === "CreateLoadBalancer") {
        running?.interrupt();
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      return api(call, options);
    });
    const command = begin([], world);
    expect(await command.code).toBe(0);
    const operations = world.awsWrites.map(({ operation }) => operation);
    expect(operations).toContain("CreateRule");
    expect(reconciled(command)).toBe(true);
    const [stored] = world.cluster.objects("networking.k8s.io/ingresses");
    expect(stored).toHaveProperty("status.loadBalancer.ingress.0.hostname");
  });

  it("keeps a journal of what is under way, which is empty in the end", async () => {
    const journal = join(folder, "journal.jsonl");
    let during = "";
    const world = outside((api) => async (call, options) => {
      if (call.operation === "CreateLoadBalancer") during = readFileSync(journal, "utf8");
      return api(call, options);
    });
    const line = { at: "2030-01-01T00:00:00.000Z", group: "default/web" };
    const call = { service: "ec2", operation: "CreateSecurityGroup", input: {} };
    writeFileSync(
      journal,
      [
        { ...line, entry: "begin", desired: "d", actions: 1 },
        { ...line, entry: "sent", action: "a", attempt: 1, call },
      ]
        .map((each) => `${JSON.stringify(each)}\n`)
        .join(""),
    );
    const command = begin(["--journal", journal], world);
    await command.until(() => reconciled(command));
    expect(command.log()).toContainEqual(
      expect.objectContaining({
        msg: "an earlier process was cut off",
        ...{ group: "default/web", began: line.at, unanswered: ["CreateSecurityGroup"] },
      }),
    );
    expect(during).toContain('"operation":"CreateLoadBalancer"');
    expect(readFileSync(journal, "utf8")).toBe("");
  });

  it("holds no Lease with --no-leader-elect, or LBC's flag", async () => {
    for (const flag of ["--no-leader-elect", "--enable-leader-election=false"]) {
      const world = outside();
      const command = begin([flag], world);
      await command.until(() => reconciled(command));
      expect(lease(world)).toBeUndefined();
      command.interrupt();
      expect(await command.code).toBe(0);
    }
  });
});

describe("the client of an OIDC login", () => {
  const canary = "canary-4711";
  const login = (secret: string): readonly object[] => {
    const metadata = { namespace: "default", name: "login" };
    const data = { clientID: btoa("shop"), clientSecret: btoa(secret) };
    const endpoints = ["issuer", "authorizationEndpoint", "tokenEndpoint", "userInfoEndpoint"];
    const idp = Object.fromEntries(endpoints.map((name) => [name, `https://idp.example.com/${name}`]));
    const annotations = {
      "listen-ports": '[{"HTTPS":443}]',
      "certificate-arn": "arn:aws:acm:eu-central-1:111122223333:certificate/1",
      "auth-type": "oidc",
      "auth-idp-oidc": JSON.stringify({ ...idp, secretName: "login" }),
    };
    return [{ apiVersion: "v1", kind: "Secret", metadata, data }, ingress({ annotations })];
  };

  it("reaches AWS as its Secret is at the moment, and nothing else", async () => {
    const journal = join(folder, "login.jsonl");
    let noted = "";
    const world = outside((api) => async (call, options) => {
      noted += readFileSync(journal, "utf8");
      return api(call, options);
    });
    world.apply(...login(`${canary}-first`));
    const command = begin(["--journal", journal, "--log-level=debug"], world);
    const sent = (): string => JSON.stringify(world.awsWrites.map(({ input }) => input));
    await command.until(() => reconciled(command));
    expect(sent()).toContain(`"ClientSecret":"${canary}-first"`);
    world.apply(...login(`${canary}-second`));
    await command.until(() => sent().includes(`${canary}-second`));
    const { body } = await command.get("/metrics");
    command.interrupt();
    expect(await command.code).toBe(0);
    const events = JSON.stringify(world.cluster.objects("/events"));
    expect(noted).toContain('"secret":"default/login"');
    for (const text of [command.text(), command.out(), body, noted, events]) {
      expect(text).not.toContain("canary");
      expect(text).not.toContain(btoa(canary).slice(0, 12));
    }
  });

  it("isn't in what a dry run prints", async () => {
    const world = outside();
    world.apply(...login(canary));
    const command = begin(["--dry-run", "--format=json", "--log-level=debug"], world);
    await command.until(() => command.out().includes("AuthenticateOidcConfig"));
    expect(command.out()).toContain('"secret":"default/login"');
    expect(`${command.out()}${command.text()}`).not.toMatch(/canary/);
  });
});

describe("a dry run", () => {
  it("prints the plan of each change, and writes nothing anywhere", async () => {
    const world = outside();
    const command = begin(["--dry-run"], world);
    await command.until(() => command.out().includes("Plan:"));
    expect(command.out()).toMatch(/^default\/web:\n/);
    expect(command.out()).toContain("elbv2 CreateLoadBalancer");
    const first = command.out();
    world.apply(ingress({ rules: { "shop.example.com": { "/": "web:80" } } }));
    await command.until(() => command.out().length > first.length);
    expect(command.out().slice(first.length)).toContain("shop.example.com");
    expect(await command.get("/readyz")).toMatchObject({ status: 200 });
    expect((await command.get("/metrics")).body).toContain('leader_election_master_status{name="elbplan-leader"} 0');
    command.interrupt();
    expect(await command.code).toBe(0);
    expect([...world.awsWrites, ...world.kubernetesWrites]).toEqual([]);
  });

  it("prints lines of JSON", async () => {
    const world = outside();
    const command = begin(["--dry-run", "--format=json"], world);
    await command.until(() => command.out().endsWith("\n"));
    const lines = command.out().trimEnd().split("\n");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      group: "default/web",
      plan: { formatVersion: 1, actions: expect.arrayContaining([expect.objectContaining({ kind: "createRule" })]) },
    });
  });

  it("runs beside LBC, for it is in nobody's way", async () => {
    const world = outside();
    leadByLbc(world);
    const command = begin(["--dry-run"], world);
    await command.until(() => command.out().includes("Plan:"));
  });

  it("touches no journal", async () => {
    const world = outside();
    const journal = join(folder, "untouched.jsonl");
    const command = begin(["--dry-run", "--journal", journal], world);
    await command.until(() => command.out().includes("Plan:"));
    expect(existsSync(journal)).toBe(false);
  });
});

function leadByLbc(world: Outside): void {
  const spec = { holderIdentity: "lbc-7", leaseDurationSeconds: 15, renewTime: new Date().toISOString() };
  const metadata = { namespace: "kube-system", name: "aws-load-balancer-controller-leader" };
  world.apply({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec });
}

describe("run doesn't start", () => {
  const refused = async (argv: readonly string[], world: Outside, flags = FLAGS): Promise<string> => {
    const { code, stdout, stderr } = await run(["run", ...flags, ...argv], "", world);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect([...world.awsWrites, ...world.kubernetesWrites]).toEqual([]);
    return stderr;
  };

  it("while LBC leads, unless that is wanted", async () => {
    const world = outside();
    leadByLbc(world);
    expect(await refused([], world)).toContain("lbc-7 leads by a Lease in kube-system. Stop it first");
    const command = begin(["--alongside"], world);
    await command.until(() => reconciled(command));
  });

  it("without the cluster's name", async () => {
    expect(
      await refused(
        [],
        outside(),
        FLAGS.filter((flag) => !flag.includes("cluster-name")),
      ),
    ).toContain("error settings.cluster-name-missing:");
  });

  it.each([
    { flag: "--sync-period=often", says: 'flag --sync-period: "often" is no duration above 0' },
    {
      flag: "--ingress-max-concurrent-reconciles=0",
      says: 'flag --ingress-max-concurrent-reconciles: "0" is no number',
    },
    { flag: "--log-level=loud", says: 'flag --log-level: "loud" is none of debug, info, warn, error.' },
    { flag: "--metrics-bind-addr=8080", says: 'flag --metrics-bind-addr: "8080" is no address' },
    { flag: "--enable-leader-election=perhaps", says: 'flag --enable-leader-election: "perhaps" is neither' },
    {
      flag: "--leader-election-id=aws-load-balancer-controller-leader",
      says: "flag --leader-election-id: that Lease is the AWS Load Balancer Controller's own.",
    },
    { flag: "--aws-max-retries=-1", says: "flag --aws-max-retries:" },
    { flag: "--default-target-type=pod", says: "error settings.flag-invalid:" },
    { flag: "--what=1", says: "unknown option '--what=1'" },
  ])("with $flag", async ({ flag, says }) => {
    expect(await refused([flag], outside())).toContain(says);
  });

  it("with a file of somebody else's as its journal", async () => {
    const precious = join(folder, "precious.txt");
    writeFileSync(precious, "precious\n");
    expect(await refused(["--journal", precious], outside())).toContain("can't be the journal: line 1 is no line");
    expect(readFileSync(precious, "utf8")).toBe("precious\n");
  });

  it("without a way to AWS, which it names", async () => {
    const world = outside(() => async ({ operation }) => {
      throw new AwsError({ code: "CredentialsProviderError", message: "none", operation, outcome: "refused" });
    });
    expect(await refused([], world)).toContain("error aws.credentials-missing:");
  });

  it("without a way to the cluster", async () => {
    const world = outside();
    const kubernetes: Outside["kubernetes"] = {
      ...world.kubernetes,
      call: async () => {
        throw new KubernetesError("GET /apis: no way", { outcome: "unknown" });
      },
    };
    expect(await refused([], { ...world, kubernetes })).toContain("the cluster can't be read: GET /apis: no way.");
  });

  it("if AWS can't be read once it leads; then it gives the Lease back", async () => {
    const denied: (api: AwsApi) => AwsApi = (api) => async (call, options) => {
      if (call.operation !== "DescribeLoadBalancers") return api(call, options);
      throw new AwsError({ code: "AccessDenied", message: "no", operation: call.operation, outcome: "refused" });
    };
    const world = outside(denied);
    const { code, stderr } = await run(["run", ...FLAGS], "", world);
    expect(code).toBe(1);
    expect(stderr).toContain("error aws.access-denied: AWS doesn't allow elasticloadbalancing:DescribeLoadBalancers");
    expect(world.awsWrites).toEqual([]);
    expect(lease(world)).toMatchObject({ holderIdentity: "" });
  });
});

describe("help", () => {
  it("lists what run takes", async () => {
    const { code, stdout } = await run(["run", "--help"]);
    expect(code).toBe(0);
    for (const option of ["--dry-run", "--alongside", "--no-leader-elect", "--journal", "--no-drain", "--settings"]) {
      expect(stdout).toContain(`  ${option}`);
    }
    expect(stdout).not.toContain("--facts");
  });
});
