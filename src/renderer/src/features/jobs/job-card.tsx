import { memo, useState } from 'react';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { timer } from '../../../../shared/text/figures.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn, LinkBtn } from '../../ui/button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { Timer } from '../../ui/timer.tsx';
import { useNow } from '../../ui/use-now.ts';
import { SessionEndNote } from '../limits/session-end-note.tsx';
import { FileCheckNote } from '../storage/file-check-note.tsx';
import { DestinationRows } from '../destinations/destination-rows.tsx';
import { useIsUnknown } from './use-is-unknown.ts';
import { HandOverNote } from './hand-over-note.tsx';
import { JobButton } from './job-button.tsx';
import { FileButtons, GrowingPlaylist, MoreFiles } from './job-files.tsx';
import { JobTitle } from './job-title.tsx';
import { JobWarnings } from './job-warnings.tsx';
import { hasLostEgress, lengthMs, mainFile, sublineOf, tallyOf } from './job-words.ts';
import { openJobsDialog } from './jobs-view.ts';
import { StartAgain } from './start-again.tsx';
import { CancelWait, WaitingNote } from './waiting-note.tsx';
import { isUnanswered, UnansweredNote } from './unanswered-note.tsx';

/** One job at full height: its tally, name and time, then who does it and where, then what there is to say about it. */
export const JobCard = memo(function JobCard({
  job,
  onToggle,
}: {
  readonly job: Job;
  /** Given where the card can be folded to a row again. */
  readonly onToggle?: (jobId: string, isOpen: boolean) => void;
}) {
  const isUnknown = useIsUnknown(job);
  const [trouble, setTrouble] = useState<string | null>(null);
  const tally = tallyOf(job, isUnknown);
  const main = mainFile(job);
  return (
    <article className="job" aria-label={job.title}>
      <Tally tone={tally.tone} isSoft={tally.isSoft} hasEdge={tally.hasEdge}>
        {tally.word}
      </Tally>
      <h3 title={job.title}>
        <JobTitle title={job.title} />
      </h3>
      <JobTimer job={job} />
      <div className="l2">
        <span className="sub cut" title={main?.location}>
          <bdi>{sublineOf(job)}</bdi>
        </span>
        {job.phase === 'waiting' ? (
          <CancelWait job={job} onTrouble={setTrouble} />
        ) : isRunning(job) ? (
          <JobButton job={job} />
        ) : job.phase === 'failed' ? (
          <Btn
            look="trouble"
            aria-label={`${job.title}: ${jobsWords.state.failedWhy}`}
            onPress={() => openJobsDialog({ name: 'why', jobId: job.id })}
          >
            {jobsWords.state.failedWhy}
          </Btn>
        ) : main ? (
          <FileButtons job={job} file={main} onTrouble={setTrouble} />
        ) : null}
      </div>
      {job.phase === 'waiting' ? <WaitingNote job={job} onTrouble={setTrouble} /> : <JobNote job={job} />}
      <GrowingPlaylist job={job} />
      {main ? <FileCheckNote job={job} file={main} /> : null}
      <SessionEndNote job={job} />
      <HandOverNote job={job} />
      <DestinationRows job={job} />
      <JobWarnings job={job} onTrouble={setTrouble} />
      {trouble === null ? null : (
        <p className="l3 sub warn" role="alert">
          {trouble}
        </p>
      )}
      {isRunning(job) && job.engine === 'egress' ? null : <MoreFiles job={job} main={main} onTrouble={setTrouble} />}
      {isRunning(job) ? null : <StartAgain job={job} />}
      {onToggle ? (
        <p className="l3">
          <LinkBtn onPress={() => onToggle(job.id, false)} aria-label={jobsWords.files.foldOf(job.title)}>
            {jobsWords.files.fold}
          </LinkBtn>
        </p>
      ) : null}
    </article>
  );
});

function JobTimer({ job }: { readonly job: Job }) {
  if (isRunning(job))
    return <Timer className="timer" sinceMs={job.startedAtMs} label={jobsWords.recording(job.title)} />;
  const ms = lengthMs(job);
  return <span className="timer dim">{ms === null ? '--:--:--' : timer(ms)}</span>;
}

/** The third line: only where there is something to say that the first two do not. */
function JobNote({ job }: { readonly job: Job }) {
  const why = (
    <LinkBtn aria-label={jobsWords.whyOf(job.title)} onPress={() => openJobsDialog({ name: 'why', jobId: job.id })}>
      {jobsWords.why}
    </LinkBtn>
  );
  if (isUnanswered(job)) return <UnansweredNote job={job} />;
  if (job.phase === 'failed') return <p className="l3 sub">{job.text}</p>;
  if (job.refusal || hasLostEgress(job))
    return (
      <p className="l3 sub">
        {job.text} {why}
      </p>
    );
  if (job.phase === 'recording' && job.engine === 'egress')
    return job.desk?.status === 'recording' && job.desk.startedAtMs !== null ? (
      <HereToo sinceMs={job.desk.startedAtMs} />
    ) : job.startedBy === 'elsewhere' ? (
      <p className="l3 note">{jobsWords.elsewhere}</p>
    ) : null;
  const isPlain = job.phase === 'recording' && job.egress === null && !job.desk?.holes.length;
  if (isPlain) return null;
  return job.text === '' ? null : <p className="l3 note">{job.text}</p>;
}

function HereToo({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <p className="l3 note">{jobsWords.keptHereToo(nowMs - sinceMs)}</p>;
}
