import { spawnSync } from 'node:child_process';
import { ToneVoice } from '../../src/rehearsal/tones/encode.ts';
import type { DecodedWord } from '../../src/rehearsal/tones/decode.ts';
import { ffmpegPath } from './require.ts';

export interface SaidTone {
  readonly band: number;
  readonly word: number;
  readonly atS: number;
}

/** A generator of numbers in [0, 1) that is the same in each run. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 0x100_0000;
  };
}

/** Six people who never stop talking, mixed at 48 kHz; every number of the lexicon comes up. */
export function sixTalkers(
  seconds: number,
  seed: number,
): { readonly mix: Int16Array; readonly said: readonly SaidTone[] } {
  const random = randomFrom(seed);
  const rateHz = 48_000;
  const mix = new Int16Array(seconds * rateHz);
  const said: SaidTone[] = [];
  [0.11, 0.13, 0.09, 0.08, 0.12, 0.1].forEach((amplitude, band) => {
    const voice = new ToneVoice({ band, sampleRateHz: rateHz, amplitude });
    const own = new Int16Array(mix.length);
    for (let atS = 0.2 + 0.3 * random(); atS < seconds - 0.5; atS += 0.39 + 0.13 * random()) {
      const word = Math.floor(512 * random());
      voice.write(own, Math.round(atS * rateHz), word);
      said.push({ band, word, atS });
    }
    own.forEach((value, index) => (mix[index] = (mix[index] ?? 0) + value));
  });
  return { mix, said };
}

/** Through ffmpeg: from 48 kHz mono to what `encoder` makes of it, and back to 16 kHz mono. */
export function throughCodec(mix: Int16Array, encoder: readonly string[] | null): Int16Array {
  const raw = ['-f', 's16le', '-ar', '48000', '-ac', '1', '-i', '-'];
  const wanted = ['-ar', '16000', '-ac', '1', '-f', 's16le', '-'];
  const bytes = Buffer.from(mix.buffer, mix.byteOffset, mix.byteLength);
  if (!encoder) return samplesOf(ffmpeg([...raw, ...wanted], bytes));
  return samplesOf(ffmpeg(['-i', '-', ...wanted], ffmpeg([...raw, ...encoder, '-'], bytes)));
}

function ffmpeg(args: readonly string[], input: Buffer): Buffer {
  const result = spawnSync(ffmpegPath(), ['-v', 'error', ...args], { input, maxBuffer: 2 ** 30 });
  if (result.status !== 0) throw new Error(`ffmpeg: ${result.stderr.toString()}`);
  return result.stdout;
}

const samplesOf = (bytes: Buffer): Int16Array =>
  new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));

/** Gain, and white noise of a level in dBFS on top. */
export function worsened(samples: Int16Array, gain: number, noiseDbfs: number, seed: number): Int16Array {
  const random = randomFrom(seed);
  const peak = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3);
  return samples.map((value) =>
    Math.max(-32_768, Math.min(32_767, Math.round(value * gain + (2 * random() - 1) * peak))),
  );
}

/** Said and heard at the same time (the codec may delay all by `delayS`), and what was heard beyond that. */
export function compared(
  said: readonly SaidTone[],
  heard: readonly DecodedWord[],
  delayS = 0,
  toleranceS = 0.03,
): { readonly right: number; readonly wrong: number } {
  const open = new Set(said);
  let right = 0;
  let wrong = 0;
  for (const { band, word, startSample } of heard) {
    const atS = startSample / 16_000 - delayS;
    const match = [...open].find(
      (one) => one.band === band && one.word === word && Math.abs(one.atS - atS) < toleranceS,
    );
    if (match) {
      open.delete(match);
      right++;
    } else wrong++;
  }
  return { right, wrong };
}
