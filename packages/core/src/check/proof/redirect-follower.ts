/** A redirect is only as good as what it points to: follows redirects to ports of the same load balancer. */
import type { RedirectAction } from "../../model/rule-action.ts";
import { redirectOf } from "../../route/redirect.ts";
import type { RegexEngine } from "../../route/regex-engine.ts";
import type { Request } from "../../route/request.ts";
import { type Route, route } from "../../route/route.ts";
import type { Configuration } from "./configuration.ts";

export interface RedirectFollower {
  /** Equal for configurations in which what redirects point to is served alike. */
  readonly signatureOf: (configuration: Configuration) => string;
  /**
   * Whether a request is redirected to where it isn't served as the redirects of before and after lead to. `outcome`
   * is what serves the request now.
   */
  readonly isBroken: (configuration: Configuration, request: Request, outcome: string) => boolean;
  /** What serves a request in the end: where a redirect to a port of the load balancer leads, else the outcome itself. */
  readonly reached: (configuration: Configuration, request: Request, outcome: string) => string;
}

/** Outcomes that are none. */
const UNSERVED: ReadonlySet<string> = new Set(["refused", "wrong-protocol"]);

/** Ports whose listener stays the same need no following. */
export function redirectFollower(before: Configuration, after: Configuration, regex: RegexEngine): RedirectFollower {
  const protocolStays = (port: number): boolean => {
    const [old, next] = [before.ports.get(port)?.state.protocol, after.ports.get(port)?.state.protocol];
    return old === undefined || next === undefined || old === next;
  };
  // A change of protocol in place is brief, and labelled so: nobody can be sent to it at the right moment.
  const changing = [...new Set([...before.ports.keys(), ...after.ports.keys()])]
    .filter((port) => before.ports.get(port)?.signature !== after.ports.get(port)?.signature && protocolStays(port))
    .sort((a, b) => a - b);
  const routed = (configuration: Configuration, request: Request): Route => {
    const listener = configuration.ports.get(request.port)?.state;
    return route(listener === undefined ? [] : [listener], request, { regex });
  };
  const outcome = (configuration: Configuration, request: Request): string => {
    const port = configuration.ports.get(request.port);
    const { served, rule } = routed(configuration, request);
    if (port === undefined || served === "refused" || served === "wrong-protocol") return served;
    const index = port.state.rules.findIndex(({ key }) => key === rule?.key);
    return port.rules[index]?.outcome ?? port.fallback;
  };
  const isRedirect = (text: string): boolean => text.includes('"redirect":');
  return {
    reached: (configuration, request, now) => {
      const next = isRedirect(now) ? destination(routed(configuration, request), request) : undefined;
      return next === undefined ? now : outcome(configuration, next);
    },
    signatureOf: (configuration) => changing.map((port) => configuration.ports.get(port)?.signature ?? "").join("\n\n"),
    isBroken: (configuration, request, now) => {
      // Most requests aren't redirected, and their text says so.
      if (!isRedirect(now)) return false;
      // A listener that goes may go with what it redirects to: listeners can redirect in a circle.
      if (!after.ports.has(request.port)) return false;
      const next = destination(routed(configuration, request), request);
      if (next === undefined || !changing.includes(next.port)) return false;
      const reached = outcome(configuration, next);
      const old = destination(routed(before, request), request);
      const goal = destination(routed(after, request), request);
      const led = old === undefined ? [] : [outcome(before, old)];
      const leads = goal === undefined ? [] : [outcome(after, goal)];
      // A redirect that led nowhere before, or will, can't be broken.
      if ([...led, ...leads].some((one) => UNSERVED.has(one))) return false;
      // Switched on: it leads to where it will. There before: to where it led, or would.
      const would = old === undefined ? [] : [outcome(after, next)];
      const allowed = [...led, ...leads, ...would.filter((one) => !UNSERVED.has(one))];
      return allowed.length > 0 && !allowed.includes(reached);
    },
  };
}

/** The request that a client sends after a redirect to the same host. */
function destination({ actions }: Route, request: Request): Request | undefined {
  const redirect = actions.find((action): action is RedirectAction => action.type === "redirect");
  if (redirect === undefined) return undefined;
  const { location } = redirectOf(redirect, request);
  const [, scheme, host, port, path = "/", query = ""] =
    /^(https?):\/\/([^/]*):(\d+)([^?]*)\??(.*)$/.exec(location) ?? [];
  if (scheme === undefined || host?.toLowerCase() !== request.host.toLowerCase()) return undefined;
  return {
    ...request,
    scheme: scheme === "https" ? "https" : "http",
    port: Number(port),
    path,
    query: query === "" ? [] : request.query,
  };
}
