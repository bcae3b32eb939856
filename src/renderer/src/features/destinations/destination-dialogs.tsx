import { useStore } from 'zustand';
import type { Job } from '../../../../shared/model/job.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { AddDestinationDialog } from './add-destination-dialog.tsx';
import { destinationsView } from './destinations-view.ts';
import { DropDestinationDialog } from './drop-destination-dialog.tsx';
import { LayoutDialog } from './layout-dialog.tsx';

/** The dialogs about the destinations and the layout of a job that runs, one at a time. */
export function DestinationDialogs() {
  const dialog = useStore(destinationsView, (state) => state.dialog);
  const job = useStore(jobsStore, (state) => state.jobs.find((each) => each.id === dialog?.jobId) ?? null);
  return dialog === null || job === null ? null : <OneDialog job={job} dialog={dialog} />;
}

function OneDialog(props: {
  readonly job: Job;
  readonly dialog: NonNullable<ReturnType<typeof destinationsView.getState>['dialog']>;
}) {
  const { job, dialog } = props;
  switch (dialog.name) {
    case 'add':
      return <AddDestinationDialog job={job} replaces={dialog.replaces} />;
    case 'drop':
      return <DropDestinationDialog job={job} destinationId={dialog.destinationId} />;
    case 'layout':
      return <LayoutDialog job={job} />;
  }
}
