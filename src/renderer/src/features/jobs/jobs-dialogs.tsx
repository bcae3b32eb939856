import { useStore } from 'zustand';
import { HistoryDialog } from '../history/history-dialog.tsx';
import { closeJobsDialog, jobsView } from './jobs-view.ts';
import { choiceOf } from '../start/choice-of.ts';
import { StartDialog } from '../start/start-dialog.tsx';
import { StopAllDialog, StopOneDialog } from './stop-dialogs.tsx';
import { WhyDialog } from './why-dialog.tsx';

/** The dialogs of the jobs panel, one at a time. */
export function JobsDialogs() {
  const dialog = useStore(jobsView, (state) => state.dialog);
  switch (dialog?.name) {
    case undefined:
      return null;
    case 'start':
      return dialog.again === undefined ? (
        <StartDialog />
      ) : (
        <StartDialog first={choiceOf(dialog.again.request, dialog.again.mode)} />
      );
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
