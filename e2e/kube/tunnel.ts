/** A way to the API server on which connections break, fall silent or are refused. */
import { createServer, connect as openSocket, type Server, type Socket } from "node:net";
import type { Connection } from "@elbplan/k8s-source/cluster";
import type { ApiServer } from "./api-server.ts";

export interface Tunnel {
  readonly connection: Connection;
  /** Connections that were asked for so far. */
  readonly attempts: () => number;
  readonly breakAll: () => void;
  /** Existing connections say nothing more. */
  readonly stall: () => void;
  readonly refuse: () => void;
  readonly accept: () => void;
  readonly close: () => Promise<void>;
}

/** Opens a way to the API server on which things go wrong. */
export async function tunnel({ connection }: Pick<ApiServer, "connection">): Promise<Tunnel> {
  const target = Number(new URL(connection.server).port);
  const pairs = new Set<readonly [Socket, Socket]>();
  let attempts = 0;
  let refuses = false;
  const listener: Server = createServer((near) => {
    attempts++;
    if (refuses) return void near.destroy();
    const far = openSocket(target, "127.0.0.1");
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far);
    far.pipe(near);
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", () => {
        pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as { readonly port: number };
  const breakAll = (): void => {
    for (const [near, far] of pairs) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    connection: { ...connection, server: `https://127.0.0.1:${port}` },
    attempts: () => attempts,
    breakAll,
    stall: () => {
      for (const [near, far] of pairs) {
        far.unpipe(near);
        far.resume();
      }
    },
    refuse: () => {
      refuses = true;
      breakAll();
    },
    accept: () => {
      refuses = false;
    },
    close: async () => {
      breakAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
