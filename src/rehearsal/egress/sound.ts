import type { SceneShow } from '../scene/show.ts';

const sampleRateHz = 48_000;
const samplesPerMs = sampleRateHz / 1000;

/** Index of the sample of a show that sounds at a wall clock time. */
export function sampleAt(show: SceneShow, atMs: number): number {
  return Math.round((atMs - show.startedAtMs) * samplesPerMs);
}

/** One person's sound; silence for what lies before the show. */
export function soundOf(show: SceneShow, identity: string, fromSample: number, count: number): Int16Array {
  if (fromSample >= 0) return show.sound(identity, fromSample, count);
  const samples = new Int16Array(count);
  const early = Math.min(count, -fromSample);
  if (early < count) samples.set(show.sound(identity, 0, count - early), early);
  return samples;
}

/** Everybody in the room, summed without attenuation and clipped, as egress mixes. */
export function mixOf(show: SceneShow, room: string, fromSample: number, count: number): Int16Array {
  const atMs = (sample: number): number => show.startedAtMs + sample / samplesPerMs;
  const identities = new Set(
    [...show.people(room, atMs(fromSample)), ...show.people(room, atMs(fromSample + count))].map((p) => p.identity),
  );
  const mix = new Int16Array(count);
  for (const identity of identities) {
    const samples = soundOf(show, identity, fromSample, count);
    for (let i = 0; i < count; i += 1) {
      mix[i] = Math.max(-32_768, Math.min(32_767, (mix[i] ?? 0) + (samples[i] ?? 0)));
    }
  }
  return mix;
}

export function toBytes(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** Mono to the two equal channels that egress sends for a mono microphone, little-endian. */
export function toStereoBytes(samples: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(samples.length * 4);
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(sample, index * 4);
    bytes.writeInt16LE(sample, index * 4 + 2);
  });
  return bytes;
}
