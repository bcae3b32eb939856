import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { endsWith } from './job-words.ts';

/** On the card of a job that is being handed over: what runs beside it, since a stop ends all of it. */
export function HandOverNote({ job }: { readonly job: Job }) {
  const others = useStore(
    jobsStore,
    useShallow((state) =>
      endsWith(job, state.jobs)
        .filter(({ id }) => id !== job.id)
        .map(({ title }) => title),
    ),
  );
  if (others.length === 0 || !isRunning(job)) return null;
  return <p className="l3 note">{jobsWords.handOver.beside(others)}</p>;
}
