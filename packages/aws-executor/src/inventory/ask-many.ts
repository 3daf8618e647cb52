import { chunks } from "@elbplan/core";

/**
 * Asks for many things by name, so many in a call. One that is gone refuses a whole call, which answers `undefined`: then
 * its names are asked for in halves. What is gone is missing.
 */
export async function askMany<T>(
  names: readonly string[],
  most: number,
  ask: (names: readonly string[]) => Promise<readonly T[] | undefined>,
): Promise<readonly T[]> {
  const answers = await Promise.all(
    chunks(names, most).map(async (chunk) => {
      const answer = await ask(chunk);
      if (answer !== undefined || chunk.length === 1) return answer ?? [];
      return askMany(chunk, Math.ceil(chunk.length / 2), ask);
    }),
  );
  return answers.flat();
}
