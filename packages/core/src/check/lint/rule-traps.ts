/** Where rules of an Ingress do something else than a reader expects. */
import { globCovers } from "../../lib/glob.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { quote } from "../../read/grammar.ts";
import { annotationField, annotationName, annotationText } from "../../read/member.ts";
import { fieldName } from "../../render/names.ts";
import { annotationValue, finding, type LintGroup, type LintInput, type LintMember, listensOn } from "./lint-input.ts";

export function ruleTraps({ groups }: LintInput): readonly Diagnostic[] {
  return groups.flatMap((group) =>
    group.members.flatMap((member) => [
      ...joinedConditions(group, member),
      ...unknownFields(group, member),
      ...emptyRegexes(group, member),
      ...openOverHttp(group, member),
      ...emptiedByRedirect(group, member),
      ...targetGroupsTwice(group, member),
    ]),
  );
}

/**
 * LBC: paths of a conditions annotation are OR-ed with that of the rule; AWS takes one condition of a kind, so a rule
 * can't ask for both. What the rule's own path matches anyway adds nothing. Hosts are joined alike, but there one host
 * more is what people mean, so that nothing is said.
 */
function joinedConditions({ id: stack }: LintGroup, { ingress, paths }: LintMember): readonly Diagnostic[] {
  const said = new Set<string>();
  return paths.flatMap(({ path, field }) => {
    const backend = path.backend.service?.name;
    if (!path.path || backend === undefined || said.has(backend)) return [];
    const added = (annotationValue(ingress, "conditions", backend) ?? []).filter(
      (item) => item.field === "path-pattern",
    );
    if (added.length === 0) return [];
    said.add(backend);
    const globs = globsOf(path);
    const values = added.flatMap(({ pathPatternConfig }) => pathPatternConfig?.values ?? []);
    const useless = values.length > 0 && values.every((item) => globs.some((glob) => globCovers(glob, item)));
    const effect = useless ? "which matches them anyway, so they do nothing" : "either may match";
    const message = `the path-pattern values of ${annotationName("conditions", backend)} are added to the path ${path.path} of ${fieldName(field)}: ${effect}`;
    return finding("lint.condition-joined", ingress, annotationField("conditions", backend), message, {
      stack,
      ...(useless && { severity: "warning" }),
    });
  });
}

function globsOf({ path = "", pathType }: LintMember["paths"][number]["path"]): readonly string[] {
  if (pathType !== "Prefix") return [path];
  return path === "/" ? ["/*"] : [path, `${path}${path.endsWith("/") ? "" : "/"}*`];
}

const FIELDS: readonly (string | undefined)[] = [
  "host-header",
  "path-pattern",
  "http-header",
  "http-request-method",
  "query-string",
  "source-ip",
];

function unknownFields({ id: stack }: LintGroup, { ingress, annotations }: LintMember): readonly Diagnostic[] {
  return annotations.flatMap(({ known, fullName }) => {
    if (known?.name !== "conditions" || known.suffix === undefined) return [];
    const items = annotationValue(ingress, "conditions", known.suffix) ?? [];
    return items.flatMap(({ field }, index) => {
      if (FIELDS.includes(field)) return [];
      const message = `${fullName}: item ${index} has the field ${quote(field ?? "")}, which doesn't exist; it is left out`;
      const where = annotationField("conditions", known.suffix);
      return finding("lint.condition-unknown-field", ingress, where, message, { stack });
    });
  });
}

function emptyRegexes({ id: stack }: LintGroup, { ingress, paths }: LintMember): readonly Diagnostic[] {
  if (annotationValue(ingress, "use-regex-path-match") !== true) return [];
  return paths
    .filter(({ path }) => path.pathType !== "Exact" && path.pathType !== "Prefix" && path.path?.length === 1)
    .map(({ path, field }) => {
      const message = `the path ${quote(path.path ?? "")} becomes an empty regular expression`;
      return finding("lint.regex-path-empty", ingress, `${field}/path`, message, { stack });
    });
}

/** LBC leaves authentication out on HTTP listeners without a word. */
function openOverHttp({ id: stack, sslRedirect }: LintGroup, member: LintMember): readonly Diagnostic[] {
  const { ingress, targets } = member;
  if (sslRedirect !== undefined || !listensOn(member, "HTTP")) return [];
  const type = annotationText(ingress, "auth-type");
  const onService = targets.find(({ service }) => isAuthentication(service && annotationText(service, "auth-type")));
  const name = annotationText(ingress, "jwt-validation") !== undefined ? "jwt-validation" : "auth-type";
  if (name === "auth-type" && !isAuthentication(type) && onService === undefined) return [];
  const ports = member.ports.filter(({ protocol }) => protocol === "HTTP").map(({ port }) => port);
  const holder = name === "auth-type" && !isAuthentication(type) ? (onService?.service ?? ingress) : ingress;
  const message = `${annotationName(name)} doesn't act on HTTP port ${ports.join(", ")} of Ingress ${member.key}, which serves the same paths openly`;
  return [finding("lint.auth-not-on-http", holder, annotationField(name), message, { stack })];
}

function isAuthentication(type: string | undefined): boolean {
  return type === "cognito" || type === "oidc";
}

function emptiedByRedirect({ id: stack, sslRedirect }: LintGroup, member: LintMember): readonly Diagnostic[] {
  if (sslRedirect === undefined || sslRedirect.member === member) return [];
  const { ingress, params, paths } = member;
  if (!listensOn(member, "HTTP") || (paths.length === 0 && ingress.spec?.defaultBackend === undefined)) return [];
  if (params.sslRedirectPort || annotationText(ingress, "ssl-redirect") !== undefined) return [];
  const message = `its paths have no rules over HTTP: ssl-redirect of Ingress ${sslRedirect.member.key} sends all HTTP requests of the group to port ${sslRedirect.port}`;
  return [finding("lint.rules-emptied-by-redirect", ingress, "/spec/rules", message, { stack })];
}

/** LBC: a target group is told apart by the port as written. */
function targetGroupsTwice({ id: stack }: LintGroup, { ingress, targets }: LintMember): readonly Diagnostic[] {
  const first = new Map<string, string | number>();
  const said = new Set<string>();
  return targets.flatMap(({ name, port, field, service }) => {
    const index = service?.spec?.ports?.findIndex((own) => own.port === port || own.name === port) ?? -1;
    if (index < 0) return [];
    const key = `${name} ${index}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, port);
    if (other === undefined || other === port || said.has(key)) return [];
    said.add(key);
    const message = `Service ${name} is referred to by port ${other} and by port ${port}, which are the same and make two target groups`;
    return finding("lint.target-group-twice", ingress, field, message, { stack });
  });
}
