/**
 * Takes over the old object of each item that has not changed, so that only rows that did change are drawn again. What
 * comes from the core is fresh JSON each time, and plain JSON is what is compared.
 */
export function keepSame<T>(old: T[], next: readonly T[], keyOf: (item: T) => string): T[] {
  const byKey = new Map(old.map((item) => [keyOf(item), item]));
  const kept = next.map((item) => {
    const before = byKey.get(keyOf(item));
    return before !== undefined && JSON.stringify(before) === JSON.stringify(item) ? before : item;
  });
  return kept.length === old.length && kept.every((item, index) => item === old[index]) ? old : kept;
}

/** `keepSame` against what it gave the last time. */
export function sameKeeper<T>(keyOf: (item: T) => string): (next: readonly T[]) => readonly T[] {
  let last: T[] = [];
  return (next) => (last = keepSame(last, next, keyOf));
}
