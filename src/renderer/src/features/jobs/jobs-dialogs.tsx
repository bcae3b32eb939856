import type { ComponentProps } from 'react';
import { useStore } from 'zustand';
import { addressesStore } from '../../stores/addresses.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { HistoryDialog } from '../history/history-dialog.tsx';
import { choiceOf } from '../start/choice-of.ts';
import { foundChoice } from '../start/found-choice.ts';
import { streamChoice } from '../start/start-choice.ts';
import { StartDialog } from '../start/start-dialog.tsx';
import { closeJobsDialog, jobsView, type JobsDialog } from './jobs-view.ts';
import { StopAllDialog, StopOneDialog } from './stop-dialogs.tsx';
import { WhyDialog } from './why-dialog.tsx';

/** The dialogs of the jobs panel, one at a time. */
export function JobsDialogs() {
  const dialog = useStore(jobsView, (state) => state.dialog);
  switch (dialog?.name) {
    case undefined:
      return null;
    case 'start':
      return <StartDialog {...firstOf(dialog)} />;
    case 'why':
      return <WhyDialog jobId={dialog.jobId} />;
    case 'stop-one':
      return <StopOneDialog jobId={dialog.jobId} />;
    case 'history':
      return <HistoryDialog onClose={closeJobsDialog} />;
    case 'stop-all':
      return <StopAllDialog />;
  }
}

/** What the panel begins with: the form of an ended job, of one that others started as far as its server tells. */
function firstOf({ again, isStream }: Extract<JobsDialog, { name: 'start' }>): ComponentProps<typeof StartDialog> {
  if (isStream) return { first: streamChoice(addressesStore.getState().addresses) };
  if (again === undefined) return {};
  if (again.startedBy === 'here') return { first: choiceOf(again.request, again.mode) };
  const { choice, untold } = foundChoice(again.request);
  return { first: choice, note: jobsWords.again.untold(untold.map((what) => jobsWords.again.untoldOf[what])) };
}
