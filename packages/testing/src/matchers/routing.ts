/** Compares what a load balancer does with a request with what a test expects. */
import { type ListenerState, parseRequest, type Request, type Route, type RouteOptions, route } from "@elbplan/core";

/** What should become of a request; only what is given is looked at. */
export interface ExpectedRoute {
  /** The target group by resource key, resource id or ARN; several with their weights. */
  readonly to?: string | { readonly [targetGroup: string]: number };
  /** Where a redirect leads, the port left out if it is the scheme's own: `https://shop.example.com/`. */
  readonly redirectsTo?: string;
  /** The status code of a redirect or a fixed response. */
  readonly status?: number;
  /** The Ingress that the rule comes from, `namespace/name`. */
  readonly owner?: string;
  /** Whether clients must log in, or bring a token, first. */
  readonly authenticates?: boolean;
  /** `default` if no rule serves it, `refused` if nothing listens on the port. */
  readonly served?: Route["served"];
}

/** What a comparison comes to. */
export interface RouteComparison {
  readonly pass: boolean;
  readonly actual: ExpectedRoute;
  /** The request in one line. */
  readonly request: string;
}

/** Sends a request, given as it is or as `GET https://shop.example.com/cart`, through the listeners. Throws if it can't be read. */
export function compareRoute(
  listeners: readonly ListenerState[],
  request: Request | string,
  expected: ExpectedRoute,
  options: RouteOptions = {},
): RouteComparison {
  const sent = typeof request === "string" ? parseRequest(request) : request;
  if ("code" in sent) throw new Error(sent.message);
  const taken = route(listeners, sent, options);
  const all = summaryOf(taken, expected);
  const actual = Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(expected, name)));
  const query =
    typeof sent.query === "string" ? sent.query : sent.query.map(({ key, value }) => `${key}=${value}`).join("&");
  const line = `${sent.method} ${sent.scheme}://${sent.host}:${sent.port}${sent.path}${query === "" ? "" : `?${query}`}`;
  return { pass: sameJson(actual, expected), actual, request: line };
}

function summaryOf(taken: Route, expected: ExpectedRoute): Required<{ [K in keyof ExpectedRoute]: unknown }> {
  const targets = (taken.targets ?? []).map(
    ({ targetGroup, weight }) => [shortest(targetGroup, expected.to), weight] as const,
  );
  const [only] = targets;
  const { redirect, fixedResponse, owner } = taken;
  return {
    to: typeof expected.to === "object" ? Object.fromEntries(targets) : targets.length < 2 ? only?.[0] : targets,
    redirectsTo: redirect?.location.replace(/^(http:\/\/[^/]*):80(?=\/)|^(https:\/\/[^/]*):443(?=\/)/, "$1$2"),
    status: redirect?.statusCode ?? (fixedResponse === undefined ? undefined : Number(fixedResponse.statusCode)),
    owner: owner === undefined ? undefined : `${owner.namespace}/${owner.name}`,
    authenticates: taken.authentication !== undefined,
    served: taken.served,
  };
}

/** The target group's name in the form that the test uses. */
function shortest(targetGroup: string, to: ExpectedRoute["to"]): string {
  const names = typeof to === "object" ? Object.keys(to) : [to];
  const id = targetGroup.replace(/^targetGroup\//, "");
  return names.includes(id) ? id : targetGroup;
}

function sameJson(a: object, b: object): boolean {
  const text = (value: object): string =>
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
        : inner,
    );
  return text(a) === text(b);
}
