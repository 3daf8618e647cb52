/** A function that remembers what it made last. */

/**
 * Makes the same thing of the same object, and makes it again only when it is given another object than last time; then
 * `make` is told what it made before.
 */
export function keepLast<K extends object, V>(make: (from: K, before?: V) => V): (from: K) => V {
  let last: { readonly from: K; readonly made: V } | undefined;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from, last?.made) };
    return last.made;
  };
}
