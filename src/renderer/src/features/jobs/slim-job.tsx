import { memo } from 'react';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { chooseRoom } from '../../stores/rooms.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useNow } from '../../ui/use-now.ts';
import { sizeOf, tallyOf } from './job-words.ts';
import { JobTitle } from './job-title.tsx';
import { useIsUnknown } from './use-is-unknown.ts';
import { openJobsDialog } from './jobs-view.ts';

/** One job in one row: what has ended, or runs in another room. */
export const SlimJob = memo(function SlimJob({
  job,
  onToggle,
}: {
  readonly job: Job;
  readonly onToggle: (jobId: string, isOpen: boolean) => void;
}) {
  const isUnknown = useIsUnknown(job);
  const tally = tallyOf(job, isUnknown);
  if (isRunning(job))
    return (
      <article className="slimjob" aria-label={jobsWords.inRoom(job.roomName, job.title)}>
        <Tally tone={tally.tone} isSoft={!isUnknown} hasEdge={isUnknown} isWide>
          {tally.word}
        </Tally>
        <span className="job-title sub" title={job.title}>
          <LinkBtn aria-label={jobsWords.goTo(job.roomName)} onPress={() => chooseRoom(job.roomName)}>
            <bdi>{job.roomName}</bdi>
          </LinkBtn>
          <span> / </span>
          <JobTitle title={job.title} />
        </span>
        <span className="sub">
          <SlimTime sinceMs={job.startedAtMs} />
        </span>
      </article>
    );
  const size = sizeOf(job);
  return (
    <article className="slimjob" aria-label={job.title}>
      {job.phase === 'failed' ? (
        <Tally tone="trouble" isSoft isWide>
          {jobsWords.state.failed}
        </Tally>
      ) : (
        <Tally tone="off" isWide>
          {jobsWords.state.done}
        </Tally>
      )}
      <span className="sub" title={job.title}>
        <JobTitle title={job.title} />
      </span>
      <span className="sub">
        {size === null ? '' : `${bytes(size)} `}
        {job.phase === 'failed' ? (
          <LinkBtn
            aria-label={jobsWords.whyOf(job.title)}
            onPress={() => openJobsDialog({ name: 'why', jobId: job.id })}
          >
            {jobsWords.why}
          </LinkBtn>
        ) : (
          <LinkBtn aria-label={jobsWords.files.openOf(job.title)} onPress={() => onToggle(job.id, true)}>
            {jobsWords.files.open}
          </LinkBtn>
        )}
      </span>
    </article>
  );
});

function SlimTime({ sinceMs }: { readonly sinceMs: number | null }) {
  const nowMs = useNow();
  return <>{sinceMs === null ? '--:--:--' : timer(nowMs - sinceMs)}</>;
}
