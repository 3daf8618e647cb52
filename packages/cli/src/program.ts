/** The commands and their options. What a command does is loaded only when it runs, so that help is there at once. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { ApplyOptions } from "./commands/apply.ts";
import type { RunOptions } from "./controller/options.ts";
import type { Io } from "./io.ts";
import type { CaptureOptions, InputOptions, OutputOptions, PlanningOptions, RequestOptions } from "./options.ts";
import { Refusal } from "./refusal.ts";

const LBC_FLAGS_NOTE = `
Every flag of the AWS Load Balancer Controller is accepted under its own name, for instance
--cluster-name, --default-tags or --feature-gates.`;

const EXAMPLES = `
Examples:
  elbplan demo                                             see it work, without AWS
  elbplan plan -f manifests/ --facts facts.json            what these manifests need
  helm template . | elbplan check -f - --facts facts.json  mistakes in what a chart renders`;

/** The whole command line. `exit` receives the exit code of the command that ran. */
export function makeProgram(io: Io, exit: (code: number) => void): Command {
  const program = new Command("elbplan")
    .description("Plans AWS load balancers from Kubernetes objects, as the AWS Load Balancer Controller would.")
    .version(version(), "-V, --version")
    .exitOverride()
    .allowExcessArguments()
    .hook("preAction", (_program, command) => refuseExcess(command))
    .configureOutput({ writeOut: io.stdout.write, writeErr: io.stderr.write })
    .configureHelp({ showGlobalOptions: false })
    .helpCommand(false)
    .showSuggestionAfterError()
    .addHelpText("after", EXAMPLES);
  const lbcFlags = (): LbcFlags => program.getOptionValue("lbcFlags") as LbcFlags;

  withPlanning(withInput(program.command("plan")))
    .description("show what would change in AWS, and why")
    .addOption(format(["text", "json"]))
    .option("--no-calls", "leave out the numbered calls")
    .option("--last-goal <file>", "what `desired` printed when last planned: tells what others changed since")
    .option("--cost", "print what the plan costs: calls, time, IAM actions")
    .option("--verify", "prove what the plan guarantees, or show where it doesn't hold")
    .option("--out <file>", "save the plan, for apply")
    .option("--detailed-exitcode", "exit 2 if there are changes")
    .action(async (options: InputOptions & PlanningOptions & OutputOptions) => {
      const { plan } = await import("./commands/plan.ts");
      exit(await plan({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withPlanning(withInput(program.command("apply")))
    .description("carry the changes out, on AWS or on a simulated account")
    .argument("[plan]", "a plan saved by plan --out; without one it is made from -f")
    .option("-y, --yes", "don't ask")
    .option("--no-calls", "leave out the numbered calls")
    .option("--journal <file>", "note what is sent before it is sent, and what comes back")
    .option("--alongside", "although the AWS Load Balancer Controller runs on the cluster")
    .action(async (saved: string | undefined, options: ApplyOptions) => {
      const { apply } = await import("./commands/apply.ts");
      exit(await apply(saved, { ...options, lbcFlags: lbcFlags() }, io));
    });

  withInput(program.command("desired"))
    .description("print what should exist")
    .addOption(format(["json", "lbc-stack"]))
    .action(async (options: InputOptions & OutputOptions) => {
      const { desired } = await import("./commands/desired.ts");
      exit(await desired({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withInput(program.command("explain"))
    .description("show the way of a request: listener, rule, Ingress, target, certificate; before and after")
    .argument("[request...]", "for instance: GET https://shop.example.com/cart")
    .addOption(format(["text", "json"]))
    .option("-H, --header <name:value>", "a header of the request; repeatable", collect)
    .option("--source-ip <address>", "where the request comes from")
    .action(async (request: readonly string[], options: InputOptions & OutputOptions & RequestOptions) => {
      const { explain } = await import("./commands/explain.ts");
      exit(await explain(request, { ...options, lbcFlags: lbcFlags() }, io));
    });

  withInput(program.command("check"))
    .description("look for mistakes, with file, line and column")
    .addOption(format(["text", "json"]))
    .action(async (options: InputOptions & OutputOptions) => {
      const { check } = await import("./commands/check.ts");
      exit(await check({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withInput(program.command("facts-needed"))
    .description("print the AWS look-ups that a plan of these objects needs, as JSON")
    .action(async (options: InputOptions & OutputOptions) => {
      const { factsNeeded } = await import("./commands/facts-needed.ts");
      exit(await factsNeeded({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withInput(program.command("capture"))
    .description("read facts and inventory from AWS into files, to plan with them elsewhere")
    .option("--out-facts <file>", "where the facts go (default: facts.json)")
    .option("--out-inventory <file>", "where the inventory goes (default: inventory.json)")
    .action(async (options: InputOptions & OutputOptions & CaptureOptions) => {
      const { capture } = await import("./commands/capture.ts");
      exit(await capture({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withPlanning(withInput(program.command("iam-policy")))
    .description("print the least IAM policy: by which the plan can be carried out, or without objects, for reading")
    .action(async (options: InputOptions & PlanningOptions & OutputOptions) => {
      const { iamPolicy } = await import("./commands/iam-policy.ts");
      exit(await iamPolicy({ ...options, lbcFlags: lbcFlags() }, io));
    });

  withPlanning(withInput(program.command("script")))
    .description("print a plan as a shell script of aws and kubectl commands, to review and to run by hand")
    .argument("[plan]", "a plan saved by plan --out; without one it is made from -f")
    .addOption(format(["sh", "json"]))
    .action(async (saved: string | undefined, options: InputOptions & PlanningOptions & OutputOptions) => {
      const { script } = await import("./commands/script.ts");
      exit(await script(saved, { ...options, lbcFlags: lbcFlags() }, io));
    });

  withLogin(withContext(withSettings(program.command("run"))))
    .description("watch a cluster and keep AWS as its Ingresses ask for, until it is stopped: the controller")
    .option("--dry-run", "show what would be done at each change, and write nothing anywhere")
    .addOption(format(["text", "json"]))
    .option("--no-calls", "leave out the numbered calls of a dry run")
    .option("--journal <file>", "note what plans under way send before it is sent, and what comes back")
    .option("--alongside", "although the AWS Load Balancer Controller runs on the cluster")
    .option("--no-leader-elect", "hold no Lease: no other replica may run")
    .option("--no-warm", "don't wait until the targets of new target groups are healthy")
    .option("--no-drain", "delete target groups before their deregistration delay has passed")
    .option("--no-allow-replace", "leave a load balancer as it is that can't be changed as asked")
    .addHelpText("after", LBC_FLAGS_NOTE)
    .action(async (options: RunOptions) => {
      const { run } = await import("./commands/run.ts");
      exit(await run({ ...options, lbcFlags: lbcFlags() }, io));
    });

  program
    .command("demo")
    .description("plan, apply, edit, plan and apply the examples in a simulated account")
    .option("--no-color", "no colour, even on a terminal")
    .action(async (options: OutputOptions) => {
      const { demo } = await import("./commands/demo.ts");
      exit(await demo(options, io));
    });

  return program;
}

/** As commander does by itself, but it doesn't say which argument is too many. */
function refuseExcess(command: Command): void {
  const { args, registeredArguments } = command;
  if (registeredArguments.some(({ variadic }) => variadic)) return;
  const excess = args.slice(registeredArguments.length);
  if (excess.length === 0) return;
  const words = excess.map((word) => `"${word}"`).join(", ");
  throw new Refusal(
    `${words} ${excess.length === 1 ? "is one argument" : "are arguments"} too many for ${command.name()}.`,
  );
}

export interface LbcFlags {
  readonly [name: string]: string;
}

function withInput(command: Command): Command {
  command
    .option("-f, --filename <path...>", "file or folder of manifests, - for standard input; repeatable")
    .option("-R, --recursive", "read folders with everything below them")
    .option("--whole", "the files hold every Service, Node, Pod and EndpointSlice: targets that they lack go")
    .option("--facts <file>", "what AWS knows: subnets, certificates and the like")
    .option("--inventory <file>", "what exists in AWS")
    .option("--account <file>", "a simulated account");
  withSettings(command).option("--cluster", "read the objects of a cluster instead of files");
  withContext(command).option("--aws", "read what exists from AWS");
  return withLogin(command).addHelpText("after", LBC_FLAGS_NOTE);
}

function withSettings(command: Command): Command {
  return command
    .option("--settings <file>", "settings as YAML or JSON")
    .option("--no-color", "no colour, even on a terminal");
}

/** Which cluster. */
function withContext(command: Command): Command {
  return command
    .option("--context <name>", "the kubeconfig's context of that cluster")
    .option("--kubeconfig <file>", "the kubeconfig itself")
    .option("--namespace <name>", "only this namespace of the cluster; repeatable", collect);
}

/** As whom AWS is called. */
function withLogin(command: Command): Command {
  return command
    .option("--profile <name>", "profile of the AWS configuration files")
    .option("--assume-role <arn>", "role to take on in AWS")
    .option("--external-id <id>", "external id that the role asks for")
    .option("--fips", "call AWS's FIPS endpoints")
    .option("--dualstack", "call AWS's dual-stack endpoints");
}

function withPlanning(command: Command): Command {
  return command
    .option("--allow-replace", "load balancers may be replaced")
    .option("--allow-delete", "load balancers may be deleted")
    .option("--no-warm", "don't wait until the targets of new target groups are healthy")
    .option("--drain", "delete target groups only after their deregistration delay")
    .option("--prune", "delete what no Ingress of the input claims")
    .addOption(
      new Option(
        "--policy-mode <mode>",
        "how far to go: upsert-only deletes nothing, create-only changes nothing",
      ).choices(["sync", "upsert-only", "create-only"]),
    )
    .option(
      "--protect <selector>",
      "leave resources as they are: stack=, kind=, key=, tag=, joined by commas; repeatable",
      collect,
    )
    .option("--ignore <kind:pointer>", "leave a field as it is, as in loadBalancer:/attributes; repeatable", collect);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function format(choices: readonly string[]): Option {
  return new Option("--format <format>", "what to print").choices(choices).default(choices[0]);
}

function version(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
}
