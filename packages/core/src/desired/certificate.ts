/** Certificates that are requested from ACM for an Ingress (gate EnableCertificateManagement). */
import { sha256Hex } from "../lib/sha256.ts";
import type { CertificateSpec } from "../model/certificate.ts";
import { resourceKey } from "../model/resource.ts";
import type { Value } from "../model/value.ts";
import { ANNOTATIONS } from "../read/annotations.ts";
import { annotationField, annotationProblem, annotationText, type Member, readAnnotation } from "../read/member.ts";
import { hostField, hostsOf } from "../resolve/member-certificates.ts";
import { sourceOf, traceAll, traceTags } from "./field-source.ts";
import { addResource, referTo, type StackDraft, traceIngress } from "./stack-draft.ts";
import { tagsField, tagsOfMember } from "./tags.ts";

/** Adds the certificates that members ask for; returns references to them. */
export function buildCertificates(draft: StackDraft): ReadonlyMap<Member, Value> {
  const created = new Map<Member, Value>();
  const { group } = draft;
  if (!group.settings.featureGates.EnableCertificateManagement) return created;
  for (const member of group.members) {
    const wanted =
      readAnnotation(member.ingress, "create-acm-cert", group.report) ?? ANNOTATIONS["create-acm-cert"].defaultValue;
    if (!wanted || annotationText(member.ingress, "certificate-arn") !== undefined) continue;
    const hosts = hostsOf(member);
    const [domainName] = hosts;
    if (domainName === undefined) {
      group.report(
        annotationProblem(
          "certificate.no-hosts",
          member.ingress,
          "create-acm-cert",
          "a certificate is to be created, but the Ingress names no host",
        ),
      );
      continue;
    }
    const authority = readAnnotation(member.ingress, "acm-pca-arn", group.report) ?? group.settings.defaultPcaArn;
    const type = authority === "" ? "AMAZON_ISSUED" : "PRIVATE";
    const spec: CertificateSpec = {
      type,
      ...(authority !== "" && { certificateAuthorityArn: authority }),
      domainName,
      subjectAlternativeNames: hosts,
      validationMethod: "DNS",
      // Default tags win here whatever the gate for their priority says, as in LBC.
      ...tagsField({ ...tagsOfMember(draft, member), ...group.settings.defaultTags }),
    };
    const id = `${type.toLowerCase()}/${domainName.replaceAll("*", "wildcard")}-${sha256Hex(member.key).slice(0, 8)}`;
    addResource(draft, "certificate", id, spec);
    traceCertificate(draft, id, member);
    created.set(member, referTo("certificate", id, "arn"));
  }
  return created;
}

function traceCertificate(draft: StackDraft, id: string, member: Member): void {
  const resource = draft.resources.get(resourceKey("certificate", id));
  if (draft.group.trace === undefined || resource?.kind !== "certificate") return;
  traceIngress(draft, "certificate", id, "", member, annotationField("create-acm-cert"));
  const authority = sourceOf("acm-pca-arn", [member], undefined);
  traceAll(draft, resource, ["/type", "/certificateAuthorityArn"], authority);
  traceAll(draft, resource, ["/validationMethod"], { field: "default: DNS" });
  const { domainName, subjectAlternativeNames } = resource.spec;
  traceIngress(draft, "certificate", id, "/domainName", member, hostField(member, domainName));
  for (const [index, host] of subjectAlternativeNames.entries())
    traceIngress(draft, "certificate", id, `/subjectAlternativeNames/${index}`, member, hostField(member, host));
  traceTags(draft, resource, [member], undefined, true);
}
