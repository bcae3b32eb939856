import type { AutoStop, Job } from '../../../../shared/model/job.ts';
import { chooseRoom } from '../../stores/rooms.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { LinkBtn } from '../../ui/button.tsx';
import { openJobsDialog } from './jobs-view.ts';
import { useStartJob } from './use-job-commands.ts';

const text = jobsWords.again;

/** What ended it by itself ends it again, but for a time of the clock: that has passed. */
function again(autoStop: AutoStop | null): { readonly autoStop?: AutoStop } {
  if (autoStop === null) return {};
  const next = { ...autoStop, atMs: null };
  return Object.values(next).every((each) => each === null) ? {} : { autoStop: next };
}

/** An ended job once more: in one press as it was, in its own room, or with changes in the start panel. One that others started is known in part only. */
export function StartAgain({ job }: { readonly job: Job }) {
  const start = useStartJob();
  const { mode, request, roomName, title } = job;
  const change = (): void => {
    if (roomName !== '') chooseRoom(roomName); // a web page is in none
    openJobsDialog({ name: 'start', again: job });
  };
  if (job.startedBy === 'elsewhere')
    return (
      <p className="l3">
        <LinkBtn aria-label={text.foundOf(title)} onPress={change}>
          {text.found}
        </LinkBtn>
      </p>
    );
  return (
    <p className="l3">
      <LinkBtn
        aria-label={text.startOf(title)}
        onPress={() => start({ mode, request, roomName, title, ...again(job.autoStop) })}
      >
        {text.start}
      </LinkBtn>{' '}
      <span className="note">{text.or}</span>{' '}
      <LinkBtn aria-label={text.changesOf(title)} onPress={change}>
        {text.changes}
      </LinkBtn>
    </p>
  );
}
