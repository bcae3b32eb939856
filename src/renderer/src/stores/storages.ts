import { createStore } from 'zustand/vanilla';
import type { Storage } from '../../../shared/model/storage.ts';

/** The storage profiles, in the order of names. */
export const storagesStore = createStore<{ readonly storages: readonly Storage[] }>(() => ({ storages: [] }));
