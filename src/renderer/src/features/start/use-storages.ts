import type { PickLine } from './room-picks.ts';

const none: readonly PickLine[] = [];

/** The storage profiles. */
export function useStorages(): readonly PickLine[] {
  return none;
}
