import { groupTaps, lanes, stepBits, type TapGroup } from './int16-taps.ts';
import { moduleOf, wasm, type Code } from './wasm-code.ts';

/** The part of the standard that is used here; the types of Node lack it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
};

const vectorBytes = 2 * lanes;
/** Answers of one turn. They share the loads of the taps; the sums of more would not fit into the registers. */
const tile = 8;
const pageBytes = 65_536;

export interface FirKernel {
  /** Where the sound goes; nothing else writes to it. */
  readonly input: Int16Array;
  /** Where the answers are; those from `count` on have no meaning. */
  readonly output: Int16Array;
  /** Answers `count` times: to as many samples as there are taps, from `from` on, and each time `step` further. */
  run(from: number, count: number): void;
}

/**
 * A filter of 16-bit sound in WebAssembly, where one instruction multiplies eight samples; JavaScript has none such. Its code
 * is written for its taps, without a loop over them. It keeps nothing of a stream, so that one serves all.
 */
export function firKernel(options: {
  readonly taps: Float64Array;
  readonly step: number;
  readonly maxInput: number;
}): FirKernel {
  const { taps, step, maxInput } = options;
  const groups = groupTaps(taps);
  const vectors = groups.flatMap((group) => group.vectors);
  const inputAt = vectors.length * vectorBytes;
  const outputAt = inputAt + 2 * (maxInput + tile * step + lanes); // the last turn and the last vector reach beyond the input
  const outputLength = Math.ceil(maxInput / step) + tile;
  const code = moduleOf({
    name: 'run',
    parameters: 3,
    vectors: 2 * tile + 1,
    pages: Math.ceil((outputAt + 2 * outputLength) / pageBytes),
    body: turns(groups, step),
  });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code));
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer }; // it never grows: views of it stay
  const run = exports['run'] as (from: number, to: number, end: number) => void;
  for (const [index, vector] of vectors.entries()) new Int16Array(buffer, index * vectorBytes, lanes).set(vector.taps);
  return {
    input: new Int16Array(buffer, inputAt, maxInput),
    output: new Int16Array(buffer, outputAt, outputLength),
    run: (from, count) => {
      if (count > 0) run(inputAt + 2 * from, outputAt, outputAt + 2 * count);
    },
  };
}

const [from, to, end] = [0, 1, 2] as const; // the parameters of `run`
/** For each answer of a turn: four sums in int32 of the present group, and four in float of all groups. */
const sum = (answer: number): number => 3 + answer;
const total = (answer: number): number => 3 + tile + answer;
/** The taps that all answers of a turn are multiplied with. */
const shared = 3 + 2 * tile;
const answers = Array.from({ length: tile }, (_value, answer) => answer);

/** Turns of `tile` answers until `to` has reached `end`. */
function turns(groups: readonly TapGroup[], step: number): Code {
  let tapsAt = 0;
  const summed = groups.map(({ vectors, unit }, group) => [
    vectors.map(({ at }, index) => [
      [wasm.int32(0), wasm.load(vectorBytes * tapsAt++), wasm.set(shared)],
      answers.map((answer) => [
        [wasm.get(from), wasm.load(2 * (step * answer + at)), wasm.get(shared), wasm.multiplyPairs],
        index === 0 ? [] : [wasm.get(sum(answer)), wasm.addInt32],
        wasm.set(sum(answer)),
      ]),
    ]),
    answers.map((answer) => [
      [wasm.get(sum(answer)), wasm.floatOfInt32],
      unit === 1 ? [] : [wasm.float32(unit), wasm.multiplyFloat],
      group === 0 ? [] : [wasm.get(total(answer)), wasm.addFloat],
      wasm.set(total(answer)),
    ]),
  ]);
  return wasm.repeat([
    summed,
    [wasm.get(to), wholeOfFour(0), wholeOfFour(4), wasm.int16OfInt32, wasm.store],
    [wasm.get(from), wasm.int32(2 * step * tile), wasm.add, wasm.set(from)],
    [wasm.get(to), wasm.int32(2 * tile), wasm.add, wasm.set(to)],
    [wasm.get(to), wasm.get(end), wasm.isLess],
  ]);
}

/** Four answers as int32: each is the sum of its four totals, in steps of the taps. */
function wholeOfFour(first: number): Code {
  const [a, b, c, d] = [total(first), total(first + 1), total(first + 2), total(first + 3)] as const;
  const add = (left: number, right: number, low: readonly number[], high: readonly number[]): Code => [
    [wasm.get(left), wasm.get(right), wasm.shuffle(low)],
    [wasm.get(left), wasm.get(right), wasm.shuffle(high), wasm.addFloat],
  ];
  return [
    [add(a, b, [0, 4, 1, 5], [2, 6, 3, 7]), wasm.set(a)], // a0 + a2, b0 + b2, a1 + a3, b1 + b3
    [add(c, d, [0, 4, 1, 5], [2, 6, 3, 7]), wasm.set(c)],
    add(a, c, [0, 1, 4, 5], [2, 3, 6, 7]), // all of a, all of b, all of c, all of d
    [wasm.float32(2 ** -stepBits), wasm.multiplyFloat, wasm.nearest, wasm.int32OfFloat],
  ];
}
