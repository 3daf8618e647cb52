import { clusterKind, pathOf } from "../kinds.ts";

/** What it takes to name an object of a kind that is read. */
export interface NamedObject {
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid?: string };
}

/** The path of an object in the API. */
export function pathOfObject({ kind, metadata: { namespace, name } }: NamedObject, subresource?: string): string {
  const path = pathOf(clusterKind(kind), namespace, name);
  return subresource === undefined ? path : `${path}/${subresource}`;
}
