/** The way of one request as people read it, from the listener to the target, and the rules that almost took it. */
import type { RuleState } from "../route/listener-state.ts";
import { queryText, type Request } from "../route/request.ts";
import type { AskedRule, PassedOver, RequestExplanation, StackExplanation, Way } from "../route/request-explanation.ts";
import type { Route } from "../route/route.ts";
import { sourceName } from "./names.ts";
import { type Palette, PLAIN } from "./palette.ts";
import { describe } from "./value-text.ts";

/** Rules of each sort that are shown. */
const RULES = 5;

/** The explanation as text with a line break at the end. */
export function renderRequestText(explanation: RequestExplanation, palette: Palette = PLAIN): string {
  const { request, stacks, passedOver } = explanation;
  const ruled = stacks.some(({ before, after }) => [before, after].some((way) => way?.route.served === "rule"));
  const lines = [
    palette.strong(requestLine(request)),
    ...(ruled ? [] : ["", noneLine(request, stacks.length > 0)]),
    ...stacks.flatMap((stack) => ["", ...stackLines(stack, request, explanation.compares, palette)]),
    ...(ruled || passedOver.length === 0 ? [] : ["", ...passedOver.map((other) => passedOverLine(other, request))]),
  ];
  return `${lines.join("\n")}\n`;
}

/** As it was asked, with what else decides. */
function requestLine({ method, scheme, host, port, path, query, headers, sourceIp, sni }: Request): string {
  const isDefaultPort = port === (scheme === "http" ? 80 : 443);
  const text = queryText(query);
  const more = [
    ...Object.entries(headers).map(
      ([name, value]) => `${name}: ${typeof value === "string" ? value : value.join(", ")}`,
    ),
    ...(sourceIp === undefined ? [] : [`from ${sourceIp}`]),
    ...(sni === undefined ? [] : [`connected to ${sni}`]),
  ];
  const url = `${scheme}://${host}${isDefaultPort ? "" : `:${port}`}${path}${text === "" ? "" : `?${text}`}`;
  return [`${method} ${url}`, ...more].join("; ");
}

function noneLine({ port, scheme }: Request, defaults: boolean): string {
  return defaults
    ? "No rule of any load balancer takes it. What answers by default:"
    : `No load balancer takes it: none serves ${scheme.toUpperCase()} on port ${port}.`;
}

function passedOverLine({ stack, because, ports }: PassedOver, { port, scheme }: Request): string {
  const why = {
    default: `answers by default on port ${port}`,
    "wrong-protocol": `listens on port ${port}, but not for ${scheme.toUpperCase()}`,
    broken: "can't be built; the errors say why",
    "nothing-listens":
      ports.length === 0
        ? "has no listener"
        : `listens on ${ports.length === 1 ? "port" : "ports"} ${ports.join(" and ")}`,
  }[because];
  return `Group ${stack} ${why}.`;
}

function stackLines(
  explained: StackExplanation,
  request: Request,
  compares: boolean,
  palette: Palette,
): readonly string[] {
  const { stack, members, loadBalancer, before, after, leftAlone, same } = explained;
  const heading = members.length === 1 && members[0] === stack ? `Ingress ${stack}` : `Group ${stack}`;
  const { name, dnsName } = loadBalancer;
  const reached = `${name === undefined ? "" : ` ${name}`}${dnsName === undefined ? "" : ` (${dnsName})`}`;
  const stays = leftAlone === "broken" ? "the group can't be built" : "no Ingress of the input belongs to the group";
  const blocks =
    same === true && after !== undefined
      ? block("before and after", wayLines(after, request, palette, before))
      : [
          ...(before ? block("before", wayLines(before, request, palette)) : []),
          ...(after ? block(compares ? "after" : undefined, wayLines(after, request, palette)) : []),
          ...(leftAlone ? [`  after: as before; ${stays}, so it stays as it is`] : []),
        ];
  const rules = after ?? before;
  return [
    `${palette.strong(heading)}: load balancer${reached}`,
    ...blocks,
    ...(rules === undefined ? [] : otherRules(rules, palette)),
  ];
}

function block(title: string | undefined, lines: readonly string[]): readonly string[] {
  return title === undefined
    ? lines.map((line) => `  ${line}`)
    : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

/** `other` is the way before, where both are the same: only what differs nevertheless is told of it. */
function wayLines(way: Way, request: Request, palette: Palette, other?: Way): readonly string[] {
  const { route, source } = way;
  const { listener, rule } = route;
  if (route.served === "refused") return [`nothing listens on port ${request.port}`];
  if (listener === undefined) return [];
  if (route.served === "wrong-protocol") {
    const consequence = listener.protocol === "HTTPS" ? "gets a 400" : "can't connect";
    return [`listener ${listener.port} serves ${listener.protocol}, so that the client ${consequence}`];
  }
  const was = other?.route.rule;
  const number =
    rule !== undefined && was !== undefined && was.priority !== rule.priority
      ? ` (${ruleName(was, listener.port)} before)`
      : "";
  const rows: readonly (readonly [string, string])[] = [
    ["listener", `${listener.port}, ${listener.protocol}`],
    ...certificateRow(route),
    rule === undefined ? ["rule", "none, the default answers"] : ["rule", `${ruleName(rule, listener.port)}${number}`],
    ...(rule === undefined ? [] : ([["if", conditionsText(rule)]] as const)),
    ...actionRows(route),
    ...forwardedRow(route, request),
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 1;
  return [
    ...rows.map(([label, text]) => `${`${label}:`.padEnd(width)} ${text}`),
    ...(source === undefined ? [] : [palette.dim(`# ${sourceName(source)}`)]),
  ];
}

function certificateRow({ certificate }: Route): readonly (readonly [string, string])[] {
  if (certificate === undefined) return [];
  const because = { "exact-name": "has the name", "wildcard-name": "has a wildcard", default: "the default" };
  const others = certificate.alternatives.map(describe).join(", ");
  const maybe = others === "" ? "" : `; perhaps ${others}`;
  return [["certificate", `${describe(certificate.certificate)} (${because[certificate.because]}${maybe})`]];
}

function actionRows({ actions, targets, redirect }: Route): readonly (readonly [string, string])[] {
  return actions.flatMap((action): readonly (readonly [string, string])[] => {
    switch (action.type) {
      case "forward": {
        if (action.forwardConfig.targetGroups.length < 2) return [["then", describe(action)]];
        const shares = (targets ?? []).map(({ share }, index) => {
          const group = action.forwardConfig.targetGroups[index];
          return `${percent(share)} ${describe(group?.targetGroupArn)}`;
        });
        return [
          ["then", describe(action)],
          ["shares", shares.join(", ")],
        ];
      }
      case "redirect":
        return [
          [
            "then",
            redirect === undefined ? describe(action) : `redirect ${redirect.statusCode} to ${redirect.location}`,
          ],
        ];
      case "fixed-response":
        return [["then", describe(action)]];
      default:
        return [["first", describe(action)]];
    }
  });
}

/** What transforms make of the request, if there are any. */
function forwardedRow({ rule, forwarded }: Route, request: Request): readonly (readonly [string, string])[] {
  if (forwarded === undefined || (rule?.transforms ?? []).length === 0) return [];
  const { host, path, query, unknown } = forwarded;
  const url = `${path}${query === "" ? "" : `?${query}`}`;
  const seen = host === request.host ? url : `${url} of host ${host}`;
  const open = unknown.length === 0 ? "" : `; not known what ${unknown.map((regex) => `/${regex}/`).join(", ")} does`;
  return [
    ["transform", describe(rule?.transforms)],
    ["target sees", `${seen}${open}`],
  ];
}

/** Rules that may take the request, would take it, or nearly do. */
function otherRules({ rules, almost, route }: Way, palette: Palette): readonly string[] {
  const port = route.listener?.port ?? 0;
  const served = route.rule?.priority ?? Number.POSITIVE_INFINITY;
  const open = rules.filter(({ verdict, rule }) => verdict === "undecided" && rule.priority < served);
  const later = rules.filter(({ verdict }) => verdict === "shadowed");
  return [
    ...rulesBlock("it isn't known whether these match", open, port, palette, ({ rule }) => conditionsText(rule)),
    ...rulesBlock("matches too, but is asked later", later, port, palette, ({ rule }) => conditionsText(rule)),
    ...rulesBlock("almost", almost, port, palette, ({ failed: [failure] }) =>
      failure === undefined ? "" : `wants ${failure.wants}, the request has ${failure.has}`,
    ),
  ];
}

function rulesBlock(
  title: string,
  rules: readonly AskedRule[],
  port: number,
  palette: Palette,
  why: (rule: AskedRule) => string,
): readonly string[] {
  if (rules.length === 0) return [];
  const rest = rules.length > RULES ? [`    and ${rules.length - RULES} more`] : [];
  return [
    `  ${title}:`,
    ...rules
      .slice(0, RULES)
      .flatMap((asked) => [
        `    rule ${ruleName(asked.rule, port)}: ${why(asked)}`,
        `      then ${describe(asked.rule.actions)}`,
        ...(asked.source === undefined ? [] : [`      ${palette.dim(`# ${sourceName(asked.source)}`)}`]),
      ]),
    ...rest,
  ];
}

function ruleName({ priority }: RuleState, port: number): string {
  return `${port}:${priority}`;
}

function conditionsText({ conditions }: RuleState): string {
  return conditions.length === 0 ? "always" : describe(conditions);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
