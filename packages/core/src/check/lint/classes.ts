/** Classes: names that don't hold, several defaults, class params of a member that isn't the first. */
import type { Diagnostic } from "../../model/diagnostic.ts";
import { quote } from "../../read/grammar.ts";
import {
  CLASS_ANNOTATION,
  classAnnotation,
  classify,
  DEFAULT_CLASS_ANNOTATION,
  defaultClasses,
} from "../../resolve/ingress-class.ts";
import { annotationsOf } from "./annotation-use.ts";
import { finding, fullField, type LintInput } from "./lint-input.ts";
import { FIRST_MEMBER_FIELDS } from "./replaced-by-params.ts";

export function classes(input: LintInput): readonly Diagnostic[] {
  return [
    ...unmanagedIngresses(input),
    ...ignoredClassNames(input),
    ...severalDefaults(input),
    ...paramsOfLaterMembers(input),
  ];
}

/** LBC passes over an Ingress of another class in silence. EKS Auto Mode is told of elsewhere. */
function unmanagedIngresses({ snapshot, settings, cluster }: LintInput): readonly Diagnostic[] {
  const defaults = defaultClasses(cluster);
  return snapshot.ingresses.flatMap((ingress) => {
    const { deletionTimestamp, namespace } = ingress.metadata;
    if (deletionTimestamp !== undefined || annotationsOf(ingress).length === 0) return [];
    if (settings.watchNamespace !== "" && namespace !== settings.watchNamespace) return [];
    const classification = classify(ingress, cluster, defaults, settings);
    if (classification.kind !== "not-ours" || classification.note !== undefined) return [];
    const annotation = classAnnotation(ingress);
    const name = ingress.spec?.ingressClassName ?? defaults[0];
    const controller = classification.ingressClass?.spec?.controller ?? "none";
    const [field, why] =
      annotation !== undefined
        ? [fullField(CLASS_ANNOTATION), `${CLASS_ANNOTATION} is ${quote(annotation)}, not ${settings.ingressClass}`]
        : name === undefined
          ? ["/spec", "it names no class, and no IngressClass of the input is the default"]
          : ["/spec/ingressClassName", `its class ${name} belongs to the controller ${controller}`];
    return finding(
      "lint.ingress-unmanaged",
      ingress,
      field,
      `it has annotations for a load balancer, but isn't managed: ${why}`,
    );
  });
}

/** LBC: the annotation decides alone, and takes no class params. */
function ignoredClassNames({ groups, cluster }: LintInput): readonly Diagnostic[] {
  return groups.flatMap(({ id: stack, members }) =>
    members.flatMap(({ ingress }) => {
      const name = ingress.spec?.ingressClassName;
      if (name === undefined || classAnnotation(ingress) === undefined) return [];
      const parameters = cluster.ingressClasses.get(name)?.spec?.parameters;
      const lost = parameters === undefined ? "" : `, and the class params ${parameters.name} don't apply`;
      const message = `spec.ingressClassName ${name} has no effect beside the annotation ${CLASS_ANNOTATION}${lost}`;
      return finding("lint.class-name-ignored", ingress, "/spec/ingressClassName", message, {
        stack,
        ...(parameters !== undefined && { severity: "warning" }),
      });
    }),
  );
}

function severalDefaults({ cluster }: LintInput): readonly Diagnostic[] {
  const names = defaultClasses(cluster);
  if (names.length < 2) return [];
  return names.flatMap((name) => {
    const found = cluster.ingressClasses.get(name);
    const message = `more than one IngressClass is the default: ${names.join(", ")}`;
    const field = fullField(DEFAULT_CLASS_ANNOTATION);
    return found === undefined ? [] : [finding("lint.several-default-classes", found, field, message)];
  });
}

/** LBC: attributes of load balancers and listeners, capacity and IPAM come from the first member's class alone. */
function paramsOfLaterMembers({ groups }: LintInput): readonly Diagnostic[] {
  return groups.flatMap(({ id: stack, members: [first, ...others] }) => {
    const known = new Set([first?.member.params?.metadata.name]);
    return others.flatMap(({ key, member: { params } }) => {
      if (params === undefined || known.has(params.metadata.name)) return [];
      known.add(params.metadata.name);
      return FIRST_MEMBER_FIELDS.filter((field) => params.spec?.[field] !== undefined).map((field) => {
        const message = `spec.${field} has no effect on group ${stack}: Ingress ${key} isn't its first member, which is ${first?.key}`;
        return finding("lint.class-params-ignored", params, `/spec/${field}`, message, { stack });
      });
    });
  });
}
