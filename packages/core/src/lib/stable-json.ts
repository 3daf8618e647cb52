/** One text for equal data: JSON without spaces and with sorted keys. */

/** Canonical JSON: keys in ascending order, undefined fields left out. Lists keep their order, for it carries meaning. */
export function stableJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const item: unknown = (value as { readonly [key: string]: unknown })[key];
    if (item !== undefined) fields.push(`${JSON.stringify(key)}:${stableJson(item)}`);
  }
  return `{${fields.join(",")}}`;
}
