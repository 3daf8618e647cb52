import { explainRequest, renderRequestJson, renderRequestText } from "@elbplan/core";
import { paletteFor } from "../colours.ts";
import { readInputs } from "../inputs.ts";
import type { Io } from "../io.ts";
import type { InputOptions, OutputOptions, RequestOptions } from "../options.ts";
import { explainGraph } from "../planning.ts";
import { Refusal } from "../refusal.ts";
import { reportDiagnostics } from "../report.ts";
import { readRequest } from "../request.ts";

/** Shows what becomes of a request: now, if an account or inventory is given, and when all is as it should be. */
export async function explain(
  words: readonly string[],
  options: InputOptions & OutputOptions & RequestOptions,
  io: Io,
): Promise<number> {
  // `-f` takes all that follows, so a request behind it looks like one more file.
  const isRequest = (text: string): boolean => text.includes("://");
  const files = options.filename?.filter((file) => !isRequest(file));
  const text = [...words, ...(options.filename ?? []).filter(isRequest)].join(" ");
  if (text === "") {
    throw new Refusal(
      'explain needs a request, for instance: elbplan explain "GET https://shop.example.com/cart" -f …',
    );
  }
  const request = readRequest(text, options);
  const { filename: _, ...rest } = options;
  const inputs = await readInputs(files === undefined || files.length === 0 ? rest : { ...rest, filename: files }, io);
  const { linearRegex } = await import("@elbplan/core/linear-regex");
  const { graph, provenance } = explainGraph(inputs);
  const explanation = explainRequest(request, {
    desired: graph,
    ...(inputs.accountGiven ? { inventory: inputs.account } : {}),
    provenance,
    positions: inputs.positions,
    certificates: inputs.facts.certificates,
    regex: linearRegex(),
  });
  io.stdout.write(
    options.format === "json"
      ? renderRequestJson(explanation)
      : renderRequestText(explanation, paletteFor(io.stdout, io, options.color)),
  );
  return reportDiagnostics(graph.diagnostics, options, io);
}
