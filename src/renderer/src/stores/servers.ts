import { createStore } from 'zustand/vanilla';
import type { Protection, Server } from '../../../shared/model/server.ts';

export interface ServersState {
  readonly isKnown: boolean;
  readonly servers: readonly Server[];
  readonly chosenId: string | null;
  /** How a secret typed now would be kept. */
  readonly protection: Protection;
}

export const serversStore = createStore<ServersState>(() => ({
  isKnown: false,
  servers: [],
  chosenId: null,
  protection: 'this-run',
}));

export const chosenServer = (state: ServersState): Server | null =>
  state.servers.find((server) => server.id === state.chosenId) ?? null;
