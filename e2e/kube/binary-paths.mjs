/** Where the servers that the tests talk to are kept, and their versions. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const KUBERNETES = "1.36.2";
/** Under etcd 3.4 the API server holds back the headers of a watch until its first event. */
export const ETCD = "3.6.8";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of all versions: `.cache/kube`, or the one that ELBPLAN_KUBE_CACHE names. */
export function cacheFolder() {
  return process.env["ELBPLAN_KUBE_CACHE"] || join(root, ".cache/kube");
}

/** One folder a version and platform; the files may not be there yet. */
export function binaryPaths() {
  const platform = `${process.platform}-${process.arch}`;
  return {
    apiserver: join(cacheFolder(), `kube-apiserver-${KUBERNETES}-${platform}`, "kube-apiserver"),
    etcd: join(cacheFolder(), `etcd-${ETCD}-${platform}`, "etcd"),
  };
}
