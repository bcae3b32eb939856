import { useStore } from 'zustand';
import type { EgressPage } from '../../../../shared/model/capacity.ts';
import { limitsStore } from '../../stores/limits.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { useNow } from '../../ui/use-now.ts';

const text = limitsWords.worker;

/** The egress worker in the limits panel: what it would take now, and how old that knowledge is. */
export function WorkerRow() {
  const page = useStore(limitsStore, (state) => state.page);
  const nowMs = useNow();
  if (page === null) return null;
  return (
    <div>
      <dt className="cut" title={text.title}>
        {text.short}
      </dt>
      <dd className="v">{pageFigure(page)}</dd>
      <dd className="src">{pageState(page, nowMs)}</dd>
    </div>
  );
}

function pageFigure({ state, kinds }: EgressPage): string {
  if (state === 'trouble') return text.trouble;
  return kinds.length === 0 ? '' : text.summary(kinds.filter(({ accepts }) => accepts).length, kinds.length);
}

/** How old the reading is, or why there is none and when the next try is. */
export function pageState({ state, readAtMs, nextAtMs, problem, worker }: EgressPage, nowMs: number): string {
  if (state === 'waiting') return text.waiting;
  const agoMs = readAtMs === null ? null : Math.max(0, nowMs - readAtMs);
  if (state === 'read')
    return [agoMs === null ? '' : text.read(agoMs), worker?.cpuLoad == null ? '' : text.load(worker.cpuLoad)]
      .filter(Boolean)
      .join(', ');
  return [
    problem?.text ?? '',
    agoMs === null ? '' : text.lastRead(agoMs),
    nextAtMs === null ? '' : text.next(Math.max(0, nextAtMs - nowMs)),
  ]
    .filter(Boolean)
    .join(' · ');
}
