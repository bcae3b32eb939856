import { useSyncExternalStore } from 'react';

// One timer for every clock and count of the window, on the whole second, none while nobody looks.
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setTimeout> | null = null;

function tick(): void {
  nowMs = Date.now();
  timer = setTimeout(tick, 1000 - (nowMs % 1000));
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    nowMs = Date.now();
    timer = setTimeout(tick, 1000 - (nowMs % 1000));
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearTimeout(timer);
    timer = null;
  };
}

/** The present time in Unix milliseconds, renewed at each whole second. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => nowMs);
