// What the cast leaves out of its sound to win back the time of a stall.
import { expect, it } from 'vitest';
import { Resampler48To16 } from '../../src/core/audio/resample.ts';
import { blockSamples, isPause } from '../../src/rehearsal/cast/pause.ts';
import { openShow, sceneSampleRateHz } from '../../src/rehearsal/scene/show.ts';
import { ToneDecoder } from '../../src/rehearsal/tones/decode.ts';

const startedAtMs = 1_795_003_200_000;
const show = openShow('town-hall', { startedAtMs, seed: 1 });
const lastSample = 120 * sceneSampleRateHz;

/** The words that are heard where blocks are left out of what somebody says in two minutes. */
function heardOf(identity: string, isLeftOut: typeof isPause): { readonly words: number[]; readonly leftOut: number } {
  const soundAt = (fromSample: number): Int16Array => show.sound(identity, fromSample, blockSamples);
  const decoder = new ToneDecoder();
  const resampler = new Resampler48To16();
  const words: number[] = [];
  let leftOut = 0;
  for (let at = 0; at < lastSample; at += blockSamples) {
    if (isLeftOut(soundAt, at)) leftOut++;
    else {
      const output = new Int16Array(resampler.outputCount(blockSamples));
      resampler.process(soundAt(at), output);
      words.push(...decoder.push(output).map(({ word }) => word));
    }
  }
  return { words, leftOut };
}

it('shortens pauses, and no word', () => {
  const identities = new Set(
    show.spoken('town-hall', startedAtMs, startedAtMs + 60_000).map(({ identity }) => identity),
  );
  expect(identities.size).toBeGreaterThan(4);
  for (const identity of identities) {
    const all = heardOf(identity, () => false);
    const shortened = heardOf(identity, isPause);
    expect(all.words.length).toBeGreaterThan(10);
    expect(shortened.words, identity).toEqual(all.words);
    expect(shortened.leftOut).toBeGreaterThan(5_000);
  }
});
