/** Annotations of Ingresses and Services, valid as far as one object by itself can say. */
import { ANNOTATION_PREFIX, type StringMap } from "@elbplan/core";
import fc from "fast-check";
import { ACL_NAME, CERTIFICATE_ARN, TARGET_GROUP_NAME, TRUST_STORE_NAME } from "./facts.ts";
import { A_SERVICE_NAME, aHost, aPath } from "./names.ts";

type Texts = { readonly [name: string]: fc.Arbitrary<string> };

const json = (value: unknown): string => JSON.stringify(value);
const aBool = fc.constantFrom("true", "false", "T", "0");
const aSmallMap = fc
  .dictionary(fc.constantFrom("team", "cost", "env", "__proto__"), fc.constantFrom("a", "b", "a=b", ""), { maxKeys: 2 })
  .map((map) =>
    Object.entries(map)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  );

const aForward = fc
  .uniqueArray(fc.record({ serviceName: A_SERVICE_NAME, servicePort: fc.constantFrom(80, "80", "http") }), {
    selector: ({ serviceName }) => serviceName,
    minLength: 1,
    maxLength: 2,
  })
  .map((targets) => ({
    type: "forward",
    forwardConfig: { targetGroups: targets.map((target, index) => ({ ...target, weight: index * 10 })) },
  }));

const anAction: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({
    type: fc.constant("redirect"),
    redirectConfig: fc.record(
      {
        host: fc.oneof(aHost, fc.constant("#{host}")),
        path: fc.oneof(aPath, fc.constant("/#{path}")),
        port: fc.constantFrom("443", "#{port}"),
        protocol: fc.constantFrom("HTTPS", "#{protocol}"),
        statusCode: fc.constantFrom("HTTP_301", "HTTP_302"),
      },
      { requiredKeys: ["statusCode"] },
    ),
  }),
  fc.record({ type: fc.constant("fixed-response"), fixedResponseConfig: fc.constant({ statusCode: "404" }) }),
  fc.constantFrom(
    { type: "forward", targetGroupARN: "arn:t" },
    { Type: "forward", TargetGroupName: TARGET_GROUP_NAME },
  ),
  aForward,
);

const aCondition: fc.Arbitrary<unknown> = fc.oneof(
  aHost.map((host) => ({ field: "host-header", hostHeaderConfig: { values: [host] } })),
  aPath.map((path) => ({ field: "path-pattern", pathPatternConfig: { values: [path] } })),
  fc.constantFrom(
    { field: "http-header", httpHeaderConfig: { httpHeaderName: "X-A", values: ["1"] } },
    { field: "http-request-method", httpRequestMethodConfig: { values: ["GET", "POST"] } },
    { field: "query-string", queryStringConfig: { values: [{ key: "a", value: "1" }, { value: "b" }] } },
    { field: "source-ip", sourceIpConfig: { values: ["10.0.0.0/8"] } },
    { field: "cookie" },
  ),
);

const aTransform = fc.constantFrom(
  { type: "url-rewrite", urlRewriteConfig: { rewrites: [{ regex: "^/a", replace: "/b" }] } },
  { type: "host-header-rewrite", hostHeaderRewriteConfig: { rewrites: [{ regex: "a", replace: "b" }] } },
);

const ofTargetGroups: Texts = {
  "target-type": fc.constantFrom("instance", "ip"),
  "backend-protocol": fc.constantFrom("HTTP", "HTTPS"),
  "backend-protocol-version": fc.constantFrom("HTTP1", "HTTP2", "GRPC"),
  "target-group-attributes": aSmallMap,
  "healthcheck-port": fc.constantFrom("traffic-port", "8081", "http"),
  "healthcheck-path": aPath,
  "healthcheck-interval-seconds": fc.integer({ min: 5, max: 300 }).map(String),
  "success-codes": fc.constantFrom("200", "200-399"),
  "target-node-labels": aSmallMap,
  "multi-cluster-target-group": aBool,
  "auth-scope": fc.constantFrom("openid", ""),
  tags: aSmallMap,
};

const ofIngresses: Texts = {
  ...ofTargetGroups,
  "group.order": fc.integer({ min: -1000, max: 1000 }).map(String),
  "ip-address-type": fc.constantFrom("ipv4", "dualstack"),
  scheme: fc.constantFrom("internal", "internet-facing"),
  "load-balancer-attributes": aSmallMap,
  "security-groups": fc.constantFrom("sg-1", "edge, sg-1", ""),
  "manage-backend-security-group-rules": aBool,
  "inbound-cidrs": fc.constantFrom("10.0.0.0/8", "10.0.0.0/8, 2001:db8::/32", ""),
  "security-group-prefix-lists": fc.constantFrom("pl-1", ""),
  "certificate-arn": fc.constantFrom(CERTIFICATE_ARN, `${CERTIFICATE_ARN}, arn:b`),
  "ssl-policy": fc.constantFrom("ELBSecurityPolicy-TLS13-1-2-2021-06"),
  "wafv2-acl-arn": fc.constantFrom("arn:acl", "none", ""),
  "wafv2-acl-name": fc.constantFrom(ACL_NAME, "none"),
  "shield-advanced-protection": aBool,
  "minimum-load-balancer-capacity": fc.nat({ max: 5000 }).map((units) => `CapacityUnits=${units}`),
  "enable-frontend-nlb": aBool,
  "use-regex-path-match": aBool,
  "mutual-authentication": fc.constantFrom(
    json([{ port: 443, mode: "passthrough" }]),
    json([{ port: 443, mode: "verify", trustStore: TRUST_STORE_NAME }]),
  ),
  "listen-ports": fc
    .subarray([{ HTTP: 80 }, { HTTPS: 443 }, { HTTP: 8080 }], { minLength: 1 })
    .map((ports) => json(ports)),
};

/** Half of the Ingresses have one or two annotations, a few have many. */
function someOf(texts: Texts): fc.Arbitrary<{ readonly [name: string]: string }> {
  return fc
    .subarray(Object.keys(texts), { maxLength: 5 })
    .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, texts[name] as fc.Arbitrary<string>]))));
}

function prefixed(values: { readonly [name: string]: string }): StringMap {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [ANNOTATION_PREFIX + name, value]));
}

/** Annotations that a Service may carry for its target groups. */
export const someServiceAnnotations: fc.Arbitrary<StringMap> = someOf(ofTargetGroups).map(prefixed);

/** Annotations of an Ingress; `actions` are the names that its paths use, each of which may have an action or none. */
export function someIngressAnnotations(actions: readonly string[]): fc.Arbitrary<StringMap> {
  const families = fc.record(
    Object.fromEntries([
      ...actions.map((name) => [`actions.${name}`, anAction.map(json)] as const),
      ["conditions.web", fc.array(aCondition, { maxLength: 2 }).map(json)] as const,
      ["transforms.api", fc.array(aTransform, { maxLength: 1 }).map(json)] as const,
    ]),
    { requiredKeys: [] },
  );
  return fc
    .tuple(someOf(ofIngresses), fc.option(families, { nil: {} }))
    .map(([own, family]) => prefixed({ ...own, ...(family as { readonly [name: string]: string }) }));
}
