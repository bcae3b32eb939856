import { createStore } from 'zustand/vanilla';
import type { Limit } from '../../../shared/model/limit.ts';

export const limitsStore = createStore<{ readonly limits: readonly Limit[] }>(() => ({ limits: [] }));
