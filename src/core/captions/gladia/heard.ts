import type { ServerUtterance } from './messages.ts';
import type { SentMap } from './sent-map.ts';

export interface HeardWord {
  readonly text: string;
  /** Session time, milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  readonly confidence: number;
  /** In which take of the sound it was heard: the same sound may be sent more than once. */
  readonly take: number;
}
export interface Heard {
  /** The transcriber's own id of the utterance; partials and their final share it. */
  readonly id: string;
  readonly channel: number;
  readonly isFinal: boolean;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly take: number;
  readonly words: readonly HeardWord[];
  readonly language: string;
  readonly confidence: number;
}

/** Brings what the transcriber said onto session time. */
export function heardFrom(
  id: string,
  isFinal: boolean,
  utterance: ServerUtterance,
  channels: number,
  map: SentMap,
): Heard {
  const start = map.map(utterance.start * 1000);
  return {
    id,
    channel: Math.min(utterance.channel, channels - 1),
    isFinal,
    text: utterance.text.trim(),
    startMs: start.sessionMs,
    endMs: start.sessionMs + Math.max(0, utterance.end - utterance.start) * 1000,
    take: start.take,
    words: utterance.words.map((word): HeardWord => {
      const at = map.map(word.start * 1000);
      return {
        text: word.word.trim(),
        startMs: at.sessionMs,
        endMs: at.sessionMs + Math.max(0, word.end - word.start) * 1000,
        confidence: word.confidence,
        take: at.take,
      };
    }),
    language: utterance.language,
    confidence: utterance.confidence,
  };
}

const anotherTake = 1_000_000;

/** The same words as heard another time, so that what was told before stays single. */
export function anotherHearing(heard: Heard): Heard {
  const words = heard.words.map((word) => ({ ...word, take: word.take + anotherTake }));
  return { ...heard, take: heard.take + anotherTake, words };
}
