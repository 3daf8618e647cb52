/** Ends a vitest run with one plain line, `N passed, N failed`, which continuous integration reads. */
export default class ClosingLineReporter {
  onTestRunEnd(modules, unhandledErrors) {
    // An error outside any test makes vitest fail, so it counts.
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      // A file that cannot load has no tests to count.
      if (tests.length === 0 && module.state() === "failed") count.failed++;
      for (const test of tests) count[test.result().state]++;
    }
    const skipped = count.skipped + count.pending;
    console.log(`${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  }
}
