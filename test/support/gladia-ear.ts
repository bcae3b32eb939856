/**
 * A small listener for tests: words are 200 ms of one steady value, and only a word that was heard whole is a word. It says
 * what Gladia would say: partials, finals after a pause, on the clock of the bytes that it was given.
 */
const earWordSamples = 3_200;
const wordBase = 1_000;
const samplesPerMs = 16;
const pauseSamples = 300 * samplesPerMs;

/** Writes word number `index` (0 to 9,999) into one channel of interleaved sound, from frame `at` on, as far as it lies in it. */
export function sayWord(pcm: Int16Array, channels: number, channel: number, at: number, index: number): void {
  const frames = pcm.length / channels;
  for (let i = Math.max(0, -at); i < earWordSamples && at + i < frames; i++)
    pcm[(at + i) * channels + channel] = wordBase + index;
}

interface EarWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
}
class EarChannel {
  value = 0;
  run = 0;
  silence = 0;
  words: EarWord[] = [];
  id = 0;
}

export class GladiaEar {
  readonly #channels: readonly EarChannel[];
  readonly #say: (message: object) => void;
  #frames = 0;
  /** Words that were not heard whole. */
  cut = 0;
  bytes = 0;
  readonly finals: object[] = [];

  constructor(channels: number, say: (message: object) => void) {
    this.#channels = Array.from({ length: channels }, () => new EarChannel());
    this.#say = say;
  }

  /** A listener whose clock begins anew and who remembers nothing but the numbers of the utterances. */
  again(): GladiaEar {
    const next = new GladiaEar(this.#channels.length, this.#say);
    next.#channels.forEach((channel, index) => (channel.id = (this.#channels[index]?.id ?? 0) + 1));
    return next;
  }

  get bytesPerSecond(): number {
    return this.#channels.length * samplesPerMs * 2_000;
  }

  hear(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = this.#channels.length;
    const frames = bytes.byteLength / 2 / count;
    for (let frame = 0; frame < frames; frame++) {
      for (let index = 0; index < count; index++) {
        const channel = this.#channels[index];
        if (channel) this.#sample(channel, index, view.getInt16((frame * count + index) * 2, true));
      }
      this.#frames++;
    }
    this.bytes += bytes.byteLength;
  }

  flush(): void {
    this.#channels.forEach((channel, index) => {
      this.#sample(channel, index, 0);
      this.#final(channel, index);
    });
  }

  #sample(channel: EarChannel, index: number, value: number): void {
    if (value === channel.value) channel.run++;
    else {
      if (channel.value >= wordBase) this.#word(channel, index);
      channel.value = value;
      channel.run = 1;
    }
    channel.silence = value === 0 ? channel.silence + 1 : 0;
    if (channel.silence === pauseSamples) this.#final(channel, index);
  }

  #word(channel: EarChannel, index: number): void {
    if (channel.run !== earWordSamples) {
      this.cut++;
      return;
    }
    const end = this.#frames / samplesPerMs / 1000;
    channel.words.push({ word: ` w${channel.value - wordBase}`, start: end - 0.2, end, confidence: 0.9 });
    this.#say(this.#message(channel, index, false));
  }

  #final(channel: EarChannel, index: number): void {
    if (channel.words.length === 0) return;
    const message = this.#message(channel, index, true);
    this.finals.push(message.data.utterance);
    this.#say(message);
    channel.words = [];
    channel.id++;
  }

  #message(channel: EarChannel, index: number, isFinal: boolean) {
    const words = [...channel.words];
    return {
      type: 'transcript',
      session_id: 'x',
      created_at: '2026-11-20T22:14:50.113Z',
      data: {
        id: `${String(index).padStart(2, '0')}-${String(channel.id).padStart(8, '0')}`,
        is_final: isFinal,
        utterance: {
          start: words[0]?.start ?? 0,
          end: words.at(-1)?.end ?? 0,
          confidence: 0.9,
          channel: index,
          words,
          text: words.map((word) => word.word).join(''),
          language: 'en',
        },
      },
    };
  }
}
