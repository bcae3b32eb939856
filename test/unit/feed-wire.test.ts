import { expect, test } from 'vitest';
import { SampleClock } from '../../src/core/feeds/sample-clock.ts';
import {
  encodeJson,
  encodeSound,
  FrameReader,
  FramingError,
  type SoundBlock,
} from '../../src/core/feeds/wire/framing.ts';

const read = (chunks: readonly Buffer[]): unknown[] => {
  const got: unknown[] = [];
  const reader = new FrameReader();
  for (const chunk of chunks)
    reader.push(chunk, { onJson: (value) => got.push(value), onSound: (block: SoundBlock) => got.push(block) });
  return got;
};

test('messages survive every way of being cut', () => {
  const block = { streamId: 7, firstSample: 2 ** 40, samples: Int16Array.from([0, 1, -1, 32767, -32768]) };
  const bytes = Buffer.concat([encodeJson({ text: 'Zoë' }), encodeSound(block), encodeJson({ last: true })]);
  const whole = [{ text: 'Zoë' }, block, { last: true }];
  expect(read([bytes])).toEqual(whole);
  expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
  for (let cut = 1; cut < bytes.length; cut++)
    expect(read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
});

test('what breaks the framing is refused at its header, before anything is kept', () => {
  for (const hex of ['ffffffff', '00000000', '0200000009ff', '0400000001616263'])
    expect(() => read([Buffer.from(hex, 'hex')])).toThrow(FramingError);
  expect(() => encodeJson({ text: 'x'.repeat(1024 * 1024) })).toThrow(FramingError);
});

/** Blocks of 10 ms that arrive at these times. */
const numbersAt = (times: readonly number[]): number[] => {
  const clock = new SampleClock();
  return times.map((ms) => clock.number(480, ms));
};
const steady = (count: number, fromMs = 0, everyMs = 10): number[] =>
  Array.from({ length: count }, (_none, index) => fromMs + index * everyMs);

test('late blocks, a burst and a slow drift change nothing in the count', () => {
  const jittered = steady(500).map((ms, index) => ms + (index % 7) * 12);
  expect(numbersAt(jittered)).toEqual(jittered.map((_ms, index) => index * 480));
  // 2 s of silence on the wire, then all of it at once.
  const burst = [...steady(100), ...steady(200).map(() => 3_000), ...steady(100, 3_010)];
  expect(numbersAt(burst)).toEqual(burst.map((_ms, index) => index * 480));
  // Half an hour of a clock that is wrong by 200 parts in a million: 360 ms.
  const drifting = steady(180_000, 0, 10.002);
  expect(numbersAt(drifting).at(-1)).toBe(179_999 * 480);
});

test('what stays missing is a jump by what is missing', () => {
  const lossy = [...steady(100), ...steady(300, 1_000 + 2_000)];
  const numbers = numbersAt(lossy);
  const jumps = numbers.flatMap((number, index) => {
    const step = number - (numbers[index - 1] ?? number - 480) - 480;
    return step === 0 ? [] : [step];
  });
  expect(jumps).toHaveLength(1);
  expect(jumps[0]).toBeGreaterThan(1_990 * 48);
  expect(jumps[0]).toBeLessThanOrEqual(2_000 * 48);
});
