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
  const words = utterance.words.map((word): HeardWord => ({
    text: word.word.trim(),
    ...placed(word.start, word.end, map),
    confidence: word.confidence,
  }));
  const whole = placed(utterance.start, utterance.end, map);
  return {
    id,
    channel: Math.min(utterance.channel, channels - 1),
    isFinal,
    text: utterance.text.trim(),
    // By its words, where it has any: it may go on from one take of the sound into the next.
    startMs: words.length > 0 ? Math.min(...words.map((word) => word.startMs)) : whole.startMs,
    endMs: words.length > 0 ? Math.max(...words.map((word) => word.endMs)) : whole.endMs,
    take: whole.take,
    words,
    language: utterance.language,
    confidence: utterance.confidence,
  };
}

/** By its middle: a word that begins with a take of the sound may be told to begin a little before it. */
function placed(startS: number, endS: number, map: SentMap): Pick<HeardWord, 'startMs' | 'endMs' | 'take'> {
  const halfMs = Math.max(0, endS - startS) * 500;
  const middle = map.map(startS * 1000 + halfMs);
  return { startMs: middle.sessionMs - halfMs, endMs: middle.sessionMs + halfMs, take: middle.take };
}

const anotherTake = 1_000_000;

/** The same words as heard another time, so that what was told before stays single. */
export function anotherHearing(heard: Heard): Heard {
  const words = heard.words.map((word) => ({ ...word, take: word.take + anotherTake }));
  return { ...heard, take: heard.take + anotherTake, words };
}
