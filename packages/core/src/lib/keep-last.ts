/** A function that remembers what it made last. */

/** Makes the same thing of the same object, and makes it again only when it is given another object than last time. */
export function keepLast<K extends object, V>(make: (from: K) => V): (from: K) => V {
  let last: { readonly from: K; readonly made: V } | undefined;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from) };
    return last.made;
  };
}
