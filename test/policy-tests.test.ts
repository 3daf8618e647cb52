/** The policy checks that users are shown are run with ours. */
import "../examples/policy-tests/policies.test.ts";
