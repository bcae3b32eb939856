import { createStore } from 'zustand/vanilla';
import type { SystemState } from '../../../shared/contract/system.ts';

export const systemStore = createStore<{ readonly system: SystemState | null }>(() => ({ system: null }));
