import { useStore } from 'zustand';
import { jobsView } from './jobs-view.ts';
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
      return <StartDialog />;
    case 'why':
      return <WhyDialog jobId={dialog.jobId} />;
    case 'stop-one':
      return <StopOneDialog jobId={dialog.jobId} />;
    case 'stop-all':
      return <StopAllDialog />;
  }
}
