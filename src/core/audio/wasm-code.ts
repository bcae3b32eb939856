/** Instructions of WebAssembly as the bytes of its binary format (https://webassembly.github.io/spec/core/binary). */
export type Code = number | readonly Code[];

const simd = (instruction: number, ...rest: readonly Code[]): Code => [0xfd, unsigned(instruction), rest];

/**
 * The words that a filter is written in. Operands come first, as on every stack machine. A vector has 128 bit; whatever is no
 * vector is an int32.
 */
export const wasm = {
  get: (local: number): Code => [0x20, unsigned(local)],
  set: (local: number): Code => [0x21, unsigned(local)],
  int32: (value: number): Code => [0x41, signed(value)],
  add: 0x6a,
  isLess: 0x48,
  /** Runs `body`, and again as long as it leaves something other than 0. */
  repeat: (body: Code): Code => [0x03, 0x40, body, 0x0d, 0, 0x0b],
  /** A vector from `offset` bytes behind the address, which need not be aligned. */
  load: (offset: number): Code => simd(0x00, 0, unsigned(offset)),
  store: simd(0x0b, 0, 0),
  /** Four of the lanes of 32 bit of two vectors; those of the second are 4 to 7. */
  shuffle: (lanes: readonly number[]): Code =>
    simd(
      0x0d,
      lanes.map((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
    ),
  /** The same in all four lanes. */
  float32: (value: number): Code => simd(0x0c, [...new Uint8Array(new Float32Array(4).fill(value).buffer)]),
  /** Eight products of int16, those of neighbours added: four int32. */
  multiplyPairs: simd(0xba),
  addInt32: simd(0xae),
  addFloat: simd(0xe4),
  multiplyFloat: simd(0xe6),
  floatOfInt32: simd(0xfa),
  /** Rounds, and stays a float. */
  nearest: simd(0x6a),
  /** Clips instead of wrapping. */
  int32OfFloat: simd(0xf8),
  /** The eight int32 of two vectors; clips too. */
  int16OfInt32: simd(0x85),
} as const;

/** The bytes of a module: a memory and one function that takes int32 and returns nothing, both exported. */
export function moduleOf(options: {
  readonly name: string;
  readonly parameters: number;
  /** How many locals are vectors; their numbers follow those of the parameters. */
  readonly vectors: number;
  /** Of the memory, 64 KB each. */
  readonly pages: number;
  readonly body: Code;
}): Uint8Array {
  const { name, parameters, vectors, pages, body } = options;
  const list = (...items: readonly Code[]): Code => [unsigned(items.length), items];
  const sized = (content: Code): Code => list(...flat(content));
  const exported = (label: string, kind: number): Code => [sized([...new TextEncoder().encode(label)]), kind, 0];
  const int32 = 0x7f;
  const vector = 0x7b;
  const types = list([0x60, list(...Array<Code>(parameters).fill(int32)), list()]);
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
      [1, sized(types)],
      [3, sized(list(0))], // the one function has the first type
      [5, sized(list([0, unsigned(pages)]))],
      [7, sized(list(exported('memory', 2), exported(name, 0)))],
      [10, sized(list(sized([list([unsigned(vectors), vector]), body, 0x0b])))],
    ]),
  );
}

function flat(code: Code, into: number[] = []): number[] {
  if (typeof code === 'number') into.push(code);
  else for (const part of code) flat(part, into);
  return into;
}

/** LEB128: seven bits in a byte, the low ones first; all but the last byte are marked. */
function unsigned(value: number): readonly number[] {
  return value > 0x7f ? [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)] : [value];
}
function signed(value: number): readonly number[] {
  return value < -0x40 || value > 0x3f ? [(value & 0x7f) | 0x80, ...signed(value >> 7)] : [value & 0x7f];
}
