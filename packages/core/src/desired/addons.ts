/** Web ACLs and Shield protection of the ALB. Nothing is added unless a member asks: absence leaves AWS untouched. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { AnnotationName } from "../read/annotations.ts";
import { quote } from "../read/grammar.ts";
import { annotationText, type Member, paramsOf, readAnnotation, refOf } from "../read/member.ts";
import { agree, fromAnnotation, fromParams, type Setting } from "../resolve/agreement.ts";
import type { GroupContext } from "../resolve/context.ts";
import { LOAD_BALANCER_ID } from "./load-balancer.ts";
import { addResource, referTo, type StackDraft, trace } from "./stack-draft.ts";

const NONE = "none";

/** Adds the WAFv2, WAF classic and Shield resources that members ask for. */
export function buildAddons(draft: StackDraft): void {
  const { group } = draft;
  const resourceArn = referTo("loadBalancer", LOAD_BALANCER_ID, "arn");
  const acl = resolveWebAcl(group);
  if (acl !== undefined) {
    addResource(draft, "webAclAssociation", LOAD_BALANCER_ID, { webAclArn: acl.value, resourceArn });
    trace(draft, "webAclAssociation", LOAD_BALANCER_ID, "", acl.source);
    trace(draft, "webAclAssociation", LOAD_BALANCER_ID, "/webAclArn", acl.source);
  }
  const classic = agree(group, "waf-acl-id", group.members.flatMap(classicAcl), String);
  if (classic !== undefined) {
    const webAclId = classic.value === NONE ? "" : classic.value;
    addResource(draft, "wafRegionalAssociation", LOAD_BALANCER_ID, { webAclId, resourceArn });
    trace(draft, "wafRegionalAssociation", LOAD_BALANCER_ID, "", classic.source);
    trace(draft, "wafRegionalAssociation", LOAD_BALANCER_ID, "/webAclId", classic.source);
  }
  const shield = agree(
    group,
    "shield-advanced-protection",
    group.members.flatMap((member) => shieldOf(group, member)),
    String,
  );
  if (shield !== undefined) {
    addResource(draft, "shieldProtection", LOAD_BALANCER_ID, { enabled: shield.value, resourceArn });
    trace(draft, "shieldProtection", LOAD_BALANCER_ID, "", shield.source);
    trace(draft, "shieldProtection", LOAD_BALANCER_ID, "/enabled", shield.source);
  }
}

/** The web ACL's ARN, empty to disassociate. A name given by any member beats every ARN. */
function resolveWebAcl(group: GroupContext): Setting<string> | undefined {
  const name = agree(
    group,
    "wafv2-acl-name",
    group.members
      .flatMap((member) => webAcl(member, "wafv2-acl-name", "wafv2AclName"))
      .filter(({ value }) => !(group.settings.compat.webAclNameNoneIsAbsent && value === NONE)),
    String,
  );
  if (name === undefined || name.value === "") {
    const arn = agree(
      group,
      "wafv2-acl-arn",
      group.members
        .flatMap((member) => webAcl(member, "wafv2-acl-arn", "wafv2AclArn"))
        .filter(({ value }) => !(group.settings.compat.emptyWebAclArnIsAbsent && value === "")),
      String,
    );
    return arn?.value === NONE ? { ...arn, value: "" } : arn;
  }
  if (name.value === NONE) return { ...name, value: "" };
  const arn = group.facts.webACLs.find((candidate) => candidate.name === name.value)?.arn;
  if (arn === undefined) {
    const message = `Ingress ${name.member.key}: no regional WAFv2 web ACL is named ${quote(name.value)}`;
    group.report(
      diagnose("web-acl.not-found", message, {
        object: name.source.object ?? refOf(name.member.ingress),
        field: name.source.field,
      }),
    );
  }
  return { ...name, value: arn ?? "" };
}

function webAcl(
  member: Member,
  name: AnnotationName & ("wafv2-acl-name" | "wafv2-acl-arn"),
  field: "wafv2AclName" | "wafv2AclArn",
): readonly Setting<string>[] {
  const fromClass = paramsOf(member)[field];
  if (fromClass) return [fromParams(member, field, fromClass)];
  const text = annotationText(member.ingress, name);
  return text === undefined ? [] : [fromAnnotation(member, name, text)];
}

function classicAcl(member: Member): readonly Setting<string>[] {
  const name = annotationText(member.ingress, "waf-acl-id") === undefined ? "web-acl-id" : "waf-acl-id";
  const id = annotationText(member.ingress, name);
  return id ? [fromAnnotation(member, name, id)] : [];
}

function shieldOf(group: GroupContext, member: Member): readonly Setting<boolean>[] {
  const enabled = readAnnotation(member.ingress, "shield-advanced-protection", group.report);
  return enabled === undefined ? [] : [fromAnnotation(member, "shield-advanced-protection", enabled)];
}
