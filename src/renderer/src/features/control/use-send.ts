import { useState } from 'react';
import type { ConsoleContract } from '../../../../shared/contract/index.ts';
import type { Problem } from '../../../../shared/model/common.ts';
import { ProblemError, problemOf } from '../../../../shared/model/problem-error.ts';
import type { Client } from '../../../../shared/rpc/contract.ts';
import { useApi } from '../../api-context.ts';
import { serversStore } from '../../stores/servers.ts';

type Work<T> = (core: Client<ConsoleContract>, serverId: string) => Promise<T>;

/** Asks the chosen server for something once. Rejects with a ProblemError. */
export function useAsk(): <T>(work: Work<T>) => Promise<T> {
  const api = useApi();
  return async (work) => {
    const { chosenId } = serversStore.getState();
    if (chosenId === null)
      throw new ProblemError({ code: 'no-server', fault: 'yours', retryable: false, text: 'No server is chosen.' });
    return api.run((core) => work(core, chosenId));
  };
}

export interface Sending {
  /** When what is on its way was sent; null where nothing is. */
  readonly sinceMs: number | null;
  readonly problem: Problem | null;
  /** Sends one thing at a time; true where it went well. */
  readonly send: <T>(work: Work<T>, onDone?: (value: T) => void) => Promise<boolean>;
}

/** One command of a dialog: since when it is on its way, and why it did not go through. */
export function useSend(): Sending {
  const ask = useAsk();
  const [sinceMs, setSinceMs] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    sinceMs,
    problem,
    send: async (work, onDone) => {
      if (sinceMs !== null) return false;
      setSinceMs(Date.now());
      setProblem(null);
      try {
        const value = await ask(work);
        onDone?.(value);
        return true;
      } catch (error) {
        setProblem(problemOf(error));
        return false;
      } finally {
        setSinceMs(null);
      }
    },
  };
}
