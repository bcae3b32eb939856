import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms` and says whether the whole time passed; false as soon as the signal says stop. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  try {
    await delay(Math.max(0, ms), undefined, { signal });
    return true;
  } catch {
    return false; // the only way to fail is the signal
  }
}
