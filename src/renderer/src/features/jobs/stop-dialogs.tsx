import { useState } from 'react';
import { useStore } from 'zustand';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { timer } from '../../../../shared/text/figures.ts';
import { captionsStore } from '../../stores/captions.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { Check } from '../../ui/field.tsx';
import { HoldButton } from '../../ui/hold-button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useNow } from '../../ui/use-now.ts';
import { endsWith, isOnlyCopy, tallyOf } from './job-words.ts';
import { closeJobsDialog } from './jobs-view.ts';
import { beginStop } from './pending-stop.ts';

/** What would end, before it does, and what of it shall go on; the hold begins the 5 s in which it can be taken back. */
export function StopAllDialog() {
  const text = jobsWords.stopAll;
  const jobs = useStore(jobsStore, (state) => state.jobs).filter(isRunning);
  const hasCaptions = useStore(captionsStore, (state) => state.sessions.some((each) => each.state !== 'ended'));
  const nowMs = useNow();
  const [keptIds, setKeptIds] = useState<ReadonlySet<string>>(new Set());
  const ends = jobs.filter((job) => !keptIds.has(job.id));
  const isAll = ends.length === jobs.length;
  const choose = (job: Job, isEnding: boolean): void => {
    const next = new Set(keptIds);
    for (const { id } of endsWith(job, jobs)) {
      if (isEnding) next.delete(id);
      else next.add(id);
    }
    setKeptIds(next);
  };
  const stop = (): void => {
    beginStop(ends);
    closeJobsDialog();
  };
  return (
    <DialogBox
      title={isAll ? text.title(jobs.length) : text.titleSome(ends.length, jobs.length)}
      role="alertdialog"
      onClose={closeJobsDialog}
      footer={
        <>
          <span className="sub">{hasCaptions ? text.captions : ''}</span>
          <span className="push" />
          <Btn isBig onPress={closeJobsDialog}>
            {text.keep}
          </Btn>
          <HoldButton
            isBig
            label={isAll ? text.holdLabel : text.holdSomeLabel(ends.length)}
            isDisabled={ends.length === 0}
            onHeld={stop}
            onAsk={stop}
          >
            {isAll ? text.hold : text.holdSome(ends.length)}
          </HoldButton>
        </>
      }
    >
      <ul className="checks" aria-label={text.list}>
        {jobs.map((job) => {
          const tally = tallyOf(job, false);
          return (
            <li key={job.id} className="pickable">
              <Check isOn={!keptIds.has(job.id)} onChange={(isEnding) => choose(job, isEnding)}>
                <Tally tone={tally.tone} isSoft={tally.isSoft}>
                  {tally.word}
                </Tally>{' '}
                <bdi>{jobsWords.inRoom(job.roomName, job.title)}</bdi>{' '}
                {isOnlyCopy(job) ? <span className="mark">{text.onlyCopy}</span> : null}
              </Check>
              <span className="mono">{job.startedAtMs === null ? '--:--:--' : timer(nowMs - job.startedAtMs)}</span>
            </li>
          );
        })}
      </ul>
    </DialogBox>
  );
}

/** Asked of whoever cannot hold a button, such as a screen reader's click. */
export function StopOneDialog({ jobId }: { readonly jobId: string }) {
  const text = jobsWords.stopOne;
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const job = jobs.find((each) => each.id === jobId);
  if (!job) return null;
  const ends = endsWith(job, jobs);
  const isAlone = ends.length < 2;
  const stop = (): void => {
    beginStop(ends);
    closeJobsDialog();
  };
  return (
    <DialogBox
      title={isAlone ? text.title(job.title) : text.titleAll(ends.length)}
      role="alertdialog"
      size="narrow"
      onClose={closeJobsDialog}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeJobsDialog}>
            {text.keep}
          </Btn>
          <Btn isBig onPress={stop}>
            {isAlone ? text.stop : text.stopAll(ends.length)}
          </Btn>
        </>
      }
    >
      <p className="sub">{isAlone ? text.body : text.bodyAll}</p>
      {isAlone ? null : (
        <ul aria-label={text.list}>
          {ends.map(({ id, title }) => (
            <li key={id}>
              <bdi>{title}</bdi>
            </li>
          ))}
        </ul>
      )}
    </DialogBox>
  );
}
