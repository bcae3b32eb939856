/** The name, or with a number the first that no show has. */
export function freeName(name: string, shows: readonly { readonly name: string }[]): string {
  const taken = new Set(shows.map((show) => show.name));
  for (let copy = 1; ; copy++) {
    const next = copy === 1 ? name : `${name} ${copy}`;
    if (!taken.has(next)) return next;
  }
}
