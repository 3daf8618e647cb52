import { describe, expect, it } from "vitest";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { LBC_FLAGS, settingsFromFlags } from "../../src/read/settings.ts";

function codesOf(flags: Record<string, string>): readonly string[] {
  return settingsFromFlags(flags).diagnostics.map(({ code }) => code);
}

const EXAMPLES: { readonly [flag: string]: readonly [text: string, setting: string, value: unknown] } = {
  "allowed-certificate-authority-arns": ["a,b", "allowedCertificateAuthorityArns", ["a", "b"]],
  "backend-security-group": ["sg-1", "backendSecurityGroup", "sg-1"],
  "cluster-name": ["demo", "clusterName", "demo"],
  "default-load-balancer-scheme": ["internet-facing", "defaultLoadBalancerScheme", "internet-facing"],
  "default-pca-arn": ["arn:pca", "defaultPcaArn", "arn:pca"],
  "default-ssl-policy": ["Policy", "defaultSslPolicy", "Policy"],
  "default-tags": ["a=1,b=2=3", "defaultTags", { a: "1", b: "2=3" }],
  "default-target-type": ["ip", "defaultTargetType", "ip"],
  "disable-ingress-class-annotation": ["true", "disableIngressClassAnnotation", true],
  "disable-ingress-group-name-annotation": ["t", "disableIngressGroupNameAnnotation", true],
  "disable-restricted-sg-rules": ["1", "disableRestrictedSgRules", true],
  "enable-backend-security-group": ["false", "enableBackendSecurityGroup", false],
  "enable-endpoint-slices": ["F", "enableEndpointSlices", false],
  "enable-manage-backend-security-group-rules": ["true", "enableManageBackendSecurityGroupRules", true],
  "enable-shield": ["false", "enableShield", false],
  "enable-waf": ["false", "enableWaf", false],
  "enable-wafv2": ["false", "enableWafv2", false],
  "external-managed-tags": ["a,b", "externalManagedTags", ["a", "b"]],
  "feature-gates": [
    " ALBSingleSubnet = true ,EnableRGTAPI=1,",
    "featureGates",
    { ...DEFAULT_SETTINGS.featureGates, ALBSingleSubnet: true, EnableRGTAPI: true },
  ],
  "ingress-class": ["", "ingressClass", ""],
  "max-targets-per-target-group": ["500", "maxTargetsPerTargetGroup", 500],
  "required-secrets-label": ["read=lbc", "requiredSecretsLabel", "read=lbc"],
  "service-target-eni-security-group-tags": ["a=1", "serviceTargetEniSecurityGroupTags", { a: "1" }],
  "tolerate-non-existent-backend-action": ["false", "tolerateNonExistentBackendAction", false],
  "tolerate-non-existent-backend-service": ["false", "tolerateNonExistentBackendService", false],
  "watch-namespace": ["shop", "watchNamespace", "shop"],
};

describe("settings from flags", () => {
  it("has an example of every flag that changes a plan", () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...LBC_FLAGS.planning]);
  });
  it.each(Object.entries(EXAMPLES))("--%s", (flag, [text, setting, value]) => {
    const { settings, diagnostics } = settingsFromFlags({ [flag]: text });
    const { [setting as "clusterName"]: found, ...others } = settings;
    const { [setting as "clusterName"]: _default, ...defaults } = DEFAULT_SETTINGS;
    expect(found).toEqual(value);
    expect(others).toEqual(defaults);
    expect(diagnostics.filter(({ code }) => code !== "settings.flags-disagree")).toEqual([]);
  });
  it.each([...LBC_FLAGS.ignored])("--%s is accepted and changes nothing", (flag) => {
    expect(settingsFromFlags({ [flag]: "anything" })).toEqual({ settings: DEFAULT_SETTINGS, diagnostics: [] });
  });
  it("an unknown flag is an error, also one called like a property of every object", () => {
    expect(codesOf({ "cluster-nam": "demo" })).toEqual(["settings.flag-unknown"]);
    expect(codesOf({ constructor: "demo", toString: "x" })).toEqual(["settings.flag-unknown", "settings.flag-unknown"]);
  });

  it.each([
    { name: "scheme", flags: { "default-load-balancer-scheme": "public" } },
    { name: "target type", flags: { "default-target-type": "pod" } },
    { name: "security group", flags: { "backend-security-group": "backend" } },
    { name: "boolean", flags: { "enable-waf": "yes" } },
    { name: "negative count", flags: { "max-targets-per-target-group": "-1" } },
    { name: "gate of no such name", flags: { "feature-gates": "NoSuchGate=true" } },
    { name: "gate called like a property of every object", flags: { "feature-gates": "constructor=true" } },
    { name: "gate without a value", flags: { "feature-gates": "ALBSingleSubnet" } },
    { name: "gate with a strange value", flags: { "feature-gates": "ALBSingleSubnet=on" } },
    { name: "map without a value", flags: { "default-tags": "a" } },
    { name: "map with one broken pair", flags: { "default-tags": "a=1,b,c=2" } },
    { name: "list with a stray quote", flags: { "external-managed-tags": 'a"b' } },
  ])("an unreadable $name keeps the default and is an error", ({ flags }) => {
    const { settings, diagnostics } = settingsFromFlags(flags as Record<string, string>);
    expect(settings).toEqual(DEFAULT_SETTINGS);
    expect(diagnostics.map(({ code }) => code)).toEqual(["settings.flag-invalid"]);
  });

  it.each([
    { text: "a, b", list: ["a", " b"] },
    { text: '"a,b",c', list: ["a,b", "c"] },
    { text: '"say ""hi"""', list: ['say "hi"'] },
    { text: "a,,b", list: ["a", "", "b"] },
    { text: "", list: [] },
  ])("a list flag $text", ({ text, list }) => {
    expect(settingsFromFlags({ "external-managed-tags": text }).settings.externalManagedTags).toEqual(list);
  });
  it.each([
    { text: "a=x,y", map: { a: "x,y" } },
    { text: '"a=x,y"', map: { a: "x,y" } },
    { text: '"a=x,y",b=1', map: { a: "x,y", b: "1" } },
    { text: "a=1,a=2", map: { a: "2" } },
    { text: " a =1", map: { " a ": "1" } },
  ])("a map flag $text", ({ text, map }) => {
    expect(settingsFromFlags({ "default-tags": text }).settings.defaultTags).toEqual(map);
  });

  it("flags beat the settings beneath them, gate by gate", () => {
    const base = settingsFromFlags({ "feature-gates": "ALBSingleSubnet=true", "cluster-name": "old" }).settings;
    const { settings } = settingsFromFlags({ "feature-gates": "EnableRGTAPI=true", "cluster-name": "new" }, base);
    expect(settings.featureGates).toMatchObject({ ALBSingleSubnet: true, EnableRGTAPI: true });
    expect(settings.clusterName).toBe("new");
  });
});

describe("flag validation (tracking keys, overlap)", () => {
  it.each([
    "elbv2.k8s.aws/cluster",
    "elbv2.k8s.aws/resource",
    "ingress.k8s.aws/stack",
    "ingress.k8s.aws/resource",
    "service.k8s.aws/stack",
    "service.k8s.aws/resource",
    "gateway.k8s.aws.alb/stack",
    "gateway.k8s.aws.alb/resource",
    "gateway.k8s.aws.nlb/stack",
    "gateway.k8s.aws.nlb/resource",
  ])("%s can be neither a default tag nor managed outside", (key) => {
    expect(codesOf({ "default-tags": `${key}=x` })).toEqual(["settings.tag-reserved"]);
    expect(codesOf({ "external-managed-tags": key })).toEqual(["settings.tag-reserved"]);
  });
  it("a tag can't be a default and managed outside", () => {
    expect(codesOf({ "default-tags": "team=a", "external-managed-tags": "cost,team" })).toEqual([
      "settings.flags-disagree",
    ]);
  });
  it("managing backend rules needs the backend security group", () => {
    const flags = { "enable-manage-backend-security-group-rules": "true", "enable-backend-security-group": "false" };
    expect(codesOf(flags)).toEqual(["settings.flags-disagree"]);
  });
});
