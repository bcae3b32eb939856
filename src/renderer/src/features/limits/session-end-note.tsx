import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import { timer } from '../../../../shared/text/figures.ts';
import { limitsStore } from '../../stores/limits.ts';
import { limitsWords } from '../../text/limits-messages.ts';
import { useNow } from '../../ui/use-now.ts';

const text = limitsWords.lengths;
/** From then on the whole sentence is shown. */
const soonMs = 10 * 60_000;

/** On the card of a running job: the time that its server still gives it, and what is done about the end. */
export function SessionEndNote({ job }: { readonly job: Job }) {
  const end = useStore(limitsStore, (state) => state.ends.find((one) => one.jobId === job.id) ?? null);
  const nowMs = useNow();
  if (end === null) return null;
  const leftMs = end.endsAtMs - nowMs;
  const isSoon = leftMs < soonMs;
  // Then the card says what it is at.
  const isUnderWay = job.handOver !== null && job.handOver.at !== 'waiting';
  const isAlone = end.plan === text.alone;
  return (
    <p className={isSoon && isAlone ? 'l3 sub warn' : 'l3 note'} title={`${end.because}. ${end.plan}`}>
      {text.left(timer(leftMs))} {isSoon && !isUnderWay ? end.plan : null}
    </p>
  );
}
