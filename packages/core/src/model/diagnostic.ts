/** Something to tell the user, as data. Codes and their explanations live in `diagnostics/`. */
import type { ObjectRef, Position } from "./snapshot.ts";

export type Severity = "error" | "warning" | "info";

export interface Diagnostic {
  /** Stable; one row of the table that makes docs/diagnostics.md. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence, naming the offending value. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The Kubernetes object at fault. */
  readonly object?: ObjectRef;
  /** JSON pointer into that object (`/metadata/annotations/alb.ingress.kubernetes.io~1scheme`), or into the file if there is no object. */
  readonly field?: string;
  /** Where it stands, if the object came from a file. */
  readonly at?: Position;
  /** The stack (group) concerned. */
  readonly stack?: string;
  /** Key of the resource concerned. */
  readonly resource?: string;
}
