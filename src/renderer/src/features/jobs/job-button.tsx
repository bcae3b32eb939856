import { useState } from 'react';
import type { Job } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { watchWords } from '../../text/watch-messages.ts';
import { HoldButton } from '../../ui/hold-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { reachNobody } from '../destinations/destination-words.ts';
import { openJobsDialog } from './jobs-view.ts';
import { useStopJob } from './use-job-commands.ts';

const text = jobsWords.state;

/** The state of a running job as a button: a hold of 1 s stops it. `onTrouble` is told why a stop did not go through. */
export function JobButton({
  job,
  onTrouble,
}: {
  readonly job: Job;
  readonly onTrouble: (text: string | null) => void;
}) {
  const nowMs = useNow();
  const stop = useStopJob();
  const [askedAtMs, setAskedAtMs] = useState<number | null>(null);
  const isStopping = job.phase === 'stopping' || askedAtMs !== null;
  const ask = (): void => {
    onTrouble(null);
    setAskedAtMs(Date.now());
    stop(job.id).then(
      () => undefined, // the jobs' own feed shows the new phase
      (error: unknown) => {
        setAskedAtMs(null);
        onTrouble(jobsWords.notStopped(problemOf(error).text));
      },
    );
  };
  const stoppingSinceMs = job.phase === 'stopping' ? job.phaseAtMs : (askedAtMs ?? nowMs);
  const state = isStopping
    ? text.stopping(nowMs - stoppingSinceMs)
    : job.phase === 'armed' && job.startAtMs !== null
      ? watchWords.armed(job.startAtMs)
      : job.phase === 'starting'
        ? text.starting(nowMs - job.phaseAtMs)
        : isOnlyStream(job.request) && job.engine === 'egress'
          ? reachNobody(job.destinations)
            ? text.reconnecting
            : text.streaming
          : text.recording;
  return (
    <HoldButton
      className={isStopping || job.phase === 'starting' ? 'is-waiting' : ''}
      isSpent={isStopping}
      label={isStopping ? jobsWords.busy(job.title, state) : jobsWords.hold(job.title, state)}
      onHeld={ask}
      onAsk={() => openJobsDialog({ name: 'stop-one', jobId: job.id })}
    >
      {state}
    </HoldButton>
  );
}
