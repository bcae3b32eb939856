import { createStore } from 'zustand/vanilla';
import type { Settings } from '../../../shared/contract/settings.ts';

export const settingsStore = createStore<{ readonly settings: Settings | null }>(() => ({ settings: null }));

export const isSharingScreen = (state: { readonly settings: Settings | null }): boolean =>
  state.settings?.screenShareMode ?? false;
