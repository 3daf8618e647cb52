import { defineConfig } from "vitest/config";

// The core's tests and the recorded cases; properties over plans would only make each mutant slow.
const conditions = ["@elbplan/source", "module", "node", "development|production"];
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/core/test/{read,resolve,desired,lib}/**/*.test.ts", "test/conformance.test.ts"],
    // A slow machine is no survivor.
    testTimeout: 120000,
  },
});
