import type { IncomingMessage } from "node:http";
import { failure, requestName } from "./http-exchange.ts";
import type { KubernetesRequest } from "./kubernetes-api.ts";
import { KubernetesError } from "./kubernetes-error.ts";

/** Several times what etcd stores of one object at most. */
const MAX_LINE = 32 * 1024 * 1024;

/**
 * The lines of an answer as they come, without empty ones; `onData` is called for every chunk. A last line that no line
 * feed ends was cut off, and is left out. Throws when the connection breaks, and for a line without an end.
 */
export async function* linesOf(
  request: KubernetesRequest,
  response: IncomingMessage,
  onData: () => void,
): AsyncGenerator<string, void> {
  response.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      onData();
      rest += chunk;
      let end = rest.indexOf("\n", rest.length - chunk.length);
      let from = 0;
      while (end >= 0) {
        const line = rest.slice(from, end).trim();
        if (line !== "") yield line;
        from = end + 1;
        end = rest.indexOf("\n", from);
      }
      rest = rest.slice(from);
      if (rest.length > MAX_LINE) {
        throw new KubernetesError(`${requestName(request)}: a line of more than ${MAX_LINE} characters`, {
          outcome: "unknown",
          reason: "Unreadable",
        });
      }
    }
  } catch (error) {
    throw error instanceof KubernetesError ? error : failure(request, error);
  }
}
