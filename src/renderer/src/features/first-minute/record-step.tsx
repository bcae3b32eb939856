import { useStore } from 'zustand';
import { bytes, timer } from '../../../../shared/text/figures.ts';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { runCommand } from '../../commands/registry.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { openDialog } from '../../stores/view.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { seconds } from '../../text/format.ts';
import { Btn } from '../../ui/button.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { mainFile } from '../jobs/job-words.ts';
import { Step } from './step.tsx';

const text = dialogWords.first.record;

/** The first step: a recording that becomes a file that plays. Follows the newest one, whoever started it. */
export function RecordStep({ serverId }: { readonly serverId: string }) {
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const jobs = useStore(jobsStore, (state) => state.jobs).filter(
    (job) => job.serverId === serverId && !isOnlyStream(job.request),
  );
  // One that waits for its hour, or to be asked again, is not on its way.
  const running = jobs.find((job) => isRunning(job) && job.phase !== 'armed' && job.phase !== 'waiting');
  const played = jobs.flatMap((job) => {
    const file = mainFile(job);
    return file?.isComplete && file.isLocal ? [{ job, file }] : [];
  })[0];
  if (running)
    return (
      <Step n={1} title={text.title} state="now" body={text.running}>
        <RunningState job={running} />
      </Step>
    );
  if (played) {
    const { job, file } = played;
    return (
      <Step
        n={1}
        title={text.title}
        state="done"
        body={text.done(file.name, timer(file.durationMs ?? 0), bytes(file.bytes ?? 0))}
      >
        <Btn onPress={() => openDialog({ name: 'player', jobId: job.id, fileId: file.id, fileName: file.name })}>
          {text.play}
        </Btn>
      </Step>
    );
  }
  const hasFailed = jobs[0]?.phase === 'failed';
  return (
    <Step n={1} title={text.title} state="now" body={hasFailed ? text.failed : text.idle}>
      <StartButton isDisabled={!hasRoom} onStart={() => runCommand('job.start')}>
        {text.action}
      </StartButton>
    </Step>
  );
}

function RunningState({ job }: { readonly job: Job }) {
  const nowMs = useNow();
  const since = seconds(nowMs - job.phaseAtMs);
  const label =
    job.phase === 'stopping'
      ? text.stopping(since)
      : job.startedAtMs === null
        ? text.starting(since)
        : text.recording(timer(nowMs - job.startedAtMs));
  return <span className="good sub">{label}</span>;
}
