/** How an API that only answers is put together: operations by name, errors, pages. */

/** A request's or an answer's fields, names as in AWS's API. */
export type Fields = { readonly [field: string]: unknown };

export type Operations = { readonly [operation: string]: (input: Fields) => Fields };

/** An error as `@elbplan/aws-executor` throws and knows it. */
export class FakeAwsError extends Error {
  readonly code: string;
  readonly outcome = "refused";
  operation = "";

  constructor(code: string, message: string) {
    super(message);
    this.name = "AwsError";
    this.code = code;
  }
}

/** Names of tokens and limits of one service. */
export interface Paging {
  readonly ask: string;
  readonly next: string;
  readonly size: string;
  readonly most: number;
}

/** One page of a list, at most `pageSize` long whatever was asked for; AWS may always give less than it could. */
export function page<T>(
  input: Fields,
  field: string,
  items: readonly T[],
  { ask, next, size, most }: Paging,
  pageSize: number,
): Fields {
  const asked = input[size] ?? most;
  if (typeof asked !== "number" || asked < 1 || asked > most) {
    throw new FakeAwsError("ValidationError", `${size} must be 1 to ${most}`);
  }
  const from = Number(input[ask] ?? 0);
  const to = from + Math.min(asked, pageSize);
  return { [field]: items.slice(from, to), ...(to < items.length && { [next]: String(to) }) };
}

export function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** AWS's list of tags, or attributes. */
export function keyValues(map: { readonly [key: string]: string } = {}): readonly Fields[] {
  return Object.entries(map).map(([Key, Value]) => ({ Key, Value }));
}
