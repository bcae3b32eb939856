/** The limit of a wait was reached. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'deadline';
  readonly limitMs: number;
  constructor(what: string, limitMs: number) {
    super(`${what} took longer than ${limitMs} ms`);
    this.limitMs = limitMs;
  }
}

/** Runs `work` with a signal that aborts at the limit or with the owner, whichever is first; the first cause wins. */
export async function withDeadline<T>(
  what: string,
  limitMs: number,
  owner: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  owner?.throwIfAborted();
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(new DeadlineError(what, limitMs)), limitMs);
  const signal = owner ? AbortSignal.any([owner, own.signal]) : own.signal;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
