/** Where an API server is, and what to show it with each request. */
import type { Agent } from "node:http";

export interface Credentials {
  readonly headers: { readonly [name: string]: string };
  /** Holds client certificate and CA; the same object as long as those stay the same, so that connections are reused. */
  readonly agent?: Agent;
}

export interface Connection {
  /** Base URL; may have a path, as behind some proxies. */
  readonly server: string;
  /** The namespace of the context or of the pod; undefined if neither names one. */
  readonly namespace?: string;
  /** `renew`: the server didn't take the last ones, so nothing kept may be used. */
  readonly credentials: (renew: boolean) => Promise<Credentials>;
}

/** Why there is no way to talk to a cluster: no configuration, or one that can't be used. The message holds no secret. */
export class ConnectionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConnectionError";
  }
}
