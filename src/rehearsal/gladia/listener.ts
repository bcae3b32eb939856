import { type DecodedWord, decoderSampleRateHz, ToneDecoder } from '../tones/decode.ts';

/** Times are seconds of the session. */
export interface HeardWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}

export interface Utterance {
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly channel: number;
  readonly words: readonly HeardWord[];
  readonly text: string;
  readonly language: 'en';
}

export type ListenerEvent =
  | { readonly type: 'speechStarted'; readonly time: number }
  | { readonly type: 'speechEnded'; readonly time: number }
  | { readonly type: 'partial'; readonly number: number; readonly utterance: Utterance }
  | { readonly type: 'final'; readonly number: number; readonly utterance: Utterance };

export interface ListenerOptions {
  readonly channel: number;
  readonly lexicon: readonly string[];
  /** Silence after which an utterance is over. */
  readonly endpointingS: number;
  readonly maxUtteranceS: number;
  readonly nextNumber: () => number;
}

/** The decoder knows of a word's mark this long after its start at the latest. */
const markLagS = 0.07;
const flushSamples = decoderSampleRateHz / 2;

/** Hears one channel: from sound to utterances. No clock and no socket: time is the count of samples. */
export class ChannelListener {
  readonly #options: ListenerOptions;
  readonly #decoder = new ToneDecoder();
  #samples = 0;
  #words: HeardWord[] = [];
  #number = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  get rejected(): number {
    return this.#decoder.rejected;
  }

  push(samples: Int16Array): readonly ListenerEvent[] {
    const events: ListenerEvent[] = [];
    for (const word of this.#decoder.push(samples)) this.#hear(word, events);
    this.#samples += samples.length;
    if (this.#words.length > 0 && this.#isSilent()) this.#finish(events);
    return events;
  }

  /** No more sound comes: what was said is said. */
  flush(): readonly ListenerEvent[] {
    const events: ListenerEvent[] = [];
    for (const word of this.#decoder.push(new Int16Array(flushSamples))) this.#hear(word, events);
    if (this.#words.length > 0) this.#finish(events);
    return events;
  }

  #hear(decoded: DecodedWord, events: ListenerEvent[]): void {
    const text = this.#options.lexicon[decoded.word];
    if (text === undefined) return; // a number that no word has: not of this scene
    const word: HeardWord = {
      word: text,
      start: seconds(decoded.startSample),
      end: seconds(decoded.endSample),
      confidence: rounded(0.5 + decoded.confidence / 2),
    };
    const { endpointingS, maxUtteranceS } = this.#options;
    const first = this.#words[0];
    const lastEnd = Math.max(...this.#words.map(({ end }) => end));
    if (first && (word.start - lastEnd >= endpointingS || word.end - first.start > maxUtteranceS)) this.#finish(events);
    if (this.#words.length === 0) {
      this.#number = this.#options.nextNumber();
      events.push({ type: 'speechStarted', time: word.start });
    }
    this.#words.push(word);
    this.#words.sort((a, b) => a.start - b.start);
    events.push({ type: 'partial', number: this.#number, utterance: this.#utterance(0.7, '') });
  }

  #isSilent(): boolean {
    const endS = Math.max(...this.#words.map(({ end }) => end)) + this.#options.endpointingS;
    if (this.#samples / decoderSampleRateHz < endS + markLagS) return false;
    const pending = this.#decoder.pendingSample;
    return pending === null || pending / decoderSampleRateHz >= endS;
  }

  #finish(events: ListenerEvent[]): void {
    const utterance = this.#utterance(1, '.');
    this.#words = [];
    events.push({ type: 'speechEnded', time: utterance.end });
    events.push({ type: 'final', number: this.#number, utterance });
  }

  #utterance(trust: number, mark: string): Utterance {
    const words = [...this.#words];
    const line = words.map(({ word }) => word).join(' ');
    return {
      start: words[0]?.start ?? 0,
      end: Math.max(...words.map(({ end }) => end)),
      confidence: rounded(trust * Math.min(...words.map(({ confidence }) => confidence))),
      channel: this.#options.channel,
      words,
      // The real one begins its texts with a space.
      text: ` ${line.charAt(0).toUpperCase()}${line.slice(1)}${mark}`,
      language: 'en',
    };
  }
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;
const seconds = (samples: number): number => rounded(samples / decoderSampleRateHz);
