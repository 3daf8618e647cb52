import { describe, expect, it } from "vitest";
import { separateLbcFlags } from "../src/lbc-flags.ts";
import { makeProgram } from "../src/program.ts";

const silent = { isTTY: false, write: (): void => {} };
const program = makeProgram(
  {
    stdout: silent,
    stderr: silent,
    stdin: { isTTY: false, bytes: (async function* () {})() },
    ask: async () => "",
    env: {},
    onInterrupt: () => () => {},
  },
  () => {},
);

describe("separateLbcFlags", () => {
  it.each([
    { name: "none", argv: ["plan", "-f", "a"], rest: ["plan", "-f", "a"], flags: {} },
    {
      name: "with an equals sign",
      argv: ["plan", "--cluster-name=a", "-f", "b"],
      rest: ["plan", "-f", "b"],
      flags: { "cluster-name": "a" },
    },
    {
      name: "with the value as next argument",
      argv: ["plan", "--default-tags", "a=b,c=d", "-f", "b"],
      rest: ["plan", "-f", "b"],
      flags: { "default-tags": "a=b,c=d" },
    },
    {
      name: "equals signs in the value",
      argv: ["plan", "--feature-gates=A=true"],
      rest: ["plan"],
      flags: { "feature-gates": "A=true" },
    },
    {
      name: "a boolean alone",
      argv: ["plan", "--enable-waf", "-f", "b"],
      rest: ["plan", "-f", "b"],
      flags: { "enable-waf": "true" },
    },
    { name: "a boolean set", argv: ["plan", "--enable-waf=false"], rest: ["plan"], flags: { "enable-waf": "false" } },
    {
      name: "the last wins",
      argv: ["plan", "--cluster-name=a", "--cluster-name=b"],
      rest: ["plan"],
      flags: { "cluster-name": "b" },
    },
    {
      name: "flags that change no plan",
      argv: ["plan", "--log-level", "debug"],
      rest: ["plan"],
      flags: { "log-level": "debug" },
    },
    { name: "an unknown flag stays", argv: ["plan", "--nonsense", "x"], rest: ["plan", "--nonsense", "x"], flags: {} },
    {
      name: "our own flags stay",
      argv: ["plan", "--facts", "f", "--no-color", "--format=json"],
      rest: ["plan", "--facts", "f", "--no-color", "--format=json"],
      flags: {},
    },
    {
      name: "nothing after two dashes",
      argv: ["apply", "--cluster-name=a", "--", "--cluster-name=b"],
      rest: ["apply", "--", "--cluster-name=b"],
      flags: { "cluster-name": "a" },
    },
    {
      name: "a request behind a boolean",
      argv: ["explain", "--enable-waf", "GET http://a/"],
      rest: ["explain", "GET http://a/"],
      flags: { "enable-waf": "true" },
    },
    { name: "no command", argv: ["--cluster-name=a"], rest: ["--cluster-name=a"], flags: {} },
  ])("$name", async ({ argv, rest, flags }) => {
    expect(await separateLbcFlags(argv, program)).toEqual({ rest, flags });
  });

  it.each([
    { name: "no value", argv: ["plan", "--cluster-name"], why: "--cluster-name needs a value" },
    { name: "an option for a value", argv: ["plan", "--cluster-name", "--facts", "f"], why: "--facts follows it" },
    {
      name: "a word behind a boolean",
      argv: ["plan", "-f", "a", "--enable-shield", "maybe"],
      why: '"maybe" after --enable-shield is one argument too many; to set the flag write --enable-shield=maybe',
    },
    {
      name: "a word behind a value",
      argv: ["plan", "-f", "a", "--cluster-name=a", "b"],
      why: '"b" after --cluster-name is one argument too many.',
    },
  ])("refuses $name", async ({ argv, why }) => {
    await expect(separateLbcFlags(argv, program)).rejects.toThrow(why);
  });
});
