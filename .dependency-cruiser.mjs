/**
 * The arrows of the house: who may import whom.
 * Patterns are kept simple on purpose; dependency-cruiser refuses nested quantifiers.
 */

/** Inside the core a stage imports the stages before it. Those in one row are of equal rank. */
const stages = [
  ["lib"],
  ["model"],
  ["diagnostics"],
  ["read"],
  ["resolve"],
  ["desired"],
  ["diff"],
  ["order"],
  ["check", "route", "render"],
  ["reconcile"],
];

const core = "^packages/core/src";
const stageRules = stages.flatMap((row, rank) => {
  const later = stages.slice(rank + 1).flat();
  return row.map((stage) => ({
    name: `core-${stage}-imports-no-later-stage`,
    comment: "Files directly in core/src join the stages, so every stage is before them.",
    severity: "error",
    from: { path: `${core}/${stage}/` },
    to: { path: [...later.map((name) => `${core}/${name}/`), `${core}/[^/]+[.]ts$`] },
  }));
});

/** Which packages a package's sources may import. */
const arrows = {
  core: [],
  "k8s-source": ["core"],
  "aws-executor": ["core"],
  controller: ["core", "k8s-source", "aws-executor"],
  cli: ["core", "k8s-source", "aws-executor", "controller"],
  testing: ["core"],
};
const packageRules = Object.entries(arrows).map(([name, allowed]) => ({
  name: `${name}-imports-only-${allowed.join("-and-") || "itself"}`,
  severity: "error",
  from: { path: `^packages/${name}/(src|bin)/` },
  to: { path: "^packages/", pathNot: [name, ...allowed].map((other) => `^packages/${other}/`) },
}));

export default {
  forbidden: [
    ...stageRules,
    ...packageRules,
    {
      name: "no-circular",
      comment: "Types may refer to one another; code may not.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "core-no-node", severity: "error", from: { path: core }, to: { dependencyTypes: ["core"] } },
    {
      name: "core-only-listed-libraries",
      severity: "error",
      from: { path: core },
      to: {
        path: "node_modules",
        pathNot: [
          "node_modules/immer/",
          "node_modules/fast-deep-equal/",
          "node_modules/@noble/hashes/",
          "node_modules/ipaddr.js/",
          "node_modules/re2js/",
        ],
      },
    },
    {
      name: "core-regex-engine-only-by-its-subpath",
      comment: "Only who imports @elbplan/core/linear-regex loads the engine.",
      severity: "error",
      from: { path: core, pathNot: `${core}/linear-regex[.]ts$` },
      to: { path: "node_modules/re2js/" },
    },
    {
      name: "core-imports-no-regex-engine",
      severity: "error",
      from: { path: core },
      to: { path: `${core}/linear-regex[.]ts$` },
    },
    {
      name: "no-deep-import",
      comment: "Another package is its exports, never its files.",
      severity: "error",
      from: { path: "^packages/([^/]+)/" },
      to: { path: "^packages/", pathNot: "^packages/$1/", dependencyTypes: ["local"] },
    },
    {
      name: "no-source-imports-tests",
      severity: "error",
      from: { path: "/src/" },
      to: { path: "^packages/[^/]+/test/" },
    },
    { name: "unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsConfig: { fileName: "tsconfig.test.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@elbplan/source", "import", "types", "node", "default"],
    },
  },
};
