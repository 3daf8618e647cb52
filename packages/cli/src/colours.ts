/** The core's palette in the colours of the terminal. */
import { type Palette, PLAIN } from "@elbplan/core";
import picocolors from "picocolors";
import type { Io, Output } from "./io.ts";

/** Colour only on a terminal, and only if neither `--no-color` nor NO_COLOR (https://no-color.org) forbids it. */
export function paletteFor(output: Output, io: Io, wanted: boolean): Palette {
  const forbidden = (io.env["NO_COLOR"] ?? "") !== "";
  if (!wanted || forbidden || !output.isTTY || io.env["TERM"] === "dumb") return PLAIN;
  const paint = picocolors.createColors(true);
  return {
    create: paint.green,
    update: paint.yellow,
    replace: paint.magenta,
    delete: paint.red,
    error: (text) => paint.bold(paint.red(text)),
    warning: paint.yellow,
    info: paint.cyan,
    strong: paint.bold,
    dim: paint.dim,
  };
}
