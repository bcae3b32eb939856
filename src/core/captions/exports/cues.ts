import type { TranscriptEntry, Utterance } from '../../../shared/model/captions.ts';

/** One caption as it stands on a screen. Session time, milliseconds. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  readonly speaker: string;
  readonly lines: readonly string[];
}

const lineChars = 42;
const linesPerCue = 2;
const leastMs = 1_000;
const mostMs = 7_000;

interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Captions of all final utterances: two lines of 42 characters, a word never cut (a longer one has a line for itself), one to
 * seven seconds, none over another: where two speak at once, the one who began later waits.
 */
export function cuesOf(entries: readonly TranscriptEntry[]): Cue[] {
  const cues = entries
    .filter((entry): entry is Utterance => entry.type === 'utterance' && entry.isFinal)
    .flatMap(cuesOfUtterance)
    .sort((a, b) => a.startMs - b.startMs);
  const shaped: Cue[] = [];
  cues.forEach((cue, index) => {
    const startMs = Math.max(cue.startMs, shaped.at(-1)?.endMs ?? 0);
    const nextMs = cues[index + 1]?.startMs ?? Infinity;
    const wantedMs = Math.min(Math.max(cue.endMs, startMs + leastMs), startMs + mostMs);
    // Up to the next one, but not shorter than a second: then the next one waits.
    const endMs = Math.max(Math.min(wantedMs, nextMs), startMs + leastMs);
    shaped.push({ ...cue, startMs, endMs });
  });
  return shaped;
}

function cuesOfUtterance(utterance: Utterance): Cue[] {
  const cues: Cue[] = [];
  let lines: string[] = [];
  let words: TimedWord[] = [];
  const close = (): void => {
    const first = words[0];
    const last = words.at(-1);
    if (first && last) cues.push({ startMs: first.startMs, endMs: last.endMs, speaker: utterance.name, lines });
    lines = [];
    words = [];
  };
  for (const word of timedWords(utterance)) {
    const line = lines.at(-1);
    const fits = line !== undefined && lengthOf(line) + 1 + lengthOf(word.text) <= lineChars;
    const isLong = words[0] !== undefined && word.endMs - words[0].startMs > mostMs;
    if (isLong || (!fits && lines.length >= linesPerCue)) close();
    if (fits && !isLong) lines[lines.length - 1] = `${line} ${word.text}`;
    else lines.push(word.text);
    words.push(word);
  }
  close();
  return cues;
}

/** The words as the text has them, with its punctuation, each with the time of the word in its place. */
function timedWords(utterance: Utterance): TimedWord[] {
  const texts = utterance.text.split(/\s+/u).filter((text) => text !== '');
  const { words, startMs, endMs } = utterance;
  return texts.map((text, index) => {
    if (words.length === texts.length) {
      const word = words[index];
      if (word) return { text, startMs: word.startMs, endMs: word.endMs };
    }
    // The transcriber counts words in another way: spread them evenly.
    const stepMs = (endMs - startMs) / texts.length;
    return { text, startMs: startMs + index * stepMs, endMs: startMs + (index + 1) * stepMs };
  });
}

const segmenter = new Intl.Segmenter();
/** What an eye counts as characters: an emoji of several code points is one. */
function lengthOf(text: string): number {
  return /^[\x20-\x7e]*$/.test(text) ? text.length : [...segmenter.segment(text)].length;
}
