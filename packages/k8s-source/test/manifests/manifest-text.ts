/** Pieces of manifests for the tests of this folder. */
import { type Manifests, type ParseOptions, parseManifests } from "../../src/index.ts";

/** Parses one file named `m.yaml`. */
export function parse(text: string, options?: ParseOptions): Manifests {
  return parseManifests([{ file: "m.yaml", text }], options);
}

/** `code line:column` of every diagnostic. */
export function codesAndPlaces({ diagnostics }: Manifests): readonly string[] {
  return diagnostics.map(({ code, at }) => (at === undefined ? code : `${code} ${at.line}:${at.column}`));
}

/** A correct Ingress of seventeen lines, with further lines under `metadata`. */
export function ingressText(name: string, metadataLines: readonly string[] = []): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
${metadataLines.map((line) => `  ${line}\n`).join("")}spec:
  ingressClassName: alb
  rules:
    - host: ${name}.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  number: 80
`;
}

/** Freezes a value and everything in it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
