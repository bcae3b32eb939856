import { createStore } from 'zustand/vanilla';
import type { DrillId } from '../../../shared/contract/rehearsal.ts';

interface Drill {
  readonly id: DrillId;
  readonly label: string;
  readonly expect: string;
  readonly isArmed: boolean;
  readonly needs: string | null;
}
export interface RehearsalState {
  readonly isRunning: boolean;
  readonly serverId: string | null;
  readonly scene: string | null;
  readonly drills: readonly Drill[];
}

export const rehearsalStore = createStore<RehearsalState>(() => ({
  isRunning: false,
  serverId: null,
  scene: null,
  drills: [],
}));
