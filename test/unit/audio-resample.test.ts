import { describe, expect, it } from 'vitest';
import { lowPass, tapCount } from '../../src/core/audio/low-pass.ts';
import { resampleDelaySamples, Resampler48To16 } from '../../src/core/audio/resample.ts';

const amplitude = 30_000;
const sine = (hz: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_value, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * index) / 48_000)),
  );

function resample(input: Int16Array, blockOf: (index: number) => number = () => 480): Int16Array {
  const resampler = new Resampler48To16();
  const output = new Int16Array(Math.ceil(input.length / 3) + 1);
  let written = 0;
  for (let from = 0, index = 0; from < input.length; index++) {
    const block = input.subarray(from, from + Math.max(1, blockOf(index)));
    const expected = resampler.outputCount(block.length);
    const count = resampler.process(block, output, written);
    expect(count).toBe(expected);
    written += count;
    from += block.length;
  }
  return output.subarray(0, written);
}

/** The same by the definition of a filter, in double precision, neither rounded nor clipped. */
function filtered(input: Int16Array): readonly number[] {
  const taps = lowPass();
  return Array.from({ length: Math.ceil(input.length / 3) }, (_value, index) =>
    taps.reduce((sum, tap, back) => sum + tap * (input[3 * index - back] ?? 0), 0),
  );
}

/** Amplitude of one frequency by correlation over whole periods, without the settling of the filter. */
function amplitudeAt(samples: Int16Array, hz: number, rateHz: number): number {
  const steady = samples.subarray(200, 200 + 16_000);
  let cos = 0;
  let sin = 0;
  steady.forEach((value, index) => {
    const angle = (2 * Math.PI * hz * index) / rateHz;
    cos += value * Math.cos(angle);
    sin += value * Math.sin(angle);
  });
  return (2 * Math.hypot(cos, sin)) / steady.length;
}
const decibels = (ratio: number): number => 20 * Math.log10(ratio);

describe('resampling 48 to 16 kHz', () => {
  it('is the filter of its taps, off by less than a tenth of a step before it rounds', () => {
    let seed = 11;
    const noise = Int16Array.from({ length: 6_000 }, () => (seed = (seed * 48_271) % 2_147_483_647) / 65_536 - 16_384);
    const answers = resample(noise);
    expect(Math.max(...filtered(noise).map((exact, at) => Math.abs(exact - (answers[at] as number))))).toBeLessThan(
      0.6,
    );
  });

  it('sums the loudest sound that its taps can meet without an overflow', () => {
    const taps = lowPass();
    // The last answer meets some taps in a row with their own sign and all others with the opposite one, at full scale.
    for (let from = 0; from < tapCount; from += 16)
      for (let to = from; to <= tapCount; to += 16) {
        const loud = Int16Array.from(taps, (tap, at) => (tap < 0 === (at >= from && at < to) ? -32_768 : 32_767));
        const [exact, answer] = [filtered(loud).at(-1), resample(loud).at(-1)] as [number, number];
        expect(Math.abs(Math.min(32_767, Math.max(-32_768, exact)) - answer), `${from} to ${to}`).toBeLessThan(1);
      }
  });

  it('is flat within 0.1 dB up to 7 kHz', () => {
    for (let hz = 50; hz <= 7_000; hz += 139) {
      const gain = decibels(amplitudeAt(resample(sine(hz, 60_000)), hz, 16_000) / amplitude);
      expect(Math.abs(gain), `${hz} Hz`).toBeLessThan(0.1);
    }
  });

  it('lets nothing from 8 kHz on fold back: over 90 dB down at every frequency', () => {
    for (let hz = 8_001; hz < 24_000; hz += 397) {
      const alias = Math.abs(hz - 16_000 * Math.round(hz / 16_000));
      const gain = decibels(Math.max(1e-9, amplitudeAt(resample(sine(hz, 60_000)), alias, 16_000)) / amplitude);
      expect(gain, `${hz} Hz`).toBeLessThan(-90);
    }
  });

  it('gives the same whatever the size of the blocks', () => {
    const input = sine(1_234, 30_000);
    const whole = resample(input, () => 30_000);
    let seed = 7;
    const odd = resample(input, () => (seed = (seed * 48_271) % 2_147_483_647) % 700);
    expect(odd).toEqual(whole);
    expect(resample(input, () => 1)).toEqual(whole);
    expect(whole.length).toBe(10_000);
  });

  it('is late by exactly the delay it states, and clips instead of wrapping', () => {
    const click = new Int16Array(3_000);
    click.fill(32_767, 600, 603);
    const output = resample(click);
    const loudest = output.indexOf(output.reduce((most, value) => Math.max(most, value)));
    expect(loudest).toBe(Math.round((601 + resampleDelaySamples) / 3));
    const square = Int16Array.from({ length: 9_000 }, (_value, index) => (index % 60 < 30 ? 32_767 : -32_768));
    const clipped = resample(square);
    for (let index = 1; index < clipped.length; index++)
      expect(Math.abs((clipped[index] as number) - (clipped[index - 1] as number))).toBeLessThan(65_535);
    expect(Math.max(...clipped)).toBe(32_767);
  });

  it('writes with a stride and forgets on reset', () => {
    const resampler = new Resampler48To16();
    const output = new Int16Array(320 * 2);
    resampler.process(sine(500, 960), output, 1, 2);
    expect(output.filter((_value, index) => index % 2 === 0).every((value) => value === 0)).toBe(true);
    expect(output.filter((_value, index) => index % 2 === 1).some((value) => value !== 0)).toBe(true);
    resampler.reset();
    const silent = new Int16Array(320);
    resampler.process(new Int16Array(960), silent);
    expect(silent.every((value) => value === 0)).toBe(true);
  });
});
