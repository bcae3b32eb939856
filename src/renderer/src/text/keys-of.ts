/** The keys of a literal of the catalogue, as its type has them. */
export const keysOf = <T extends object>(literal: T): readonly (keyof T & string)[] =>
  Object.keys(literal) as (keyof T & string)[]; // a literal has no keys but those of its type
