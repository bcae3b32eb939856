import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { seconds } from '../../text/format.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { watchWords } from '../../text/watch-messages.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { reachNobody } from '../destinations/destination-words.ts';
import { endsWith } from './job-words.ts';
import { jobsView, openJobsDialog } from './jobs-view.ts';
import { beginStop, leftMs } from './pending-stop.ts';

const text = jobsWords.state;

/** The state of a running job as a button: a hold of 1 s begins the 5 s after which it is stopped. */
export function JobButton({ job }: { readonly job: Job }) {
  const nowMs = useNow();
  const stopsAtMs = useStore(jobsView, ({ pendingStop }) =>
    pendingStop?.jobIds.includes(job.id) ? pendingStop.sendAtMs : null,
  );
  const isStopping = job.phase === 'stopping';
  const isSpent = isStopping || stopsAtMs !== null;
  const state = isStopping
    ? text.stopping(nowMs - job.phaseAtMs)
    : stopsAtMs !== null
      ? jobsWords.pendingStop.onCard(seconds(leftMs(stopsAtMs, nowMs) + 999))
      : stateOf(job, nowMs);
  return (
    <HoldButton
      className={isSpent || job.phase === 'starting' ? 'is-waiting' : ''}
      isSpent={isSpent}
      label={isSpent ? jobsWords.busy(job.title, state) : jobsWords.hold(job.title, state)}
      onHeld={() => beginStop(endsWith(job, jobsStore.getState().jobs))}
      onAsk={() => openJobsDialog({ name: 'stop-one', jobId: job.id })}
    >
      {state}
    </HoldButton>
  );
}

function stateOf(job: Job, nowMs: number): string {
  if (job.phase === 'armed' && job.startAtMs !== null) return watchWords.armed(job.startAtMs);
  if (job.phase === 'starting') return text.starting(nowMs - job.phaseAtMs);
  if (!isOnlyStream(job.request) || job.engine !== 'egress') return text.recording;
  return reachNobody(job.destinations) ? text.reconnecting : text.streaming;
}
