/** The name of an image of egress by its number: 0, 1, 2 ... without a hole (measured: `i_00000.jpeg` is the first one). */
export const imageName = (prefix: string, number: number): string =>
  `${prefix}_${String(number).padStart(5, '0')}.jpeg`;
/** The one that is written over, where only the newest is kept. */
export const newestImageName = (prefix: string): string => `${prefix}.jpeg`;
