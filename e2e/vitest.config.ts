import { defineConfig } from "vitest/config";

// Against the real things: packed packages, the npm registry. Slow, so apart from `npm test`.
export default defineConfig({
  test: {
    root: new URL(".", import.meta.url).pathname,
    include: ["**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: ["default", new URL("../scripts/closing-line-reporter.mjs", import.meta.url).pathname],
  },
});
