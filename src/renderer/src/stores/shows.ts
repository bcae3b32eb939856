import { createStore } from 'zustand/vanilla';
import type { Show } from '../../../shared/model/show.ts';

export interface ShowsState {
  readonly shows: readonly Show[];
  /** The show that the window offers to start. */
  readonly chosenId: string | null;
}

/** The saved shows, in the order of names. */
export const showsStore = createStore<ShowsState>(() => ({ shows: [], chosenId: null }));

export const chosenShow = (state: ShowsState): Show | null =>
  state.shows.find((show) => show.id === state.chosenId) ?? null;
