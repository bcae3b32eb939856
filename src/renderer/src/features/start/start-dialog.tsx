import { useStore } from 'zustand';
import { isRunning } from '../../../../shared/model/job.ts';
import { isOnlyStream } from '../../../../shared/model/streaming.ts';
import { keysText } from '../../commands/use-keys.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { words } from '../../text/messages.ts';
import { startWords } from '../../text/start-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { closeJobsDialog, jobsView } from '../jobs/jobs-view.ts';
import { useStartJob, type StartOrder } from '../jobs/use-job-commands.ts';
import { SaveInShow } from '../shows/save-in-show.tsx';
import { StartBody } from './start-body.tsx';
import { firstChoice, isStreamOnly, type StartChoice } from './start-choice.ts';
import { timedStart, type Timing } from '../../../../shared/model/timing.ts';
import { useModEnter } from './use-mod-enter.ts';
import { useStartForm } from './use-start-form.ts';

const text = jobsWords.start;

/** The start panel of the chosen room, with the plan beside it: the verdict follows each field. */
export function StartDialog(props: {
  readonly first?: StartChoice;
  /** What is to be known of what it begins with. */
  readonly note?: string;
}) {
  const { first = firstChoice, note } = props;
  const serverId = useStore(serversStore, (state) => state.chosenId);
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  return serverId === null || roomName === null ? null : (
    <StartPanel serverId={serverId} roomName={roomName} first={first} note={note} />
  );
}

interface StartPanelProps {
  readonly serverId: string;
  readonly roomName: string;
  readonly first: StartChoice;
  readonly note: string | undefined;
}

function StartPanel({ serverId, roomName, first, note }: StartPanelProps) {
  const form = useStartForm(serverId, roomName, first);
  const { order, verdict } = form;
  const people = useStore(roomsStore, (state) => state.detail?.people.length ?? 0);
  const running = useStore(
    jobsStore,
    (state) =>
      state.jobs.filter((job) => job.roomName === roomName && isRunning(job) && !isOnlyStream(job.request)).length,
  );
  const startingAtMs = useStore(jobsView, (state) => state.startingAtMs);
  const problem = useStore(jobsView, (state) => state.problem);
  const startJob = useStartJob();
  const can = order !== null && verdict.plan !== null && verdict.plan.verdict !== 'none'; // one more press while it starts is deaf by itself, and a disabled button loses the focus
  const start = (): void => {
    if (order !== null && can) startJob({ ...order, ...timed(form.choice.timing) });
  };
  useModEnter(start);
  const { beginsAt } = form.choice.timing;
  const isStream = isStreamOnly(form.choice);
  const action =
    beginsAt !== '' && can
      ? startWords.timing.arm(beginsAt)
      : isStream && verdict.plan?.verdict !== 'none'
        ? text.actionStream
        : text.action[verdict.plan?.verdict ?? 'egress'];
  return (
    <DialogBox
      title={isStream ? text.titleStream : text.title}
      mark={text.mark(roomName, people)}
      size="wide"
      onClose={closeJobsDialog}
      footer={
        <>
          <span className="note">{text.keys(`${keysText('Mod+')} Enter`.replaceAll(/\s+/g, ' '))}</span>
          {running === 0 ? null : <span className="note">{text.running(running)}</span>}
          <span className="push" />
          <SaveInShow order={order} timing={form.choice.timing} />
          <Btn isBig onPress={closeJobsDialog}>
            {words.common.cancel}
          </Btn>
          <StartButton isBig look="first" isDisabled={!can} onStart={start}>
            {startingAtMs === null ? action : <Waited sinceMs={startingAtMs} />}
          </StartButton>
        </>
      }
    >
      <StartBody form={form} roomName={roomName} failed={problem} note={note} />
    </DialogBox>
  );
}

/** The moments as they are at the press; nothing where it begins at once and ends by a press. */
function timed(timing: Timing): Pick<StartOrder, 'startAtMs' | 'autoStop'> {
  const { startAtMs, autoStop } = timedStart(timing, Date.now());
  return { ...(startAtMs !== null && { startAtMs }), ...(autoStop !== null && { autoStop }) };
}

function Waited({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <>{text.starting(nowMs - sinceMs)}</>;
}
