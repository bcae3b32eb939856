import { useState } from 'react';
import type { Problem } from '../../../../shared/model/common.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { TestStep } from './test-steps.tsx';

export type TestedState<Step extends TestStep> =
  | { readonly step: 'typing' }
  | { readonly step: 'testing'; readonly sinceMs: number }
  | { readonly step: 'tested'; readonly found: readonly Step[]; readonly tookMs: number }
  | { readonly step: 'saving' }
  | { readonly step: 'failed'; readonly problem: Problem };

export interface Tested<Draft, Step extends TestStep> {
  readonly state: TestedState<Step>;
  readonly test: (draft: Draft) => Promise<void>;
  /** Resolves true where it was saved. */
  readonly save: (draft: Draft) => Promise<boolean>;
  /** Resolves true where it was removed. */
  readonly remove: () => Promise<boolean>;
  /** What was tested is no longer what is typed. */
  readonly reset: () => void;
}

/** Tests, saves and removes one thing, and knows how far that is. */
export function useTested<Draft, Step extends TestStep>(calls: {
  readonly test: (draft: Draft) => Promise<readonly Step[]>;
  readonly save: (draft: Draft) => Promise<unknown>;
  readonly remove: () => Promise<unknown>;
}): Tested<Draft, Step> {
  const [state, setState] = useState<TestedState<Step>>({ step: 'typing' });
  const isDone = (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (error: unknown) => {
        setState({ step: 'failed', problem: problemOf(error) });
        return false;
      },
    );
  return {
    state,
    test: async (draft) => {
      const sinceMs = Date.now();
      setState({ step: 'testing', sinceMs });
      const show = (found: readonly Step[]): void => setState({ step: 'tested', found, tookMs: Date.now() - sinceMs });
      await isDone(calls.test(draft).then(show));
    },
    save: (draft) => {
      setState({ step: 'saving' });
      return isDone(calls.save(draft));
    },
    remove: () => isDone(calls.remove()),
    reset: () => setState({ step: 'typing' }),
  };
}
