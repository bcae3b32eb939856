import { describe, expect, it } from 'vitest';
import { silenceTenths, tenthsOf } from '../../src/core/audio/levels.ts';
import { Meter } from '../../src/core/audio/meter.ts';
import { MixWindow } from '../../src/core/audio/mix.ts';
import { stretch } from '../../src/core/audio/stretch.ts';

const sine = (amplitude: number, count: number, hz = 1_000): Int16Array =>
  Int16Array.from({ length: count }, (_value, index) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * index) / 48_000)),
  );

describe('levels', () => {
  it('tells amplitudes in tenths of a decibel to full scale', () => {
    expect(tenthsOf(32_768)).toBe(0);
    expect(tenthsOf(3_276.8)).toBe(-200);
    expect(tenthsOf(1)).toBe(-903);
    expect(tenthsOf(0)).toBe(silenceTenths);
  });

  it('measures windows of 50 ms whatever the blocks', () => {
    const meter = new Meter();
    expect(meter.rmsTenths).toBe(silenceTenths);
    const sound = sine(32_767, 2_400);
    for (let from = 0; from < 2_399; from += 7) meter.add(sound.subarray(from, Math.min(2_399, from + 7)));
    expect(meter.peakTenths).toBe(silenceTenths); // the window has not ended
    meter.add(sound.subarray(2_399));
    expect(meter.peakTenths).toBe(0);
    expect(meter.rmsTenths).toBe(-30);
  });

  it('keeps a peak until it was read', () => {
    const meter = new Meter();
    meter.add(sine(32_767, 2_400));
    meter.add(new Int16Array(2_400));
    expect(meter.peakTenths).toBe(0);
    meter.read();
    expect(meter.peakTenths).toBe(0); // shown until something newer is there
    meter.add(new Int16Array(2_400));
    expect(meter.peakTenths).toBe(silenceTenths);
  });
});

describe('the mix', () => {
  it('passes one source bit by bit, full scale included', () => {
    const mix = new MixWindow(4_800);
    const sound = sine(32_767, 4_000);
    sound[17] = -32_768;
    mix.add(100, sound);
    const out = new Int16Array(4_100);
    expect(mix.take(4_100, out)).toBe(true);
    // One sample is beyond +32,767 in size; the limiter may touch what follows it, but by less than one step of 16 bits.
    expect(
      Math.max(...sound.map((value, index) => Math.abs(value - (out[index + 100] as number)))),
    ).toBeLessThanOrEqual(1);
    const quiet = new MixWindow(4_800);
    quiet.add(0, sine(20_000, 4_000));
    quiet.take(4_000, out);
    expect(out.subarray(0, 4_000)).toEqual(sine(20_000, 4_000));
  });

  it('adds what arrives in any order, across the end of its ring, and refuses what has left', () => {
    const mix = new MixWindow(1_000);
    const out = new Int16Array(1_000);
    for (let round = 0; round < 7; round++) {
      const at = mix.base;
      expect(mix.add(at + 300, new Int16Array(300).fill(5))).toBe(0);
      expect(mix.add(at, new Int16Array(400).fill(2))).toBe(0);
      expect(mix.take(600, out)).toBe(true);
      expect([out[0], out[299], out[300], out[399], out[400], out[599]]).toEqual([2, 2, 7, 7, 5, 5]);
    }
    expect(mix.add(mix.base - 10, new Int16Array(15).fill(9))).toBe(10);
    expect(mix.add(mix.base - 10, new Int16Array(10))).toBe(10);
    mix.take(10, out);
    expect([...out.subarray(0, 6)]).toEqual([9, 9, 9, 9, 9, 0]);
    expect(mix.take(10, out)).toBe(false);
    expect(() => mix.add(mix.base, new Int16Array(1_001))).toThrow(RangeError);
    mix.add(mix.base, new Int16Array(100).fill(3));
    mix.skip(50);
    mix.take(100, out);
    expect([out[0], out[49], out[50]]).toEqual([3, 3, 0]);
  });

  it('turns loud sums down instead of cutting waves, and comes back', () => {
    const mix = new MixWindow(96_000);
    for (let source = 0; source < 4; source++) mix.add(0, sine(20_000, 24_000));
    mix.add(24_000, sine(10_000, 48_000));
    const out = new Int16Array(72_000);
    mix.take(72_000, out);
    expect(Math.max(...out)).toBeLessThanOrEqual(32_767);
    // A cut wave of 4 × 20,000 would lie at full scale most of the time; a wave that is turned down seldom does.
    const loud = out.subarray(4_800, 24_000);
    expect(loud.filter((value) => Math.abs(value) > 32_000).length / loud.length).toBeLessThan(0.2);
    expect(out.subarray(67_200)).toEqual(sine(10_000, 48_000).subarray(43_200));
  });
});

it('stretches by single samples at the quietest places', () => {
  const sound = sine(20_000, 480, 300);
  const output = new Int16Array(600);
  expect(stretch(sound, 1, output)).toBe(481);
  expect(stretch(sound, -1, output)).toBe(479);
  let step = 0;
  for (let index = 1; index < 479; index++)
    step = Math.max(step, Math.abs((output[index] as number) - (output[index - 1] as number)));
  expect(step).toBeLessThan(20_000 * 2 * Math.PI * (300 / 48_000) * 1.05); // no step that was not there
  expect(stretch(sound, 3, output)).toBe(483);
});
