/** Each is a request of its own: of a longer list the first and the last ones are looked at. */
const maxLooked = 200;
const atOnce = 8;

/** Looks for each of a list, or for the first and last ones of a long one. `of` says how many, for a sentence. */
export async function sampleOf<T>(names: readonly string[], look: (name: string) => Promise<T>) {
  const half = maxLooked / 2;
  const looked = names.length <= maxLooked ? names : [...names.slice(0, half), ...names.slice(-half)];
  const marks: T[] = [];
  for (let from = 0; from < looked.length; from += atOnce)
    marks.push(...(await Promise.all(looked.slice(from, from + atOnce).map(look))));
  const of = looked.length === names.length ? `${names.length}` : `${looked.length} looked at, of ${names.length}`;
  return { looked, marks, of };
}
