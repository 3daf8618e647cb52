import type { CodeEntry } from "./codes.ts";

/** Codes of planning against an inventory. */
export const planCodes = {
  "stack.unclaimed": {
    severity: "warning",
    meaning: "The inventory holds a stack that no Ingress of the input belongs to; it is left as it is.",
    hint: "Pass all Ingresses, or prune if it shall be deleted.",
  },
  "group.incomplete": {
    severity: "error",
    meaning: "The inventory's target groups name Ingresses that the input doesn't hold; the group is left as it is.",
    hint: "Pass all Ingresses of the group, or prune if what belongs to the others shall be deleted.",
  },
  "plan.action-withheld": {
    severity: "info",
    meaning: "A policy keeps part of the plan from being done; what depends on that part isn't done either.",
    hint: "Plan without the policy to do everything.",
  },
  "plan.delete-not-allowed": {
    severity: "error",
    meaning: "The plan would delete a load balancer and nobody consented; the stack is left as it is.",
    hint: "Pass --allow-delete if the load balancer shall go.",
  },
  "plan.replace-not-allowed": {
    severity: "error",
    meaning:
      "A field can't be changed in place: the load balancer would be deleted and made anew, with another DNS name, and nobody consented; the stack is left as it is.",
    hint: "Pass --allow-replace, or take the change back.",
  },
  "plan.unproven": {
    severity: "error",
    meaning: "A plan isn't what elbplan claims of every plan, so it isn't carried out; the mistake is elbplan's own.",
    hint: "Please report it with what plan --verify prints.",
  },
  "resource.attached-elsewhere": {
    severity: "error",
    meaning:
      "A target group of a stack serves a load balancer that its rules aren't on, and AWS lets it serve one only: if the stack needs it, the stack is left as it is; if not, the target group stays.",
    hint: "Take the target group out of the listeners and rules of that load balancer; if both are tagged as the stack's, delete the one that isn't used.",
  },
  "resource.bound-elsewhere": {
    severity: "error",
    meaning:
      "A target group that a stack doesn't need any more is filled by a TargetGroupBinding that no Ingress made; it stays.",
    hint: "Delete that binding first, or take the stack's tags off the target group.",
  },
  "resource.name-taken": {
    severity: "error",
    meaning:
      "A load balancer of the name that the stack needs exists and doesn't carry the stack's tags, so that AWS would refuse another one; the stack is left as it is.",
    hint: "If it is the stack's, restore its tags elbv2.k8s.aws/cluster, ingress.k8s.aws/stack and ingress.k8s.aws/resource; else choose another name, or delete it.",
  },
  "resource.no-id": {
    severity: "error",
    meaning:
      "A resource carries the tags of a stack but not the one that says which resource it is; the stack is left as it is.",
    hint: "Restore the tag ingress.k8s.aws/resource, or remove the tag ingress.k8s.aws/stack if the resource isn't the stack's.",
  },
  "resource.twins": {
    severity: "warning",
    meaning: "Several resources carry the same stack and resource tags; the last by ARN is used.",
    hint: "Delete the ones that aren't needed, or remove their tags.",
  },
  "secret.not-comparable": {
    severity: "info",
    meaning: "AWS never returns the secret of an OIDC client, so that a changed secret can't be seen here.",
    hint: "Nothing to do, unless the secret changed: then modify the rule.",
  },
  "shield.no-subscription": {
    severity: "warning",
    meaning: "Shield Advanced is asked for and the account doesn't subscribe to it; protections are left as they are.",
    hint: "Subscribe, or leave out the annotation shield-advanced-protection.",
  },
  "group.member-broken": {
    severity: "error",
    meaning:
      "An Ingress that owns a part of the stack can't be planned where it belongs now; its old rules would go and no new ones would come, so the stack is left as it is.",
    hint: "Correct the error of that Ingress first.",
  },
  "plan.prune-refused": {
    severity: "error",
    meaning: "Something of the input couldn't be read, so that absence from it means nothing; nothing is pruned.",
    hint: "Correct the errors of reading first.",
  },
  "group.unattributed-rules": {
    severity: "warning",
    meaning:
      "Rules of a group go which forward to no target group of it, so that nothing tells which Ingress made them; if that Ingress isn't in the input, they are still needed.",
    hint: "Pass all Ingresses of the group.",
  },
  "rules.gap": {
    severity: "warning",
    meaning:
      "The quota leaves no room to have the old and the new rules side by side; some requests may meet a third answer while the rules change.",
    hint: "Raise the quota of rules per load balancer for a change without a gap.",
  },
  "rules.over-quota": {
    severity: "error",
    meaning: "The load balancer would hold more rules than its quota allows; the stack is left as it is.",
    hint: "Raise the quota of rules per load balancer, or split the group.",
  },
  "listeners.over-quota": {
    severity: "error",
    meaning: "The load balancer would have more listeners than its quota allows; the stack is left as it is.",
    hint: "Raise the quota of listeners per load balancer, or split the group.",
  },
  "target-groups.over-quota": {
    severity: "error",
    meaning:
      "The load balancer would have more target groups than its quota allows, or has no room for any new one beside those that it has; the stack is left as it is.",
    hint: "Raise the quota of target groups per load balancer, or split the group.",
  },
  "target-groups.gap": {
    severity: "warning",
    meaning:
      "The quota has room for some of the new target groups only: AWS may refuse to change rules until others let go of their old ones, and these follow when it is planned again.",
    hint: "Raise the quota of target groups per load balancer to change all rules at once.",
  },
  "conditions.over-quota": {
    severity: "error",
    meaning: "The conditions of a rule would have more values than the quota allows; the stack is left as it is.",
    hint: "Raise the quota of condition values per rule, or split the rule.",
  },
  "certificates.gap": {
    severity: "warning",
    meaning:
      "The quota leaves no room to have the old and the new certificates side by side; old ones are removed first, and clients of their hosts may meet another certificate meanwhile.",
    hint: "Raise the quota of certificates per load balancer for a change without a gap.",
  },
  "redirects.gap": {
    severity: "warning",
    meaning:
      "A quota lets the listeners change only one after another, or listeners redirect to one another in a circle; a redirect may point to a listener that isn't complete yet, or is gone.",
    hint: "Raise the quota of rules or certificates per load balancer, or change one of the listeners first.",
  },
  "targets.cold": {
    severity: "warning",
    meaning:
      "Traffic moves to a target group before its targets are known to be healthy: nothing can name the group without traffic first, so AWS doesn't check its targets before.",
    hint: "Add the group beside the old one with a share of its own first, or change at a quiet hour.",
  },
  "targets.over-quota": {
    severity: "error",
    meaning:
      "A target group or a load balancer would have more targets than its quota allows; the stack is left as it is.",
    hint: "Raise the quota of targets, run fewer endpoints, or set flag max-targets-per-target-group.",
  },
  "targets.gap": {
    severity: "warning",
    meaning:
      "The quota leaves no room to have the old and the new targets side by side; fewer than either serve for a while.",
    hint: "Raise the quota of targets per target group or load balancer.",
  },
  "permissions.over-quota": {
    severity: "error",
    meaning:
      "A security group of targets would hold more permissions than its quota allows; it is left as it is, and so are the stacks that would need more of it.",
    hint: "Raise the quota of rules per security group, or remove permissions that nobody needs.",
  },
  "permissions.gap": {
    severity: "warning",
    meaning:
      "The quota leaves no room to have the old and the new permissions side by side; the old ones are revoked first.",
    hint: "Raise the quota of permissions per security group.",
  },
} as const satisfies Record<string, CodeEntry>;
