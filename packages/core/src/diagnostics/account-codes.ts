import type { CodeEntry } from "./codes.ts";

/** Codes of carrying a plan out. */
export const accountCodes = {
  "account.already-exists": {
    severity: "error",
    meaning: "What the call would add exists already.",
    hint: "Plan again from what exists now.",
  },
  "account.certificate-missing": {
    severity: "error",
    meaning: "An HTTPS listener has no certificate, or one that isn't issued.",
    hint: "Name a certificate, or wait until it is issued.",
  },
  "account.deletion-protected": {
    severity: "error",
    meaning: "The load balancer can't be deleted because deletion protection is enabled.",
    hint: "Set the attribute deletion_protection.enabled to false first.",
  },
  "account.dependency-failed": {
    severity: "warning",
    meaning: "The action was skipped because one that it depends on wasn't done.",
    hint: "Correct the cause of the first failure, then plan again.",
  },
  "account.in-use": {
    severity: "error",
    meaning: "The resource can't be removed or changed because another one uses it.",
    hint: "Plan again; if it is used from outside, release it there first.",
  },
  "account.invalid-action": {
    severity: "error",
    meaning: "AWS doesn't take the actions of the rule or listener.",
    hint: "Correct the actions annotation or the protocol of the listener.",
  },
  "account.invalid-value": {
    severity: "error",
    meaning: "AWS doesn't take one of the values of the call.",
    hint: "Correct the annotation or field that the value comes from.",
  },
  "account.listener-in-use": {
    severity: "error",
    meaning: "The load balancer has another listener on the port.",
    hint: "Plan again from what exists now.",
  },
  "account.malformed": {
    severity: "error",
    meaning: "The saved account is not valid JSON, or not of the shape of an account.",
    hint: "Correct the place named, or start from an empty account.",
  },
  "account.name-in-use": {
    severity: "error",
    meaning: "A resource of the same name and other settings exists.",
    hint: "Choose another name, or remove the other resource.",
  },
  "account.not-found": {
    severity: "error",
    meaning: "The call names something that doesn't exist.",
    hint: "Plan again from what exists now.",
  },
  "account.priority-in-use": {
    severity: "error",
    meaning: "Another rule of the listener has the priority.",
    hint: "Plan again from what exists now.",
  },
  "account.quota-exceeded": {
    severity: "error",
    meaning: "The account refuses the call because a quota is used up.",
    hint: "Raise the quota, or remove what isn't needed.",
  },
  "account.reference-unresolved": {
    severity: "error",
    meaning: "An action names something that no earlier action of the run created.",
    hint: "Plan again; if it persists, the plan was edited or elbplan is at fault.",
  },
  "account.target-group-taken": {
    severity: "error",
    meaning: "The target group serves another load balancer; it can serve only one.",
    hint: "Use a target group of its own for each load balancer.",
  },
  "account.version": {
    severity: "error",
    meaning: "The saved account was written in another format version.",
    hint: "Write it again with this version of elbplan.",
  },
  "graph.malformed": {
    severity: "error",
    meaning: "The saved graph is not valid JSON, or not of the shape of a desired graph.",
    hint: "Save it again: elbplan desired … > FILE.",
  },
  "plan.altered": {
    severity: "error",
    meaning: "The saved plan isn't as elbplan wrote it: its digest doesn't fit its content.",
    hint: "Plan again; to change what is done, change the objects or the options.",
  },
  "plan.malformed": {
    severity: "error",
    meaning: "The saved plan is not valid JSON, or not of the shape of a plan.",
    hint: "Save it again with plan --out FILE.",
  },
  "plan.stale": {
    severity: "error",
    meaning: "What exists isn't what the saved plan was made for, so that its calls may not lead to its goal.",
    hint: "Plan again from what exists now.",
  },
  "plan.version": {
    severity: "error",
    meaning: "The saved plan was written in another format version.",
    hint: "Plan again with this version of elbplan.",
  },
} as const satisfies Record<string, CodeEntry>;
