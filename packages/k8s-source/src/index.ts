/** Reads Kubernetes objects for elbplan: manifests now, clusters by subpath. */
export {};
