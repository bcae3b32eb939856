import { useStore } from 'zustand';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { endsWith } from './job-words.ts';

const text = jobsWords.handOver;

/** On the card of a job that is being handed over: what runs beside it, since a stop ends all of it. */
export function HandOverNote({ job }: { readonly job: Job }) {
  const words = useStore(jobsStore, (state) => wordsOf(job, state.jobs));
  return words === null ? null : <p className="l3 note">{words}</p>;
}

function wordsOf(job: Job, jobs: readonly Job[]): string | null {
  const others = isRunning(job) ? endsWith(job, jobs).filter(({ id }) => id !== job.id) : [];
  const [other] = others;
  if (!other) return null;
  const { takesOver } = job;
  if (takesOver && !takesOver.isOver) {
    const old = jobs.find(({ id }) => id === takesOver.jobId) ?? other;
    return takesOver.as === 'bridge' ? text.isBridge(old.title) : text.fromOther(old.title);
  }
  const next = others.find(({ id }) => id === job.handOver?.successorId);
  return next ? text.byOther(next.title) : text.isBridged;
}
