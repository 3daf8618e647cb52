/** Where a value comes from: the object and field that caused it. */
import type { ObjectRef, Position } from "./snapshot.ts";

export interface Source {
  /** The object that holds the value; absent for a default, a setting or a fact. */
  readonly object?: ObjectRef;
  /** JSON pointer into that object, or the name of the flag or default. */
  readonly field: string;
  readonly at?: Position;
}

/** Sources of one stack, by `<resource key>#<JSON pointer into the resource's spec>`; `<resource key>#` is the resource as a whole. */
export type Provenance = { readonly [place: string]: Source };
