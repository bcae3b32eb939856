import type { Job } from '../../../../shared/model/job.ts';
import { planWords } from '../../text/plan-messages.ts';
import { useNow } from '../../ui/use-now.ts';

/** An answer within this needs no words. */
const quietMs = 3_000;

/** While the server has not answered a Start: for how long, why it takes its time, and how to call it off. */
export function UnansweredNote({ job }: { readonly job: Job }) {
  const waitedMs = useNow() - job.phaseAtMs;
  return <p className="l3 note">{waitedMs < quietMs ? job.text : planWords.unanswered(waitedMs, job.desk !== null)}</p>;
}

export const isUnanswered = (job: Job): boolean => job.phase === 'starting' && job.egress?.status === 'requested';
