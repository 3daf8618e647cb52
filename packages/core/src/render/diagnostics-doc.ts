/** docs/diagnostics.md, made from the table of codes. */
import { type CodeEntry, DIAGNOSTIC_CODES } from "../diagnostics/codes.ts";

/** The page as Markdown: one table an area, codes sorted. */
export function renderDiagnosticsDoc(): string {
  const codes: readonly (readonly [string, CodeEntry])[] = Object.entries(DIAGNOSTIC_CODES);
  const areas = new Map<string, (readonly [string, CodeEntry])[]>();
  for (const entry of codes.toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const area = entry[0].split(".")[0] ?? "";
    areas.set(area, [...(areas.get(area) ?? []), entry]);
  }
  const sections = [...areas].flatMap(([area, entries]) => [
    `## ${area}`,
    "",
    "| code | severity | meaning | what to do |",
    "|---|---|---|---|",
    ...entries.map(
      ([code, { severity, meaning, hint }]) => `| \`${code}\` | ${severity} | ${cell(meaning)} | ${cell(hint)} |`,
    ),
    "",
  ]);
  return [
    "# Diagnostics",
    "",
    "Everything that elbplan can report. A code keeps its meaning; the wording of messages may get better.",
    "An error stops the group concerned and makes the command exit with 1; warnings and infos stop nothing.",
    "",
    "<!-- Made by `npm run docs` from the tables in packages/core/src/diagnostics. Don't edit. -->",
    "",
    ...sections,
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
