import { describe, expect, it } from "vitest";
import { codesAndPlaces, ingressText, parse } from "./manifest-text.ts";

describe("rendered input", () => {
  it("reads what helm template prints", () => {
    const text = `---
# Source: bakery/templates/namespace.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: bakery
---
# Source: bakery/templates/configmap.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: oven
data:
  motd: |
    # not a comment
    --- not a separator
---
# Source: bakery/templates/empty.yaml

---
# Source: bakery/templates/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: oven
  namespace: bakery
spec:
  ports:
    - port: 80
      targetPort: http
---
# Source: bakery/templates/ingress.yaml
${ingressText("oven", ["namespace: bakery", "annotations:", '  alb.ingress.kubernetes.io/scheme: "internal"'])}`;
    const manifests = parse(text);
    expect(manifests.diagnostics).toEqual([]);
    expect(manifests.counts).toEqual({
      read: { Ingress: 1, Namespace: 1, Service: 1 },
      ignored: { "v1 ConfigMap": 1 },
    });
    expect(
      manifests.positions({ kind: "Ingress", namespace: "bakery", name: "oven" }, "/metadata/annotations"),
    ).toEqual({
      file: "m.yaml",
      line: 38,
      column: 3,
    });
  });

  it("reads what kubectl kustomize prints", () => {
    const text = `apiVersion: v1
kind: Service
metadata:
  labels:
    app: till
  name: till-5f
spec:
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: 8080
  selector:
    app: till
  type: NodePort
---
${ingressText("till-5f")}`;
    const manifests = parse(text);
    expect(manifests.diagnostics).toEqual([]);
    expect(manifests.counts.read).toEqual({ Ingress: 1, Service: 1 });
  });

  it("tells that a template was not rendered", () => {
    const manifests = parse("apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n");
    expect(codesAndPlaces(manifests)).toEqual(["input.yaml-invalid 4:10"]);
    expect(manifests.diagnostics[0]?.message).toContain("must be rendered first");
  });

  it("reads what kubectl get prints: lists as YAML, lists as JSON", () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      metadata: { resourceVersion: "" },
      items: [
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "a", uid: "u-1" },
          spec: { ports: [{ port: 80, nodePort: 31000 }] },
        },
        {
          apiVersion: "networking.k8s.io/v1",
          kind: "IngressClass",
          metadata: { name: "alb", creationTimestamp: null },
          spec: { controller: "ingress.k8s.aws/alb" },
        },
      ],
    };
    const text = JSON.stringify(list, null, "\t");
    const manifests = parse(text);
    expect(manifests.diagnostics.map(({ code }) => code)).toEqual(["input.no-ingress"]);
    expect(manifests.snapshot.services[0]?.metadata).toEqual({ name: "a", uid: "u-1", namespace: "default" });
    expect(manifests.snapshot.services[0]?.spec?.ports?.[0]?.nodePort).toBe(31000);
    expect(manifests.positions({ kind: "IngressClass", name: "alb" }, "/spec/controller")?.line).toBe(
      text.split("\n").findIndex((line) => line.includes("controller")) + 1,
    );
  });

  it("reads lists of one kind, whose items leave apiVersion and kind out", () => {
    const manifests = parse(
      "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n",
    );
    expect(manifests.snapshot.services.map(({ metadata }) => metadata.name)).toEqual(["a", "b"]);
    expect(manifests.positions({ kind: "Service", namespace: "default", name: "b" }, "")).toEqual({
      file: "m.yaml",
      line: 5,
      column: 3,
    });
  });
});
