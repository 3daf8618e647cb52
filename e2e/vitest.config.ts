import { defineConfig } from "vitest/config";

// Against the real things: packed packages, the npm registry, an AWS emulator, a Kubernetes API server. Slow, so apart
// from `npm test`; one file after another, since some measure time.
// Without "module": what the AWS SDK has under it is for bundlers.
const conditions = ["@elbplan/source", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Servers of others on a busy machine: once more before it counts, and the report says so (retry x1).
    retry: 1,
    root: new URL(".", import.meta.url).pathname,
    include: ["**/*.test.ts"],
    globalSetup: new URL("prerequisites.mjs", import.meta.url).pathname,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: ["default", new URL("../scripts/closing-line-reporter.mjs", import.meta.url).pathname],
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      // Made up, and the only ones to be found: nothing of the machine's own account is seen or used.
      AWS_ACCESS_KEY_ID: "AKIAEMULATOREXAMPLE0",
      AWS_SECRET_ACCESS_KEY: "emulator-secret-canary",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
  },
});
