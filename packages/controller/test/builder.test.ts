/** Builds: one at a time, one for a burst, again when they fail; and what is done one after another. */

import { fakeClock, settled } from "@elbplan/testing";
import { describe, expect, it } from "vitest";
import { createBuilder } from "../src/builder.ts";
import { createExclusive } from "../src/exclusive.ts";

function builds(outcome: (number: number) => Promise<void> = async () => {}) {
  const clock = fakeClock();
  const stopping = new AbortController();
  const at: number[] = [];
  const errors: unknown[] = [];
  const builder = createBuilder({
    clock,
    signal: stopping.signal,
    build: () => {
      at.push(clock.now());
      return outcome(at.length);
    },
    onError: (error) => errors.push(error),
  });
  return { clock, builder, at, errors, stop: () => stopping.abort() };
}

describe("a build", () => {
  it("is one for a burst of changes, ten milliseconds after the first", async () => {
    const { clock, builder, at } = builds();
    for (let change = 0; change < 100; change++) builder.request("soon");
    await clock.advance(9);
    builder.request("soon");
    await clock.advance(10_000);
    expect(at).toEqual([10]);
  });

  it("in its time waits a second, unless something hurries", async () => {
    const { clock, builder, at } = builds();
    builder.request("in-time");
    await clock.advance(999);
    expect(at).toEqual([]);
    await clock.advance(1);
    expect(at).toEqual([1000]);
    builder.request("in-time");
    await clock.advance(500);
    builder.request("soon");
    await clock.advance(10_000);
    expect(at).toEqual([1000, 1510]);
  });

  it("doesn't overlap with another; what is asked for meanwhile comes after it", async () => {
    let end = (): void => {};
    const { clock, builder, at } = builds(
      () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    );
    builder.request("soon");
    await clock.advance(10);
    builder.request("soon");
    await clock.advance(1000);
    expect(at).toEqual([10]);
    end();
    await clock.advance(20);
    expect(at).toHaveLength(2);
  });

  it("that fails is tried again, ever more rarely, and told", async () => {
    const { clock, builder, at, errors, stop } = builds(async (number) => {
      if (number < 4) throw new Error(`no answer ${number}`);
    });
    builder.request("soon");
    await clock.advance(60_000);
    expect(errors.map(String)).toEqual(["Error: no answer 1", "Error: no answer 2", "Error: no answer 3"]);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(gaps).toEqual([2000, 3000, 5000]);
    stop();
    builder.request("soon");
    await clock.advance(60_000);
    expect(at).toHaveLength(4);
    await builder.ended();
  });
});

describe("what is done one after another", () => {
  it("waits for those before, whatever becomes of them", async () => {
    const exclusive = createExclusive();
    const log: string[] = [];
    let end = (): void => {};
    const first = exclusive(async () => {
      log.push("first begins");
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      log.push("first ends");
      throw new Error("first fails");
    });
    const second = exclusive(async () => {
      log.push("second");
      return 2;
    });
    await settled();
    expect(log).toEqual(["first begins"]);
    end();
    await expect(first).rejects.toThrow("first fails");
    expect(await second).toBe(2);
    expect(log).toEqual(["first begins", "first ends", "second"]);
  });
});
