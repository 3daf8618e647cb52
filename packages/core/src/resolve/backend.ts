/** What a backend or an `actions.<name>` annotation asks for, checked but not yet tied to target groups. */
import { diagnose } from "../diagnostics/diagnose.ts";
import type { IngressBackend } from "../model/kubernetes.ts";
import type { FixedResponseAction, ForwardAction, RedirectAction } from "../model/rule-action.ts";
import type { ActionJson, ForwardJson, TargetGroupTupleJson } from "../read/action-json.ts";
import { parseIntOrString, quote } from "../read/grammar.ts";
import { annotationName, annotationProblem, type Member, readAnnotation, refOf } from "../read/member.ts";
import { findService } from "./cluster-index.ts";
import type { GroupContext } from "./context.ts";

export type BackendAction = FixedResponseAction | RedirectAction | ForwardTo;

/** Forward to Services of the Ingress's namespace or to target groups that exist. */
export interface ForwardTo {
  readonly type: "forward";
  readonly targets: readonly ForwardTarget[];
  readonly stickiness?: NonNullable<ForwardAction["forwardConfig"]["targetGroupStickinessConfig"]>;
}

type ForwardTarget = { readonly weight?: number } & (
  | { readonly arn: string }
  /** `port` as written: a name or a number. */
  | { readonly service: string; readonly port: string | number }
);

/** A place that holds a backend: JSON pointer into the Ingress. */
export interface BackendPlace {
  readonly backend: IngressBackend;
  readonly field: string;
}

const USE_ANNOTATION = "use-annotation";

/** The action of a backend; undefined when an error was reported. */
export function resolveBackend(
  group: GroupContext,
  member: Member,
  { backend, field }: BackendPlace,
): BackendAction | undefined {
  const object = refOf(member.ingress);
  const refuse = (message: string): undefined => {
    group.report(diagnose("backend.invalid", `Ingress ${member.key}: ${message}`, { object, field }));
    return undefined;
  };
  const service = backend.service;
  if (service === undefined) return refuse("the backend names no Service; resource backends can't be load balanced");
  if (service.port?.name === USE_ANNOTATION) return annotatedAction(group, member, service.name, field);
  const port = service.port?.name || service.port?.number;
  if (port === undefined) return refuse(`the backend ${service.name} names no port`);
  return toleratingMissing(group, member, { type: "forward", targets: [{ service: service.name, port }] }, field);
}

function annotatedAction(group: GroupContext, member: Member, name: string, field: string): BackendAction | undefined {
  let broken = false;
  const json = readAnnotation(
    member.ingress,
    "actions",
    (diagnostic) => {
      broken = true;
      group.report(diagnostic);
    },
    name,
  );
  if (broken) return undefined;
  if (json === undefined) {
    if (group.settings.tolerateNonExistentBackendAction) {
      group.report(
        diagnose(
          "backend.action-missing",
          `Ingress ${member.key}: ${annotationName("actions", name)} doesn't exist; its paths answer 503`,
          { object: refOf(member.ingress), field },
        ),
      );
      return unavailable("Backend action does not exist");
    }
    group.report(
      diagnose("backend.action-required", `Ingress ${member.key}: ${annotationName("actions", name)} doesn't exist`, {
        object: refOf(member.ingress),
        field,
      }),
    );
    return undefined;
  }
  const refuse = (message: string): undefined => {
    group.report(
      annotationProblem(
        "action.invalid",
        member.ingress,
        "actions",
        `${annotationName("actions", name)}: ${message}`,
        name,
      ),
    );
    return undefined;
  };
  const action = checkedAction(group, json, refuse);
  return action?.type === "forward" ? toleratingMissing(group, member, action, field) : action;
}

type Refuse = (message: string) => undefined;

function checkedAction(group: GroupContext, json: ActionJson, refuse: Refuse): BackendAction | undefined {
  switch (json.type) {
    case "fixed-response": {
      const config = json.fixedResponseConfig;
      if (config === undefined) return refuse("fixedResponseConfig is missing");
      if (!config.statusCode) return refuse("fixedResponseConfig needs a statusCode");
      return { type: "fixed-response", fixedResponseConfig: { ...config, statusCode: config.statusCode } };
    }
    case "redirect": {
      const config = json.redirectConfig;
      if (config === undefined) return refuse("redirectConfig is missing");
      if (!config.statusCode) return refuse("redirectConfig needs a statusCode");
      return { type: "redirect", redirectConfig: { ...config, statusCode: config.statusCode } };
    }
    case "forward":
      return checkedForward(group, json, refuse);
    default:
      return refuse(`type is ${quote(json.type ?? "")}, allowed are fixed-response, redirect, forward`);
  }
}

function checkedForward(group: GroupContext, json: ActionJson, refuse: Refuse): ForwardTo | undefined {
  const shorthand = json.targetGroupARN !== undefined || json.targetGroupName !== undefined;
  if (json.forwardConfig !== undefined && shorthand)
    return refuse("either forwardConfig or targetGroupARN/targetGroupName can be given");
  if (json.forwardConfig === undefined && !shorthand)
    return refuse("forwardConfig or targetGroupARN/targetGroupName is missing");
  const config: ForwardJson = json.forwardConfig ?? { targetGroups: [shorthandTuple(json)] };
  const tuples = config.targetGroups ?? [];
  if (tuples.length > 1 && tuples.some(({ weight }) => weight === undefined))
    return refuse("every one of several target groups needs a weight");
  const targets: ForwardTarget[] = [];
  for (const tuple of tuples) {
    const target = checkedTuple(group, tuple, refuse);
    if (target === undefined) return undefined;
    targets.push(target);
  }
  const stickiness = config.targetGroupStickinessConfig;
  return { type: "forward", targets, ...(stickiness && { stickiness }) };
}

function shorthandTuple({ targetGroupARN, targetGroupName }: ActionJson): TargetGroupTupleJson {
  return targetGroupARN === undefined ? { targetGroupName: targetGroupName as string } : { targetGroupARN };
}

function checkedTuple(group: GroupContext, tuple: TargetGroupTupleJson, refuse: Refuse): ForwardTarget | undefined {
  const { targetGroupARN, targetGroupName, serviceName, servicePort, weight } = tuple;
  const weighted = weight === undefined ? {} : { weight };
  const existing = targetGroupARN !== undefined || targetGroupName !== undefined;
  if (serviceName !== undefined && existing)
    return refuse("a target group is given by serviceName or by targetGroupARN/targetGroupName, not both");
  if (targetGroupARN !== undefined) return { arn: targetGroupARN, ...weighted };
  if (targetGroupName !== undefined) {
    const found = group.facts.targetGroups.filter(({ name }) => name === targetGroupName);
    const [only] = found;
    if (only === undefined || found.length > 1)
      return refuse(`${found.length} target groups are named ${quote(targetGroupName)}`);
    return { arn: only.arn, ...weighted };
  }
  if (serviceName === undefined) return refuse("a target group needs serviceName or targetGroupARN/targetGroupName");
  if (servicePort === undefined) return refuse(`the target group of Service ${serviceName} needs a servicePort`);
  return {
    service: serviceName,
    port: typeof servicePort === "string" ? parseIntOrString(servicePort) : servicePort,
    ...weighted,
  };
}

/** A missing Service answers 503 if nothing else is behind the action and the flag allows it; otherwise it is an error. */
function toleratingMissing(
  group: GroupContext,
  member: Member,
  action: ForwardTo,
  field: string,
): BackendAction | undefined {
  const namespace = member.ingress.metadata.namespace;
  for (const target of action.targets) {
    if (!("service" in target) || findService(group.cluster, namespace, target.service) !== undefined) continue;
    const object = refOf(member.ingress);
    if (group.cluster.isUnreadable({ kind: "Service", ...(namespace && { namespace }), name: target.service })) {
      const message = `Ingress ${member.key}: Service ${namespace}/${target.service} couldn't be read`;
      group.report(diagnose("backend.service-unreadable", message, { object, field }));
      return undefined;
    }
    if (action.targets.length === 1 && group.settings.tolerateNonExistentBackendService) {
      group.report(
        diagnose(
          "backend.service-missing",
          `Ingress ${member.key}: Service ${namespace}/${target.service} doesn't exist; its paths answer 503`,
          { object, field },
        ),
      );
      return unavailable("Backend service does not exist");
    }
    group.report(
      diagnose(
        "backend.service-required",
        `Ingress ${member.key}: Service ${namespace}/${target.service} doesn't exist`,
        { object, field },
      ),
    );
    return undefined;
  }
  return action;
}

function unavailable(messageBody: string): FixedResponseAction {
  return { type: "fixed-response", fixedResponseConfig: { contentType: "text/plain", messageBody, statusCode: "503" } };
}
