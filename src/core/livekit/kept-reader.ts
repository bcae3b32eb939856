/** Some 15 MB of jobs; the rest of a longer list is read each time. */
const mostKept = 5_000;

/** Reads the items of a list. */
export type ListReader<T> = (items: readonly unknown[]) => readonly T[];

/**
 * A reader of a list that is asked for again and again: what was in it before, word for word, is not read anew. Of a hundred
 * jobs few change between two looks, and to read one costs ten times what comparing it does (measured).
 */
export function keptReader<T>(read: (item: unknown) => T, limit = mostKept): ListReader<T> {
  let before = new Map<string, T>();
  return (items) => {
    const now = new Map<string, T>();
    const all = items.map((item) => {
      const text = JSON.stringify(item);
      const known = before.get(text) ?? read(item);
      if (now.size < limit) now.set(text, known);
      return known;
    });
    before = now;
    return all;
  };
}
