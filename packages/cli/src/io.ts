/** What the command touches of the outside, so that tests can hand it something else. */
import { createInterface } from "node:readline/promises";
import type { AwsApi } from "@elbplan/aws-executor";
import type { KubernetesApi } from "@elbplan/k8s-source/cluster";

export interface Output {
  readonly isTTY: boolean;
  readonly write: (text: string) => void;
  /** What is behind it, for what draws on a terminal; absent in tests. */
  readonly stream?: NodeJS.WriteStream;
}

export interface Io {
  /** Data, and nothing else. */
  readonly stdout: Output;
  /** Progress, questions, errors. */
  readonly stderr: Output;
  readonly stdin: {
    readonly isTTY: boolean;
    readonly bytes: AsyncIterable<Uint8Array | string>;
  };
  /** Asks on the terminal and returns the answer, without the line break. */
  readonly ask: (question: string) => Promise<string>;
  readonly env: { readonly [name: string]: string | undefined };
  /** Calls `stop` at the first interrupt (Ctrl-C, SIGTERM) and leaves the process at the second. Returns what ends that. */
  readonly onInterrupt: (stop: () => void) => () => void;
  /** What stands for AWS in tests; absent: AWS. */
  readonly aws?: AwsApi;
  /** What stands for the cluster in tests; absent: the one that the options name. */
  readonly kubernetes?: KubernetesApi;
}

/** The process's own streams. A reader that closes early, such as `head`, ends the command without a word. */
export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  return {
    stdout: output(stdout),
    stderr: output(stderr),
    stdin: { isTTY: stdin.isTTY === true, bytes: stdin },
    ask: async (question) => {
      const terminal = createInterface({ input: stdin, output: stderr });
      try {
        return await terminal.question(question);
      } finally {
        terminal.close();
      }
    },
    env: process.env,
    onInterrupt: (stop) => {
      let interrupted = false;
      const handle = (): void => {
        if (interrupted) process.exit(130);
        interrupted = true;
        stop();
      };
      const signals = ["SIGINT", "SIGTERM"] as const;
      for (const signal of signals) process.on(signal, handle);
      return () => {
        for (const signal of signals) process.off(signal, handle);
      };
    },
  };
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    isTTY: stream.isTTY === true,
    write: (text) => {
      stream.write(text);
    },
    stream,
  };
}
