import { describe, expect, it } from "vitest";
import type { ClusterSnapshot } from "../../src/model/snapshot.ts";
import { DEFAULT_SETTINGS } from "../../src/read/default-settings.ts";
import { secretsNamed } from "../../src/resolve/secrets-named.ts";
import { ingress, service, snapshot } from "../fixtures/cluster.ts";

const oidc = (secretName: unknown) => ({ "auth-idp-oidc": JSON.stringify({ secretName }) });
const named = (objects: Partial<ClusterSnapshot>) => secretsNamed(snapshot(objects), DEFAULT_SETTINGS);

describe("Secrets named by OIDC annotations", () => {
  it.each([
    {
      name: "of an Ingress",
      objects: { ingresses: [ingress({ annotations: oidc("login") })] },
      secrets: ["shop/login"],
    },
    {
      name: "of a Service beside one",
      objects: { services: [service("web", { annotations: oidc("svc") })] },
      secrets: ["shop/svc"],
    },
    {
      name: "sorted, each once",
      objects: { ingresses: ["b", "a", "b"].map((x, i) => ingress({ name: `i${i}`, annotations: oidc(x) })) },
      secrets: ["shop/a", "shop/b"],
    },
    {
      name: "not of an Ingress of another controller",
      objects: { ingresses: [ingress({ className: "nginx", annotations: oidc("login") })] },
      secrets: [],
    },
    { name: "not what can't be read", objects: { ingresses: [ingress({ annotations: oidc(7) })] }, secrets: [] },
    { name: "not an empty name", objects: { ingresses: [ingress({ annotations: oidc("") })] }, secrets: [] },
  ])("$name", ({ objects, secrets }) => {
    expect(named(objects)).toEqual(secrets);
  });
});
