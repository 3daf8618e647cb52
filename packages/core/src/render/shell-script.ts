/** A plan as a shell script of AWS command line calls, for people who review and run commands themselves. */

import { isCreation, outputsOf } from "../calls/outputs.ts";
import { isValidationField, type ValidationField } from "../calls/route53.ts";
import { heredocJson, type ShellVariable } from "../lib/heredoc-json.ts";
import type { Action, ActionOf } from "../model/action.ts";
import type { Call, Plan } from "../model/plan.ts";
import { isReference, isUnknown, type Reference } from "../model/value.ts";
import { type CallOf, SERVICES } from "./calls-text.ts";
import { resourceName } from "./names.ts";

/** How the AWS command line waits for what a wait waits for; the subject's ARN follows. */
const WAITERS: { readonly [until in Exclude<ActionOf<"wait">["details"]["until"], "targets-drained">]: string } = {
  "load-balancer-active": "elbv2 wait load-balancer-available --load-balancer-arns",
  "targets-healthy": "elbv2 wait target-in-service --target-group-arn",
  "certificate-issued": "acm wait certificate-validated --certificate-arn",
};

/** The field of a request whose keys and values are the user's own. */
const USER_KEYS = "AuthenticationRequestExtraParams";

const KUBECTL: { readonly [operation: string]: string } = {
  create: "kubectl create --filename -",
  patch: "kubectl replace --filename -",
  delete: "kubectl delete --ignore-not-found --filename -",
};

/**
 * A POSIX shell script that makes the plan's calls in the plan's order with the AWS command line (version 2) and
 * kubectl, and stops at the first error. ARNs and ids of what it creates go through variables. Values that only the API
 * server knows must be given as variables; clients of OIDC are read from their Secrets when they are needed and stand
 * neither in the script nor on a command line. Region and credentials are those of the environment.
 */
export function renderShellScript(plan: Plan, callOf: CallOf): string {
  const names = nameVariables(plan.actions, callOf);
  const steps = plan.actions.map((action, index) => step(action, callOf, names, index + 1));
  const given = [...names.given].map(([text, variable]) => `: "\${${variable}:?${plainText(text)}}"`);
  return [
    "#!/bin/sh",
    `# Carries out a plan of elbplan: ${plan.summary.writes} AWS calls, in this order. Stops at the first error; what was done stays,`,
    "# and a new plan made from what exists then finishes the job.",
    "# Region and credentials are taken from the environment.",
    "set -eu",
    ...(given.length === 0 ? [] : ["", "# Known only to the API server: set these before.", ...given]),
    ...steps.flatMap((lines) => ["", ...lines]),
    "",
  ].join("\n");
}

interface Variables {
  /** Of things that the plan creates, by stack and resource. */
  readonly created: ReadonlyMap<string, string>;
  /** Of values that nobody knows yet, by what they are. */
  readonly given: ReadonlyMap<string, string>;
}

function nameVariables(actions: readonly Action[], callOf: CallOf): Variables {
  const created = new Map<string, string>();
  const given = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { stack, resource, kind } of actions) {
    if (!isCreation(kind)) continue;
    const word = kind
      .replace(/^(create|request)/, "")
      .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
      .toLowerCase();
    const number = (counts.get(word) ?? 0) + 1;
    counts.set(word, number);
    created.set(`${stack} ${resource}`, `${word}_${number}_${outputsOf(kind)?.arn.endsWith("Id") ? "id" : "arn"}`);
  }
  const walk = (value: unknown, key: string): void => {
    if (typeof value !== "object" || value === null || key === USER_KEYS || isReference(value)) return;
    if (!isUnknown(value)) for (const [name, item] of Object.entries(value)) walk(item, name);
    else if (!isSecretField(value) && !isValidationField(value) && !given.has(value.unknown))
      given.set(value.unknown, `unknown_${given.size + 1}`);
  };
  for (const action of actions) walk(callOf(action)?.input, "");
  return { created, given };
}

function step(action: Action, callOf: CallOf, names: Variables, number: number): readonly string[] {
  const note = `# ${number}. ${oneLine(`${resourceName(action.resource)} of ${action.stack}: ${action.reason}`)}`;
  const call = callOf(action);
  if (call === null) return [note, ...wait(action as ActionOf<"wait">, names)];
  const secrets: string[] = [];
  const lookUps: string[] = [];
  const json = heredocJson(call.input, (value, key): ShellVariable | undefined => {
    if (key === USER_KEYS) return undefined;
    if (isReference(value)) return { variable: variableOf(value, action, names) };
    if (!isUnknown(value)) return undefined;
    if (isValidationField(value)) {
      const { certificateArn: arn } = value;
      const named = isReference(arn) ? `"\${${variableOf(arn, action, names)}}"` : quoted(String(arn));
      const variable = RECORD[value.part];
      lookUps.push(...lookUp(variable, value, named));
      return { variable };
    }
    if (!isSecretField(value)) return { variable: names.given.get(value.unknown) ?? "" };
    const variable = value.key === "clientID" ? "client_id" : "client_secret";
    secrets.push(...readSecret(variable, value));
    return { variable };
  });
  const command = commandOf(call);
  const output = outputsOf(action.kind);
  const document = [" <<JSON", json, "JSON"];
  const variable = names.created.get(`${action.stack} ${action.resource}`);
  const line =
    output === null || variable === undefined
      ? // What nobody reads is a pager's and a log's burden.
        [`${command}${call.service === "kubernetes" ? "" : " >/dev/null"}${document[0]}`, ...document.slice(1)]
      : [
          `${variable}=$(${command} --query ${quoted(output.arn)} --output text${document[0]}`,
          ...document.slice(1),
          ")",
        ];
  const forget = secrets.length === 0 ? [] : ["unset client_id client_secret"];
  return [note, ...secrets, ...lookUps, ...line, ...forget];
}

function commandOf({ service, operation }: Call): string {
  if (service === "kubernetes") return KUBECTL[operation] ?? "";
  const words = operation.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, "-").toLowerCase();
  return `aws ${SERVICES[service]} ${words} --cli-input-json file:///dev/stdin`;
}

function wait({ details, ...action }: ActionOf<"wait">, names: Variables): readonly string[] {
  const { subject, until } = details;
  // AWS can't tell when the connections to the targets of a group have ended that no rule names any more.
  if (until === "targets-drained") return [`sleep ${details.deadlineSeconds}`];
  const text = isReference(subject)
    ? `"\${${variableOf(subject, action, names)}}"`
    : quoted(typeof subject === "string" ? subject : "");
  const orElse = details.onDeadline === "continue" ? ` || echo ${quoted("Not there yet; going on.")} >&2` : "";
  return [`aws ${WAITERS[until]} ${text}${orElse}`];
}

function variableOf(reference: Reference, { stack }: { readonly stack: string }, { created }: Variables): string {
  const name = created.get(`${reference.stack ?? stack} ${reference.ref}`);
  if (name === undefined || reference.field === "dnsName")
    throw new Error(`nothing in the plan creates ${reference.ref}`);
  return name;
}

interface SecretField {
  readonly unknown: string;
  /** `namespace/name`. */
  readonly secret: string;
  readonly key: string;
}

function isSecretField(value: object): value is SecretField {
  return "secret" in value && "key" in value;
}

/** Quotes and backslashes are escaped, for the variable is put between the quotes of a JSON string. */
function readSecret(variable: string, { secret, key }: SecretField): readonly string[] {
  const [namespace = "", name = ""] = secret.split("/");
  const read = `kubectl get secret --namespace ${quoted(namespace)} ${quoted(name)} --output ${quoted(`jsonpath={.data.${key}}`)}`;
  const escaped = `printf %s "$${variable}" | base64 -d | sed 's/[\\\\"]/\\\\&/g'`;
  // A pipe would hide that kubectl failed, and a missing key is no error to it.
  return [
    `${variable}=$(${read})`,
    `: "\${${variable}:?Secret ${plainText(secret)} holds no ${key}}"`,
    `${variable}=$(${escaped})`,
  ];
}

const RECORD: { readonly [part in ValidationField["part"]]: string } = {
  hostedZoneId: "hosted_zone",
  name: "record_name",
  value: "record_value",
};

/** ACM tells the record some seconds after the request; of several public zones the one with the longest name counts. */
function lookUp(variable: string, { domainName, part }: ValidationField, certificate: string): readonly string[] {
  const domain = domainName.replace(/[^\w.-]/g, "?");
  const zones = `HostedZones[?ends_with('.${domain}.', join('', ['.', Name])) && !Config.PrivateZone]`;
  const records = `Certificate.DomainValidationOptions[?DomainName=='${domain}' || DomainName=='*.${domain}']`;
  const read =
    part === "hostedZoneId"
      ? `aws route53 list-hosted-zones --query ${quoted(`sort_by(${zones}, &length(Name))[-1].Id`)} --output text`
      : `aws acm describe-certificate --certificate-arn ${certificate} --query ${quoted(
          `${records}.ResourceRecord.${part === "name" ? "Name" : "Value"} | [0]`,
        )} --output text`;
  const again = part === "name" ? [`while [ "$${variable}" = None ]; do sleep 5; ${variable}=$(${read}); done`] : [];
  return [`${variable}=$(${read})`, ...again];
}

/** One word of a shell, whatever it holds. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A comment ends with its line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");
}

/** Text that means nothing to the shell between double quotes. */
function plainText(text: string): string {
  return text.replace(/[^\p{L}\p{N} .,:;/()_*=-]/gu, "?");
}
