import { createStore } from 'zustand/vanilla';
import type { CaptionOptions } from '../../../../shared/model/captions.ts';
import type { Problem } from '../../../../shared/model/common.ts';

export interface CaptionsView {
  /** What the next session is started with: as set by hand, or as the chosen show has it. */
  readonly options: CaptionOptions;
  /** What was set by hand before a show brought its own; null: none has. */
  readonly ownOptions: CaptionOptions | null;
  readonly isAskingOptions: boolean;
  /** A start on its way to the core: the moment of its press. */
  readonly startingAtMs: number | null;
  readonly problem: Problem | null;
  /** What the last export, marker or stop answered, in a few words. */
  readonly note: { readonly text: string; readonly isTrouble: boolean } | null;
  readonly isFollowing: boolean;
  /** Rows that had come when following ended. */
  readonly seenCount: number;
  /** `at` counts the matches from the first; `asked` how often find was called for, each time taking the focus. */
  readonly find: { readonly query: string; readonly at: number; readonly asked: number } | null;
  /** The moment that a marker is meant for, while its name is asked. */
  readonly markingAtMs: number | null;
  readonly isAskingStop: boolean;
}

export const firstOptions: CaptionOptions = { feed: 'direct', language: 'en', otherLanguages: [], vocabulary: [] };

/** What the captions panel itself shows or waits for, beside sessions and lines. */
export const captionsView = createStore<CaptionsView>(() => ({
  options: firstOptions,
  ownOptions: null,
  isAskingOptions: false,
  startingAtMs: null,
  problem: null,
  note: null,
  isFollowing: true,
  seenCount: 0,
  find: null,
  markingAtMs: null,
  isAskingStop: false,
}));

export const setOptions = (part: Partial<CaptionOptions>): void =>
  captionsView.setState(({ options }) => ({ options: { ...options, ...part } }));

/** Takes the captions of the chosen show; where it has none, what was set by hand comes back. */
export const takeShowOptions = (ofShow: CaptionOptions | null): void =>
  captionsView.setState(({ options, ownOptions }) =>
    ofShow === null
      ? { options: ownOptions ?? options, ownOptions: null }
      : { options: ofShow, ownOptions: ownOptions ?? options },
  );

export const noted = (text: string): void => captionsView.setState({ note: { text, isTrouble: false } });
export const troubled = (text: string): void => captionsView.setState({ note: { text, isTrouble: true } });
export const openFind = (): void =>
  captionsView.setState(({ find }) => ({
    find: find === null ? { query: '', at: 0, asked: 0 } : { ...find, asked: find.asked + 1 },
  }));
export const closeFind = (): void => captionsView.setState({ find: null });
