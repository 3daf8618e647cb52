import { defineConfig } from "vitest/config";

// Tests read every package from src, so they need no build. Naming conditions replaces the defaults, hence the rest; "module" is
// left out: what packages have under it is for bundlers, and Node cannot load all of it.
const conditions = ["@elbplan/source", "node", "development|production"];
const packages = ["core", "k8s-source", "aws-executor", "controller", "cli", "testing"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: { name, root: `packages/${name}`, include: ["test/**/*.test.ts"] },
      })),
      { extends: true as const, test: { name: "repository", include: ["test/**/*.test.ts"] } },
    ],
    // Nothing here keeps state in modules; loading them once a worker instead of once a file halves the time.
    isolate: false,
    // By itself vitest leaves one core idle, of two the half.
    maxWorkers: "100%",
    // A hung test fails; a slow machine doesn't.
    testTimeout: 30_000,
    setupFiles: [new URL("test/seed.ts", import.meta.url).pathname],
    reporters: ["default", "./scripts/closing-line-reporter.mjs"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    coverage: { provider: "v8", include: ["packages/*/src/**"] },
  },
});
