import { spawn } from "node:child_process";

/** Runs a command to its end and returns its output; throws with `failure` and the end of the output if it fails. */
export function run(command: string, args: readonly string[], failure: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    const fail = (reason: string): void => reject(new Error(`${failure} (${reason}).\n${tail(output)}`));
    child.on("error", ({ message }) => fail(message));
    child.on("close", (code) => (code === 0 ? resolve(output) : fail(`exit code ${code}`)));
  });
}

/** The last lines, without passwords in addresses. */
function tail(output: string): string {
  return output
    .trim()
    .split("\n")
    .slice(-20)
    .join("\n")
    .replace(/\/\/[^/@\s]+@/g, "//***@");
}
