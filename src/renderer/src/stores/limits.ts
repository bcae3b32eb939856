import { createStore } from 'zustand/vanilla';
import type { Limits } from '../../../shared/model/limit.ts';

type Shown = Omit<Limits, 'serverId'>;

export const noLimits: Shown = { limits: [], cost: null, page: null, lengths: [], handsOver: true, ends: [] };
export const limitsStore = createStore<Shown>(() => noLimits);
