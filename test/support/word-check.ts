import { expect } from 'vitest';
import type { RehearsalControl } from '../../src/headless/rehearse/control.ts';
import { account, type SaidWord } from '../../src/rehearsal/accounting.ts';
import type { Utterance } from '../../src/shared/model/captions.ts';

/** Wall clock; `identity: null` stands for everybody. */
export interface Hole {
  readonly identity: string | null;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface WordCheck {
  /** Said wholly between the two times. */
  readonly spoken: number;
  /** Of those, how many were lost in a dated hole. */
  readonly inHoles: number;
  /** Transcribed minus spoken. */
  readonly offsetMs: { readonly median: number; readonly largest: number };
}

/** Words around the window are no error. */
const aroundMs = 30_000;
/** Times of holes and of words come from different measurements. */
const holeEdgeMs = 250;

export const wordsOf = (finals: readonly Utterance[], zeroMs: number): SaidWord[] =>
  finals.flatMap(({ identity, words }) =>
    words.map(({ text, startMs }) => ({ identity, word: text, startMs: zeroMs + startMs })),
  );

/**
 * Demands that every word said wholly between two times was heard: once, in order, from the right person, and that nothing
 * else was heard. A word that touches a dated hole of its speaker may be missing.
 */
export async function expectAllWords(
  control: RehearsalControl,
  window: { readonly room?: string; readonly fromMs: number; readonly toMs: number },
  heard: readonly SaidWord[],
  holes: readonly Hole[] = [],
): Promise<WordCheck> {
  const { room = 'town-hall', fromMs, toMs } = window;
  const around = await control.spoken(room, fromMs - aroundMs, toMs + aroundMs);
  const result = account(around, heard);
  const ends = new Map<SaidWord, number>(around.map((word) => [word, word.endMs]));
  const isInside = (word: SaidWord): boolean => word.startMs >= fromMs && (ends.get(word) ?? Infinity) <= toMs;
  const isInHole = (word: SaidWord): boolean =>
    holes.some(
      (hole) =>
        (hole.identity === null || hole.identity === word.identity) &&
        word.startMs <= hole.toMs + holeEdgeMs &&
        (ends.get(word) ?? word.startMs) >= hole.fromMs - holeEdgeMs,
    );
  const missing = result.missing.filter(isInside);
  const told = (words: readonly SaidWord[]): string[] =>
    words.map(({ identity, word, startMs }) => `${identity} "${word}" at ${((startMs - fromMs) / 1000).toFixed(2)} s`);
  expect({
    missing: told(missing.filter((word) => !isInHole(word))),
    doubled: told(result.doubled),
    // Half a word at the edge of a hole may sound like another one.
    wrong: told(result.wrong.filter((word) => !isInHole(word))),
    wrongSpeaker: told(result.wrongSpeaker),
    outOfOrder: result.outOfOrder,
  }).toEqual({ missing: [], doubled: [], wrong: [], wrongSpeaker: [], outOfOrder: 0 });
  return {
    spoken: around.filter(isInside).length,
    inHoles: missing.length,
    offsetMs: result.offsetMs,
  };
}
