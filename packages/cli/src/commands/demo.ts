import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type Account,
  accountFromJson,
  accountToJson,
  callFor,
  type Facts,
  type Palette,
  renderPlanText,
  settingsFromFlags,
} from "@elbplan/core";
import { type ManifestFile, parseManifests } from "@elbplan/k8s-source";
import { carryOut } from "../carry-out.ts";
import { paletteFor } from "../colours.ts";
import type { Io } from "../io.ts";
import { diffLines } from "../line-diff.ts";
import type { OutputOptions } from "../options.ts";
import { makePlan } from "../planning.ts";
import { newAccount, withSubnets } from "../simulated-account.ts";

/** Plans the examples, applies the plan to a simulated account, edits, plans and applies again. */
export async function demo(options: OutputOptions, io: Io): Promise<number> {
  const palette = paletteFor(io.stdout, io, options.color);
  const write = (text: string): void => io.stdout.write(text);
  const examples = findExamples();
  const facts = JSON.parse(readFileSync(`${examples}facts.json`, "utf8")) as Facts;
  const shop = manifestsIn(examples, "shop");
  const edited = manifestsIn(examples, "shop-edited");
  const nothing = withSubnets(newAccount(facts), facts);

  write(`${INTRODUCTION}\n`);
  title(1, "Plan: what these manifests need, where nothing exists yet", palette, write);
  const first = planOf(shop, facts, nothing);
  write(renderPlanText(first, { callFor, palette, calls: false }));

  title(2, "Apply to a simulated account", palette, write);
  const after = reload(carryOut(nothing, first, write, palette).account);

  title(3, "Edit: the cart moves to a new Service, gift cards get a path", palette, write);
  for (const [index, { file, text }] of shop.entries()) {
    const lines = diffLines(text, edited[index]?.text ?? "", palette);
    if (lines !== "") write(`${palette.strong(file)}\n${lines}`);
  }

  title(4, "Plan again: only what the edit needs", palette, write);
  const second = planOf(edited, facts, after);
  write(renderPlanText(second, { callFor, palette, inventory: after }));

  title(5, "Apply", palette, write);
  const { account } = carryOut(after, second, write, palette);

  title(6, "Plan once more", palette, write);
  const third = planOf(edited, facts, reload(account));
  write(renderPlanText(third, { callFor, palette }));
  write(`\n${CLOSING}`);
  return third.actions.length === 0 ? 0 : 1;
}

const INTRODUCTION = `Three Ingresses of a bakery share one load balancer. elbplan reads their manifests and what AWS knows (subnets and the
like, from a file) and plans; nothing here touches AWS.`;

const CLOSING = `Plan your own:  elbplan plan -f FOLDER --facts FACTS.json     (elbplan --help tells the rest)
`;

/** The examples lie in the package when it is installed, and at the root of a checkout. */
function findExamples(): string {
  const places = ["../../examples/", "../../../../examples/"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = places.find((place) => existsSync(`${place}facts.json`));
  if (found === undefined) throw new Error(`the examples are missing from ${places.join(" and ")}`);
  return found;
}

function manifestsIn(examples: string, folder: string): readonly ManifestFile[] {
  return readdirSync(`${examples}${folder}`)
    .sort()
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(`${examples}${folder}/${name}`, "utf8") }));
}

function planOf(files: readonly ManifestFile[], facts: Facts, account: Account): ReturnType<typeof makePlan> {
  const { settings } = settingsFromFlags({ "cluster-name": facts.clusterName ?? "" });
  const { snapshot, positions, diagnostics } = parseManifests(files);
  return makePlan({ snapshot, positions, diagnostics, facts, account, accountGiven: true, settings, policies: {} }, {});
}

/** Through a file and back, as with `apply --account`. */
function reload(account: Account): Account {
  const loaded = accountFromJson(accountToJson(account));
  if ("account" in loaded) return loaded.account;
  throw new Error(loaded.diagnostics.map(({ message }) => message).join("; "));
}

function title(number: number, text: string, palette: Palette, write: (text: string) => void): void {
  write(`\n${palette.strong(`── ${number}. ${text} ${"─".repeat(Math.max(3, 92 - text.length))}`)}\n\n`);
}
