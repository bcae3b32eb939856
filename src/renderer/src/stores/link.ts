import { createStore } from 'zustand/vanilla';

/** The way between this window and Cuedesk's core. */
export interface Link {
  readonly state: 'connecting' | 'open' | 'lost';
  readonly sinceMs: number;
  readonly tries: number;
  readonly nextTryAtMs: number | null;
  /** Another Cuedesk answers at this address and does not know this window. Trying again is of no use. */
  readonly isShutOut: boolean;
}

export const linkStore = createStore<Link>(() => ({
  state: 'connecting',
  sinceMs: 0,
  tries: 0,
  nextTryAtMs: null,
  isShutOut: false,
}));
