/**
 * Plans recorded cases and compares the answers with LBC's (README.md, "Comparing"). Used by the runner and by the
 * tests; takes the packages as an argument, so that either the sources or the build can be judged.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** All cases of a folder that has `cases/` and `facts/`, sorted. @returns {{area: string, name: string, path: string}[]} */
export function listCases(directory) {
  const root = join(directory, "cases");
  return readdirSync(root)
    .sort()
    .flatMap((area) =>
      readdirSync(join(root, area))
        .sort()
        .filter((name) => existsSync(join(root, area, name, "case.json")))
        .map((name) => ({ area, name, path: join(root, area, name) })),
    );
}

/** Reads one case. `services` cases are of another controller; the caller leaves them out. */
export function readCase(directory, { path }) {
  const json = (file) => JSON.parse(readFileSync(file, "utf8"));
  const about = json(join(path, "case.json"));
  return {
    about,
    facts: json(join(directory, "facts", `${about.facts}.json`)),
    expected: json(join(path, "expected.json")),
    manifests: readFileSync(join(path, "manifests.yaml"), "utf8"),
  };
}

/** Our answer in LBC's shape, with the diagnostics behind it. */
export function answer({ core, source }, { facts, manifests }, file = "manifests.yaml") {
  const { settings, diagnostics: refused } = core.settingsFromFlags(facts.flags ?? {}, {
    clusterName: facts.clusterName,
  });
  if (refused.some(({ severity }) => severity === "error")) return { refused };
  const { snapshot, diagnostics: read } = source.parseManifests([{ file, text: manifests }]);
  const graph = core.buildDesired(snapshot, facts, undefined, settings);
  return {
    stacks: core.renderLbcStack(graph, core.admissionRefusals(snapshot, settings)),
    diagnostics: [...read, ...graph.diagnostics],
  };
}

/** What differs: a list of `{path, expected, found}`; empty means equal. */
export function differences(expected, found) {
  const all = [];
  const differ = (path, a, b) => all.push({ path, expected: a, found: b });
  if (expected.controllerError !== undefined || found.refused !== undefined) {
    if ((expected.controllerError === undefined) !== (found.refused === undefined)) {
      differ(
        "controllerError",
        expected.controllerError,
        found.refused?.map(({ message }) => message),
      );
    }
    return all;
  }
  const { stacks, diagnostics } = found;
  const unsupported = diagnostics.find(({ code }) => code === "annotation.unsupported");
  if (unsupported !== undefined) differ("annotation.unsupported", undefined, unsupported.message);
  compareJson("unmanaged", expected.unmanaged, stacks.unmanaged, differ);
  compareJson(
    "classErrors",
    expected.classErrors.map(byIngress).sort(),
    stacks.classErrors.map(byIngress).sort(),
    differ,
  );
  compareJson("admission", expected.admission.map(byObject).sort(), stacks.admission.map(byObject).sort(), differ);
  compareJson(
    "groups",
    expected.groups.map(({ group }) => group),
    stacks.groups.map(({ group }) => group),
    differ,
  );
  for (const group of expected.groups) {
    const ours = stacks.groups.find((candidate) => candidate.group === group.group);
    if (ours !== undefined) compareGroup(group, ours, diagnostics, differ);
  }
  return all;
}

const byIngress = ({ ingress }) => ingress;
const byObject = ({ kind, name }) => `${kind} ${name}`;

function compareGroup(expected, found, diagnostics, differ) {
  const at = `groups[${expected.group}]`;
  for (const field of ["explicit", "members", "inactiveMembers", "listenerPorts"]) {
    compareJson(`${at}.${field}`, expected[field], found[field], differ);
  }
  if (expected.error === null && found.error === null) compareJson(`${at}.stack`, expected.stack, found.stack, differ);
  else if (expected.error === null || found.error === null) differ(`${at}.error`, expected.error, found.error);
  else compareError(at, expected, found, diagnostics, differ);
}

/** LBC's message names an Ingress, or an annotation, or neither; what it names one of our errors must name too. */
function compareError(at, expected, found, diagnostics, differ) {
  if (expected.errorStage !== found.errorStage) differ(`${at}.errorStage`, expected.errorStage, found.errorStage);
  const errors = diagnostics.filter(({ severity, stack }) => severity === "error" && stack === expected.group);
  const texts = [expected.error, ...(expected.errorVariants ?? [])];
  const agrees = texts.some((text) => {
    const ingress = /[Ii]ngress: ([a-z0-9.-]+\/[a-z0-9.-]+)/.exec(text)?.[1];
    const annotation = /alb\.ingress\.kubernetes\.io\/[\w.-]+/.exec(text)?.[0].replace(/[.:]+$/, "");
    return errors.some(
      ({ object, message, field = "" }) =>
        (ingress === undefined || message.includes(ingress) || `${object?.namespace}/${object?.name}` === ingress) &&
        (annotation === undefined || field.replaceAll("~1", "/").includes(annotation) || message.includes(annotation)),
    );
  });
  if (!agrees)
    differ(
      `${at}.error`,
      texts[0],
      errors.map(({ message, field }) => `${message} (${field})`),
    );
}

function compareJson(path, expected, found, differ) {
  if (Object.is(expected, found)) return;
  const bothObjects = isObject(expected) && isObject(found);
  const bothLists = Array.isArray(expected) && Array.isArray(found);
  if (!bothObjects && !bothLists) return differ(path, expected, found);
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const key of [...keys].sort()) {
    const inner = bothLists ? `${path}[${key}]` : `${path}.${key}`;
    if (!Object.hasOwn(expected, key)) differ(inner, undefined, found[key]);
    else if (!Object.hasOwn(found, key)) differ(inner, expected[key], undefined);
    else compareJson(inner, expected[key], found[key], differ);
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
