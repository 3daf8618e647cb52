/**
 * A proxy between a client and the AWS emulator: records every call, adds latency, lets things go wrong. It listens on
 * the loopback interface and needs nothing but Node.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, errorAnswer, errorCodeOf, failedAnswer, throttledAnswer } from "./answer.ts";
import { type CallName, nameOf } from "./call.ts";
import type { Fault, Faults } from "./faults.ts";

interface RecordedCall extends CallName {
  /** Milliseconds from the last `clear` to the request, and from there to the answer. */
  readonly at: number;
  readonly milliseconds: number;
  /** HTTP status of the answer; absent if none was given. */
  readonly status?: number;
  /** AWS's error code, if it refused. */
  readonly code?: string;
  /** What the proxy let go wrong. */
  readonly fault?: Fault["kind"];
}

/** Told of every call as it passes; may throw nothing. */
interface Observer {
  /** Before a call is carried out. `false` keeps it from being carried out: the connection breaks instead. */
  readonly before?: (call: CallName) => boolean;
  /** After it was carried out, before it is answered. `false` breaks the connection instead. */
  readonly after?: (call: CallName) => boolean;
}

export interface AwsProxy {
  readonly endpoint: string;
  /** All calls since the last `clear`, in the order of their answers. */
  calls(): readonly RecordedCall[];
  /** Forgets calls, what was read, faults and observers; the latency stays. */
  clear(): void;
  /** Milliseconds that every answer is held back. */
  setLatency(milliseconds: number): void;
  setFaults(faults: Faults | undefined): void;
  observe(observer: Observer | undefined): void;
  stop(): Promise<void>;
}

/** Starts a proxy in front of an endpoint. */
export async function startProxy(target: string): Promise<AwsProxy> {
  let latency = 0;
  let faults: Faults | undefined;
  let observer: Observer = {};
  let start = performance.now();
  let calls: RecordedCall[] = [];
  const counts = new Map<string, number>();
  const answered = new Map<string, Answer>();

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming);
    const at = performance.now() - start;
    const call = nameOf(incoming.method ?? "", incoming.url ?? "/", incoming.headers, body.toString());
    const nth = counts.get(call.operation) ?? 0;
    counts.set(call.operation, nth + 1);
    const fault = faults?.(call, nth);
    const forward = (): Promise<Answer> => carryOut(target, incoming, body);
    const answer = (observer.before?.(call) ?? true) ? await answerTo(call, fault, body, forward, answered) : undefined;
    const passes = answer !== undefined && (observer.after?.(call) ?? true);
    const delay = latency + (fault?.kind === "slow" || fault?.kind === "silent" ? fault.milliseconds : 0);
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    calls.push(recordOf(call, at, performance.now() - start - at, passes ? answer : undefined, fault));
    if (passes) send(response, answer);
    else if (fault?.kind !== "hung") incoming.socket.destroy();
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => [...calls],
    clear: () => {
      calls = [];
      counts.clear();
      answered.clear();
      faults = undefined;
      observer = {};
      start = performance.now();
    },
    setLatency: (milliseconds) => {
      latency = milliseconds;
    },
    setFaults: (given) => {
      faults = given;
    },
    observe: (given = {}) => {
      observer = given;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The answer after what goes wrong; undefined if the connection breaks. */
async function answerTo(
  call: CallName,
  fault: Fault | undefined,
  body: Buffer,
  forward: () => Promise<Answer>,
  answered: Map<string, Answer>,
): Promise<Answer | undefined> {
  switch (fault?.kind) {
    case "throttled":
      return throttledAnswer(call);
    case "refused":
      return errorAnswer(call, 400, fault.code);
    case "failed":
      if (fault.carriedOut) await forward();
      return failedAnswer(call);
    case "reset":
    case "silent":
    case "hung":
      if (fault.carriedOut) await forward();
      return undefined;
    case "stale":
    case "slow":
    case undefined: {
      const key = `${call.service} ${call.operation} ${body.toString()}`;
      const before = answered.get(key);
      if (fault?.kind === "stale" && before !== undefined) return before;
      const answer = await forward();
      if (!call.write && answer.status < 400) answered.set(key, answer);
      return answer;
    }
  }
}

function recordOf(
  call: CallName,
  at: number,
  milliseconds: number,
  answer: Answer | undefined,
  fault: Fault | undefined,
): RecordedCall {
  const code = answer && errorCodeOf(answer);
  return {
    ...call,
    at,
    milliseconds,
    ...(answer === undefined ? {} : { status: answer.status }),
    ...(code === undefined ? {} : { code }),
    ...(fault === undefined ? {} : { fault: fault.kind }),
  };
}

function carryOut(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { connection: _, "accept-encoding": __, ...headers } = incoming.headers;
  return new Promise((resolve, reject) => {
    const options = { method: incoming.method ?? "GET", headers };
    const outgoing = request(new URL(incoming.url ?? "/", target), options, (response) => {
      const { connection: ___, "transfer-encoding": ____, ...rest } = response.headers;
      bodyOf(response).then(
        (answer) => resolve({ status: response.statusCode ?? 500, headers: rest, body: answer }),
        reject,
      );
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
  response.writeHead(status, { "content-length": body.length });
  response.end(body);
}
