import { createStore } from 'zustand/vanilla';
import type { Limits } from '../../../shared/model/limit.ts';

type Shown = Omit<Limits, 'serverId'>;

export const noLimits: Shown = { limits: [], cost: null, page: null };
export const limitsStore = createStore<Shown>(() => noLimits);
