import { expect, it } from 'vitest';
import { fall, isGone, newMeter, take } from '../../src/renderer/src/features/people/meter-model.ts';

it('rises at once and falls 20 dB in 1.7 s', () => {
  const meter = newMeter(0);
  take(meter, -10, 0);
  expect(meter.shownDb).toBe(-10);
  take(meter, -60, 1_700);
  expect(meter.shownDb).toBeCloseTo(-30, 6);
  fall(meter, 60_000);
  expect(meter.shownDb).toBe(-60);
});

it('falls as far in many steps as in one', () => {
  const [one, many] = [newMeter(0), newMeter(0)];
  take(one, -6, 0);
  take(many, -6, 0);
  fall(one, 1_000);
  for (let atMs = 50; atMs <= 1_000; atMs += 50) take(many, -60, atMs);
  expect(many.shownDb).toBeCloseTo(one.shownDb, 6);
});

it('holds the peak for 20 s, then takes where the bar is', () => {
  const meter = newMeter(0);
  take(meter, -12, 0);
  for (let atMs = 50; atMs <= 20_000; atMs += 50) take(meter, -40, atMs);
  expect(meter.holdDb).toBe(-12);
  take(meter, -40, 20_050);
  expect(meter.holdDb).toBe(-40);
});

it('keeps the clip mark however quiet it becomes, and never shows above full scale', () => {
  const meter = newMeter(0);
  take(meter, 0.4, 0);
  expect(meter).toMatchObject({ shownDb: 0, isClipped: true });
  take(meter, -50, 60_000);
  expect(meter.isClipped).toBe(true);
});

it('is gone after a second without sound, silence being sound', () => {
  const meter = newMeter(0);
  take(meter, -90, 500);
  take(meter, null, 1_500);
  expect(isGone(meter, 1_500)).toBe(false);
  expect(isGone(meter, 1_501)).toBe(true);
  take(meter, -90, 1_600);
  expect(isGone(meter, 1_600)).toBe(false);
});
