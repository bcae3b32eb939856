import { useNow } from '../../ui/use-now.ts';

/** The words of what is on its way, with the seconds that count. */
export function Waited({ sinceMs, words }: { readonly sinceMs: number; readonly words: (ms: number) => string }) {
  const nowMs = useNow();
  return <>{words(nowMs - sinceMs)}</>;
}
