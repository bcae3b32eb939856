import type { Job } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { watchWords } from '../../text/watch-messages.ts';
import { Btn, LinkBtn } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { openJobsDialog } from './jobs-view.ts';

const text = jobsWords.waiting;
interface Props {
  readonly job: Job;
  readonly onTrouble: (text: string | null) => void;
}

/** A start that was refused and is asked for again: why, when, and how to have it now. */
export function WaitingNote({ job, onTrouble }: Props) {
  const api = useApi();
  const nowMs = useNow();
  if (!job.again) return null;
  const { atMs, tries, maxTries, isForSession } = job.again;
  const tryNow = (): void => {
    onTrouble(null);
    api
      .run((core) => core.tryNow({ jobId: job.id }))
      .catch((error: unknown) => onTrouble(watchWords.notDone(problemOf(error).text)));
  };
  return (
    <p className="l3 sub">
      {job.text} {text.again(Math.max(0, atMs - nowMs), isForSession)} {text.tries(tries, maxTries)}{' '}
      <LinkBtn aria-label={text.tryNowOf(job.title)} onPress={tryNow}>
        {text.tryNow}
      </LinkBtn>{' '}
      <LinkBtn aria-label={jobsWords.whyOf(job.title)} onPress={() => openJobsDialog({ name: 'why', jobId: job.id })}>
        {jobsWords.why}
      </LinkBtn>
    </p>
  );
}

/** Nothing is recorded yet: one press takes it back. */
export function CancelWait({ job, onTrouble }: Props) {
  const api = useApi();
  const cancel = (): void => {
    onTrouble(null);
    api
      .run((core) => core.stopJob({ jobId: job.id }))
      .catch((error: unknown) => onTrouble(jobsWords.notStopped(problemOf(error).text)));
  };
  return (
    <Btn aria-label={text.cancelOf(job.title)} onPress={cancel}>
      {text.cancel}
    </Btn>
  );
}
