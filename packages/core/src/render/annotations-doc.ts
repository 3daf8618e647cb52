/** docs/annotations.md, made from the annotation table. */
import { type AnnotationRow, defaultText, type MergeRule } from "../read/annotation-row.ts";
import { ANNOTATION_PREFIX, ANNOTATIONS } from "../read/annotations.ts";

const MERGE_WORDS: Record<MergeRule, string> = {
  "members-agree": "all that set it must agree",
  "members-agree-per-port": "all on one port must agree",
  joined: "joined",
  own: "each for itself",
};

/** The page as Markdown: one row an annotation, sorted by name. */
export function renderAnnotationsDoc(): string {
  const rows: readonly (readonly [string, AnnotationRow])[] = Object.entries(ANNOTATIONS);
  return [
    "# Annotations",
    "",
    `Every annotation that elbplan knows. All names begin with \`${ANNOTATION_PREFIX}\`.`,
    "",
    "- **on**: an annotation of Ingress and Service may stand on the Service of a backend too, and then the Service's value wins.",
    "- **group**: what happens when several Ingresses of one group set it.",
    "- **class params**: the field of IngressClassParams that replaces it.",
    "",
    "<!-- Made by `npm run docs` from packages/core/src/read/annotations.ts. Don't edit. -->",
    "",
    "| annotation | value | on | group | default | class params | what it does |",
    "|---|---|---|---|---|---|---|",
    ...rows.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, row]) => line(name, row)),
    "",
  ].join("\n");
}

function line(name: string, row: AnnotationRow): string {
  const { grammar, allowed, on, merge, params, family, about } = row;
  const cells = [
    `\`${name}${family === true ? ".<name>" : ""}\``,
    allowed === undefined ? grammar : allowed.map((value) => `\`${value}\``).join(", "),
    on === "ingress" ? "Ingress" : "Ingress, Service",
    MERGE_WORDS[merge],
    defaultText(row),
    params === undefined ? "" : `\`${params}\``,
    about,
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
