import type { SceneShow } from '../scene/show.ts';
import type { FoundSource } from './source.ts';

const sampleRateHz = 48_000;
const samplesPerMs = sampleRateHz / 1000;

/** Index of the sample of a show that sounds at a wall clock time. */
export function sampleAt(show: SceneShow, atMs: number): number {
  return Math.round((atMs - show.startedAtMs) * samplesPerMs);
}

/** A stretch of what is recorded: interleaved stereo of so many samples a channel. */
export type StereoSound = (fromSample: number, count: number) => Int16Array;

/** The voices of a source, summed without attenuation and clipped, each on its channel, as egress mixes. */
export function soundOf(show: SceneShow, room: string, source: FoundSource): StereoSound {
  const atMs = (sample: number): number => show.startedAtMs + sample / samplesPerMs;
  return (fromSample, count) => {
    const present = new Map(
      [...show.people(room, atMs(fromSample)), ...show.people(room, atMs(fromSample + count))].map((person) => [
        person.identity,
        person,
      ]),
    );
    const mix = new Int16Array(count * 2);
    for (const { identity, channel } of source.voices([...present.values()])) {
      const samples = voiceOf(show, identity, fromSample, count);
      if (channel !== 'right') add(mix, samples, 0);
      if (channel !== 'left') add(mix, samples, 1);
    }
    return mix;
  };
}

/** One person's sound; silence for what lies before the show. */
function voiceOf(show: SceneShow, identity: string, fromSample: number, count: number): Int16Array {
  if (fromSample >= 0) return show.sound(identity, fromSample, count);
  const samples = new Int16Array(count);
  const early = Math.min(count, -fromSample);
  if (early < count) samples.set(show.sound(identity, 0, count - early), early);
  return samples;
}

function add(mix: Int16Array, samples: Int16Array, channel: 0 | 1): void {
  for (let i = 0; i < samples.length; i += 1) {
    const at = i * 2 + channel;
    mix[at] = Math.max(-32_768, Math.min(32_767, (mix[at] ?? 0) + (samples[i] ?? 0)));
  }
}

/** S16 in the machine's order, which is little-endian on everything that this runs on. */
export function toBytes(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
