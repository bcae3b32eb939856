import type { Problem } from '../../../shared/model/common.ts';
import type { Sight } from '../../../shared/model/room.ts';

/** Nothing was seen yet. */
export const connecting: Sight = {
  state: 'connecting',
  asOfMs: null,
  roundTripMs: null,
  by: 'polling',
  triesSoFar: 0,
  nextTryAtMs: null,
};

/** A look succeeded: what is shown was true at `asOfMs`. */
export function seen(answer: {
  readonly asOfMs: number;
  readonly roundTripMs: number | null;
  readonly by: Sight['by'];
}): Sight {
  return { ...connecting, state: 'current', ...answer };
}

/** A look failed: what was seen before stays, with its age; none, where no look has succeeded yet. */
export function unseen(before: Sight, problem: Problem, nextTryAtMs: number): Sight {
  return {
    ...before,
    state: 'stale',
    roundTripMs: null,
    problem,
    triesSoFar: before.triesSoFar + 1,
    nextTryAtMs,
  };
}
