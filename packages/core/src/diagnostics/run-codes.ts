import type { CodeEntry } from "./codes.ts";

/** Codes of carrying a plan out on AWS. */
export const runCodes = {
  "run.deadline": {
    severity: "error",
    meaning: "What had to be waited for didn't come about in time.",
    hint: "What was done stays. Look at what is waited for, then plan again.",
  },
  "run.forbidden": {
    severity: "error",
    meaning: "The credentials in use don't allow the call.",
    hint: "`elbplan iam-policy` prints what a plan needs. What was done stays; plan again after that.",
  },
  "run.hopeless": {
    severity: "error",
    meaning: "What had to be waited for has failed for good.",
    hint: "Correct what the message names, then plan again.",
  },
  "run.not-as-asked": {
    severity: "error",
    meaning: "What the call would create exists already as ours, and not as it is asked for.",
    hint: "Plan again: the plan was made before it was seen.",
  },
  "run.quota": {
    severity: "error",
    meaning: "AWS refused the call because a quota is used up.",
    hint: "Raise the quota, or remove what isn't needed. What was done stays; plan again after that.",
  },
  "run.refused": {
    severity: "error",
    meaning: "AWS refused the call.",
    hint: "Correct what the message names. What was done stays; plan again after that.",
  },
  "run.secret": {
    severity: "error",
    meaning: "The client of an OIDC action can't be read, or isn't the one that the plan was made with.",
    hint: "Carry the plan out where the Secret can be read: with --cluster, or with its manifest by -f.",
  },
  "run.stopped": {
    severity: "warning",
    meaning: "The run was stopped before the action.",
    hint: "Plan again: what was done stays, and the rest follows.",
  },
  "run.taken": {
    severity: "error",
    meaning: "The name, port or number that the call asks for is held by something that isn't ours.",
    hint: "Remove it, or choose another name; nothing was done to it.",
  },
  "run.unanswered": {
    severity: "error",
    meaning: "No answer came to the call: it may or may not have been done.",
    hint: "Plan again: what was done is found and isn't done twice.",
  },
  "run.value-unknown": {
    severity: "error",
    meaning: "The call needs a value that only the API server knows.",
    hint: "Plan from the cluster, or from objects that were read from it.",
  },
} as const satisfies Record<string, CodeEntry>;
