import { account, type SaidWord } from '../accounting.ts';
import type { SceneShow } from '../scene/show.ts';

export interface Comparison {
  readonly spoken: number;
  readonly heard: number;
  /** Each as a word, who said it, and when, for people to read. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
}

/** What was heard may begin before the window and end after it; words around it are no error. */
const aroundMs = 60_000;

/** Lays what was heard (wall clock) beside what was said. Only words wholly inside the window can be missing. */
export function compareWords(
  show: SceneShow,
  input: {
    readonly room: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly words: readonly { readonly identity: string; readonly word: string; readonly atMs: number }[];
  },
): Comparison {
  const inside = show.spoken(input.room, input.fromMs, input.toMs);
  const heard = input.words.map(({ identity, word, atMs }) => ({ identity, word, startMs: atMs }));
  const around = show.spoken(input.room, input.fromMs - aroundMs, input.toMs + aroundMs);
  const { missing, doubled, wrong, wrongSpeaker } = account(around, heard);
  const isInside = (said: SaidWord): boolean =>
    inside.some((one) => one.startMs === said.startMs && one.identity === said.identity);
  return {
    spoken: inside.length,
    heard: heard.length,
    missing: missing.filter(isInside).map(told),
    doubled: doubled.map(told),
    wrong: [...wrong, ...wrongSpeaker].map(told),
  };
}

function told({ word, identity, startMs }: SaidWord): string {
  return `"${word}" of ${identity || 'nobody'} at ${new Date(startMs).toISOString().slice(11, 23)}`;
}
