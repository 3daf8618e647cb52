/** What a path of the API means. */

export interface ResourcePath {
  /** `group/plural`, for instance `networking.k8s.io/ingresses`; `/pods` in the core group. */
  readonly resource: string;
  readonly group: string;
  readonly plural: string;
  readonly apiVersion: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Parses a path such as `/apis/networking.k8s.io/v1/namespaces/shop/ingresses/web/status`; undefined for any other. */
export function parsePath(path: string): ResourcePath | undefined {
  const steps = path.split("/").slice(1).map(decodeURIComponent);
  const isCore = steps[0] === "api";
  if (!isCore && steps[0] !== "apis") return undefined;
  const group = isCore ? "" : (steps[1] ?? "");
  const version = steps[isCore ? 1 : 2] ?? "";
  const rest = steps.slice(isCore ? 2 : 3);
  // `/api/v1/namespaces/shop` is a Namespace, `/api/v1/namespaces/shop/pods` are the Pods in it.
  const isNamespaced = rest[0] === "namespaces" && rest.length > 2;
  const [plural, name, subresource] = isNamespaced ? rest.slice(2) : rest;
  if (plural === undefined) return undefined;
  return {
    resource: `${group}/${plural}`,
    group,
    plural,
    apiVersion: isCore ? version : `${group}/${version}`,
    ...(isNamespaced && { namespace: rest[1] ?? "" }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}
