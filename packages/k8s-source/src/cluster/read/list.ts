/** Lists the objects of a kind, page by page. */
import type { Diagnostic, ObjectRef } from "@elbplan/core";
import { isPlainObject } from "../../manifests/object-schema.ts";
import { requestName } from "../api/http-exchange.ts";
import type { KubernetesApi, KubernetesRequest } from "../api/kubernetes-api.ts";
import { isExpired, KubernetesError } from "../api/kubernetes-error.ts";
import { type ClusterKind, pathOf } from "../kinds.ts";
import { arrive, type ClusterObject } from "./arrival.ts";

/** What `limit` says; client-go asks for as many. */
const PAGE_SIZE = 500;

export interface ListOptions {
  /** All namespaces if absent. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
  /** As it was at this resource version, exactly; as it is now if absent. */
  readonly at?: string;
  readonly signal?: AbortSignal;
  readonly pageSize?: number;
}

export interface Listed {
  readonly objects: readonly ClusterObject[];
  readonly invalid: readonly { readonly diagnostic: Diagnostic; readonly ref?: ObjectRef }[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
}

/**
 * All objects of a kind at one moment. Each is trimmed as it arrives, so that a page is the most that is ever held
 * whole. Rejects with a KubernetesError.
 */
export async function listObjects(api: KubernetesApi, kind: ClusterKind, options: ListOptions = {}): Promise<Listed> {
  try {
    return await listPages(api, kind, options, options.pageSize ?? PAGE_SIZE);
  } catch (error) {
    // Between two pages the server may have dropped the moment that the first showed: then all in one answer.
    if (!isExpired(error) || options.at !== undefined) throw error;
    return listPages(api, kind, options, undefined);
  }
}

async function listPages(
  api: KubernetesApi,
  kind: ClusterKind,
  { namespace, fieldSelector, at, signal }: ListOptions,
  limit: number | undefined,
): Promise<Listed> {
  const objects: ClusterObject[] = [];
  const invalid: Listed["invalid"][number][] = [];
  const path = pathOf(kind, namespace);
  let token: string | undefined;
  let resourceVersion = "";
  do {
    // The token stands for the moment too, and the server refuses both together.
    const moment =
      at === undefined || token !== undefined ? {} : { resourceVersion: at, resourceVersionMatch: "Exact" };
    const request: KubernetesRequest = {
      method: "GET",
      path,
      query: { limit, continue: token, fieldSelector, ...moment },
    };
    const page = pageOf(request, await api.call(request, signal && { signal }));
    for (const item of page.items) {
      const arrival = arrive(kind, item);
      if ("object" in arrival) objects.push(arrival.object);
      else invalid.push({ diagnostic: arrival.invalid, ...(arrival.ref && { ref: arrival.ref }) });
    }
    ({ token, resourceVersion } = page);
  } while (token !== undefined);
  return { objects, invalid, resourceVersion };
}

function pageOf(
  request: KubernetesRequest,
  answer: unknown,
): { readonly items: readonly unknown[]; readonly token: string | undefined; readonly resourceVersion: string } {
  const { items, metadata } = isPlainObject(answer) ? answer : {};
  const { continue: token, resourceVersion } = isPlainObject(metadata) ? metadata : {};
  const hasItems = Array.isArray(items) || items === null;
  if (!hasItems || typeof resourceVersion !== "string" || resourceVersion === "") {
    throw new KubernetesError(`${requestName(request)}: the answer is no list`, { outcome: "unknown" });
  }
  return {
    items: items ?? [],
    token: typeof token === "string" && token !== "" ? token : undefined,
    resourceVersion,
  };
}
