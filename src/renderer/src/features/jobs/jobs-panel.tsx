import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import './jobs.css';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { historyWords } from '../../text/history-messages.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { PanelHead } from '../../ui/panel-head.tsx';
import { DestinationsFold } from '../destinations/destinations-fold.tsx';
import { JobCard } from './job-card.tsx';
import { JobsDialogs } from './jobs-dialogs.tsx';
import { JobsProblem } from './jobs-problem.tsx';
import { StorageFold } from '../storage/storage-fold.tsx';
import { RulesButton } from '../rules/rules-button.tsx';
import { openJobsDialog } from './jobs-view.ts';
import { RecordingsFold } from './recordings-fold.tsx';
import { SlimJob } from './slim-job.tsx';
import { StartRow } from '../start/start-row.tsx';
import { UndoToast } from './undo-toast.tsx';
import { useOfferJobCommands } from './use-offer-job-commands.ts';

const failedStaysMs = 600_000; // ten minutes: a failure is not hidden in a row while it can still be mended

/** Which jobs have a card: what runs in this room, its newest ended one, and what has just failed anywhere. */
function cardsOf(jobs: readonly Job[], roomName: string | null): ReadonlySet<string> {
  const newestEnded = jobs.find((job) => job.roomName === roomName && !isRunning(job));
  return new Set(
    jobs
      .filter(
        (job) =>
          job === newestEnded ||
          (isRunning(job) && isAtHand(job, roomName)) ||
          (job.phase === 'failed' && Date.now() - job.phaseAtMs < failedStaysMs),
      )
      .map((job) => job.id),
  );
}

/** A web page is in no room, and so at hand in each. */
const isAtHand = (job: Job, roomName: string | null): boolean => job.roomName === roomName || job.roomName === '';

const rank = (job: Job, roomName: string | null): number =>
  isRunning(job) ? (isAtHand(job, roomName) ? 0 : 1) : job.phase === 'failed' ? 2 : 3;

/** What runs, what ended, and where one starts. */
export function JobsPanel() {
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const [openIds, setOpenIds] = useState<ReadonlySet<string>>(new Set());
  useOfferJobCommands();
  const running = jobs.filter(isRunning);
  const here = running.filter((job) => job.roomName === roomName).length;
  const cards = cardsOf(jobs, roomName);
  const shown = jobs.toSorted((a, b) => rank(a, roomName) - rank(b, roomName)); // stable: newest first within a rank
  const toggle = useCallback((id: string, isOpen: boolean): void => {
    setOpenIds((before) => {
      const next = new Set(before);
      if (isOpen) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);
  return (
    <>
      <PanelHead id="h-jobs" title={jobsWords.title}>
        {running.length === 0 ? null : (
          <span className="note cut">
            {here} {roomName === null ? null : <span className="w-opt">{jobsWords.countIn(roomName)}</span>}
          </span>
        )}
        <span className="push" />
        <Btn look="quiet" className="is-inked" onPress={() => openJobsDialog({ name: 'history' })}>
          {historyWords.open}
        </Btn>
        <RulesButton />
        <Btn
          look="quiet"
          className="is-inked"
          isDisabled={running.length === 0}
          onPress={() => openJobsDialog({ name: 'stop-all' })}
        >
          {jobsWords.stopAll.button}
        </Btn>
      </PanelHead>
      <section className="jobs scroll" aria-label={jobsWords.list} tabIndex={shown.length === 0 ? -1 : 0}>
        <JobsProblem />
        {shown.length === 0 ? (
          <div className="blank">
            <p>
              <b>{jobsWords.none}</b>
            </p>
            <p className="sub">{roomName === null ? jobsWords.noRoom : jobsWords.noneHint}</p>
          </div>
        ) : null}
        {shown.map((job) =>
          cards.has(job.id) ? (
            <JobCard key={job.id} job={job} />
          ) : openIds.has(job.id) && !isRunning(job) ? (
            <JobCard key={job.id} job={job} onToggle={toggle} />
          ) : (
            <SlimJob key={job.id} job={job} onToggle={toggle} />
          ),
        )}
      </section>
      <StartRow />
      <DestinationsFold />
      <StorageFold />
      <RecordingsFold />
      <UndoToast />
      <JobsDialogs />
    </>
  );
}
