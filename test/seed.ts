/** Properties draw the same cases in every run, so that a test fails for a change and not by chance; ELBPLAN_SEED draws others. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["ELBPLAN_SEED"] ?? 20_260) });
