import { createStore } from 'zustand/vanilla';
import type { Address } from '../../../shared/model/address.ts';

/** The address book, in the order of names. */
export const addressesStore = createStore<{ readonly addresses: readonly Address[] }>(() => ({ addresses: [] }));
