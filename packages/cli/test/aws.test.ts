import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AwsApi, AwsError } from "@elbplan/aws-executor";
import { type Account, emptyAccount, type Facts } from "@elbplan/core";
import { fakeAws } from "@elbplan/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ran, run } from "./scenario.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const FACTS = JSON.parse(readFileSync(`${examples}facts.json`, "utf8")) as Facts;
const EMPTY = emptyAccount({ region: FACTS.region, accountId: FACTS.accountId, vpcId: FACTS.vpc.id });
const PLACE = [`--aws-vpc-id=${FACTS.vpc.id}`, `--cluster-name=${FACTS.clusterName}`];
const SHOP = ["-f", `${examples}shop`];
const EDITED = ["-f", `${examples}shop-edited`];

let folder = "";
let home = "";
beforeEach(() => {
  home = process.cwd();
  folder = mkdtempSync(join(tmpdir(), "elbplan-aws-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

const aws = (account: Account = EMPTY): AwsApi => fakeAws({ account, facts: FACTS });
const onAws = (argv: readonly string[], api: AwsApi = aws()): Promise<Ran> =>
  run([...argv, "--aws", ...PLACE], "", { aws: api });

/** The account on which the examples were carried out. */
async function shopAccount(): Promise<Account> {
  const facts = ["--facts", `${examples}facts.json`];
  await run(["apply", ...SHOP, ...facts, "--account", "account.json", "--yes"]);
  return JSON.parse(readFileSync("account.json", "utf8")) as Account;
}

describe("plan --aws", () => {
  it("plans what it plans with the facts of a file, in an account without anything", async () => {
    const offline = await run(["plan", ...SHOP, "--facts", `${examples}facts.json`]);
    const online = await onAws(["plan", ...SHOP]);
    expect(online).toEqual(offline);
    expect(online.stdout).toContain("CreateLoadBalancer");
  });

  it("finds nothing to do where everything is as it should be", async () => {
    const { stdout, code } = await onAws(["plan", ...SHOP, "--detailed-exitcode"], aws(await shopAccount()));
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing to do");
  });

  it("plans an edit as with the whole account in a file, and its saved plan holds for the account", async () => {
    const account = await shopAccount();
    const offline = await run(["plan", ...EDITED, "--facts", `${examples}facts.json`, "--account", "account.json"]);
    const online = await onAws(["plan", ...EDITED, "--out", "plan.json"], aws(account));
    expect(online.stdout).toBe(offline.stdout);
    const held = await run(["apply", "plan.json", "--account", "account.json", "--yes"]);
    expect(held.stderr).toMatch(/Applied: (\d+) of \1 steps\./);
  });

  it("takes the facts of a file, and reads the inventory", async () => {
    const asked: string[] = [];
    const api: AwsApi = (call) => {
      asked.push(call.operation);
      return aws()(call);
    };
    const { code } = await run(["plan", ...SHOP, "--facts", `${examples}facts.json`, "--aws"], "", { aws: api });
    expect(code).toBe(0);
    expect(asked).toContain("DescribeLoadBalancers");
    expect(asked).not.toContain("DescribeSubnets");
  });

  it("finds the VPC by its tags", async () => {
    const api: AwsApi = async (call) =>
      call.operation === "DescribeVpcs" && call.input["VpcIds"] === undefined
        ? { Vpcs: JSON.stringify(call.input).includes("tag:team") ? [{ VpcId: FACTS.vpc.id }] : [] }
        : aws()(call);
    const plan = (tags: string): Promise<Ran> =>
      run(["plan", ...SHOP, "--aws", `--aws-vpc-tags=${tags}`, `--cluster-name=${FACTS.clusterName}`], "", {
        aws: api,
      });
    expect((await plan("team=shop")).code).toBe(0);
    const none = await plan("stage=prod");
    expect(none.code).toBe(1);
    expect(none.stderr).toContain("error aws.vpc-unknown:");
    expect(none.stderr).toContain("no VPC carries the tags stage=prod; exactly one must.");
  });

  const failing =
    (operation: string, code: string, message: string) =>
    (working: AwsApi): AwsApi =>
    async (call) => {
      if (call.operation !== operation) return working(call);
      throw new AwsError({ code, message, operation, outcome: "refused", requestId: "r-1" });
    };
  it.each([
    {
      name: "credentials",
      api: failing("GetCallerIdentity", "CredentialsProviderError", "Could not load credentials from any providers"),
      says: "error aws.credentials-missing: GetCallerIdentity can't be called: Could not load credentials",
    },
    {
      name: "a Region",
      api: failing("GetCallerIdentity", "Error", "Region is missing"),
      says: "error aws.region-missing: GetCallerIdentity can't be called: no Region is set.",
    },
    {
      name: "a permission",
      api: failing("DescribeRules", "AccessDenied", "User: arn:aws:iam::1:user/x is not authorized"),
      says: "error aws.access-denied: AWS doesn't allow elasticloadbalancing:DescribeRules (request r-1): User:",
    },
    {
      name: "a way to AWS",
      api: failing("DescribeLoadBalancers", "ENOTFOUND", "getaddrinfo ENOTFOUND elb.example"),
      says: "error aws.unreachable: DescribeLoadBalancers got no answer: getaddrinfo",
    },
  ])("names what is missing: $name", async ({ api, says }) => {
    const { code, stdout, stderr } = await onAws(["plan", ...SHOP], api(aws(await shopAccount())));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).toMatch(/elbplan: nothing was planned\.\n$/);
  });

  it.each([
    { argv: ["--aws", "--account", "a.json"], says: "--account and --aws say both what exists; give one of them." },
    { argv: ["--profile", "dev"], says: "--profile says how AWS is called; say --aws to call it." },
    { argv: ["--assume-role", "arn:x"], says: "--assume-role says how AWS is called; say --aws to call it." },
    {
      argv: ["--aws", "--external-id", "x", ...PLACE],
      says: "--external-id belongs to --assume-role; say which role.",
    },
    { argv: ["--aws", "--cluster-name=x"], says: "Neither --aws-vpc-id nor --aws-vpc-tags says which VPC" },
    { argv: ["--aws", PLACE[0] ?? ""], says: "error settings.cluster-name-missing" },
    { argv: ["--aws", ...PLACE, "--aws-api-endpoints=EC2=x://CANARY"], says: 'the address of "EC2" is no URL' },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stderr } = await run(["plan", ...SHOP, ...argv], "", { aws: aws() });
    expect(code).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("CANARY");
  });
});

describe("capture", () => {
  it("writes files with which any edit is planned as on AWS", async () => {
    const api = aws(await shopAccount());
    const { code, stderr } = await run(["capture", ...EDITED, ...PLACE], "", { aws: api });
    expect({ code, saved: stderr.includes("Saved to facts.json and inventory.json.") }).toEqual({
      code: 0,
      saved: true,
    });
    expect(JSON.parse(readFileSync("inventory.json", "utf8"))).not.toHaveProperty("quotas");
    const files = ["--facts", "facts.json", "--inventory", "inventory.json"];
    expect((await run(["plan", ...EDITED, ...files])).stdout).toBe((await onAws(["plan", ...EDITED], api)).stdout);

    const storefront = readFileSync(`${examples}shop/storefront.yaml`, "utf8");
    const annotation = "alb.ingress.kubernetes.io/load-balancer-attributes: idle_timeout.timeout_seconds=90";
    writeFileSync("storefront.yaml", storefront.replace("annotations:\n", `annotations:\n    ${annotation}\n`));
    const others = ["checkout", "orders", "class"].flatMap((name) => ["-f", `${examples}shop/${name}.yaml`]);
    const edited = ["plan", ...others, "-f", "storefront.yaml"];
    const offline = await run([...edited, ...files]);
    expect(offline.stdout).toContain("ModifyLoadBalancerAttributes");
    expect(offline.stdout, "what was 60 is known, though nobody specified it").toMatch(
      /idle_timeout.timeout_seconds.*60/,
    );
    expect(offline.stdout).toBe((await onAws(edited, api)).stdout);
  });

  it("replaces a file only when it is named", async () => {
    writeFileSync("facts.json", "mine");
    const capture = (...argv: readonly string[]): Promise<Ran> =>
      run(["capture", ...SHOP, ...PLACE, ...argv], "", { aws: aws() });
    const refused = await capture();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("facts.json is there already; to replace it write --out-facts facts.json.");
    expect(readFileSync("facts.json", "utf8")).toBe("mine");
    expect((await capture("--out-facts", "facts.json", "--out-inventory", "there.json")).code).toBe(0);
    expect(existsSync("there.json")).toBe(true);
  });

  it("has no use for files of what exists", async () => {
    const { stderr } = await run(["capture", ...SHOP, ...PLACE, "--facts", "x.json"], "", { aws: aws() });
    expect(stderr).toContain("capture reads AWS; it has no use for --facts.");
  });
});

describe("iam-policy", () => {
  it("prints what reading needs when there are no objects", async () => {
    const { code, stdout } = await run(["iam-policy", "--enable-shield=false"]);
    const [statement] = JSON.parse(stdout).Statement;
    expect({ code, resource: statement.Resource }).toEqual({ code: 0, resource: "*" });
    expect(statement.Action).toContain("elasticloadbalancing:DescribeRules");
    expect(statement.Action).not.toContain("shield:DescribeProtection");
  });
});

describe("facts-needed", () => {
  it("asks AWS nothing", async () => {
    const { code, stderr } = await onAws(["facts-needed", ...SHOP]);
    expect(code).toBe(1);
    expect(stderr).toContain("facts-needed asks AWS nothing; leave out --aws, or use capture.");
  });
});
