import { useState } from 'react';
import { problemOf } from '../../../../shared/model/problem-error.ts';

/** One thing on its way at a time, and in words why the last one did not go through. */
export function useSending(): {
  readonly isBusy: boolean;
  readonly failure: string | null;
  readonly send: (work: () => Promise<void>, onDone: () => void) => void;
} {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  return {
    isBusy,
    failure,
    send: (work, onDone) => {
      if (isBusy) return;
      setBusy(true);
      setFailure(null);
      work()
        .then(onDone, (error: unknown) => {
          const { text, advice } = problemOf(error);
          setFailure([text, advice].filter(Boolean).join(' '));
        })
        .finally(() => setBusy(false));
    },
  };
}
