import { lexiconOf, scenes } from '../../src/rehearsal/scene/script.ts';
import { ToneVoice } from '../../src/rehearsal/tones/encode.ts';
import { wordMs } from '../../src/rehearsal/tones/layout.ts';

const [scene] = scenes;
if (!scene) throw new Error('There is no scene');
export const lexicon = lexiconOf(scene);

export interface ToneWord {
  readonly word: string;
  readonly startMs: number;
}

/** Sentences of one to four words in tones, one voice, mono. */
export function toneSpeech(options: {
  readonly band: number;
  readonly lengthMs: number;
  readonly sampleRateHz: number;
}): { readonly pcm: Int16Array; readonly words: readonly ToneWord[] } {
  const { band, lengthMs, sampleRateHz } = options;
  const pcm = new Int16Array((lengthMs * sampleRateHz) / 1000);
  const voice = new ToneVoice({ band, sampleRateHz, amplitude: 0.2 });
  const words: ToneWord[] = [];
  let atMs = 150 + band * 130;
  for (let i = 0; atMs + wordMs < lengthMs - 200; i++) {
    const number = (i * 7 + band * 31) % lexicon.length;
    voice.write(pcm, (atMs * sampleRateHz) / 1000, number);
    words.push({ word: lexicon[number] ?? '', startMs: atMs });
    atMs += wordMs + (i % 4 === 3 ? 600 : 60);
  }
  return { pcm, words };
}
