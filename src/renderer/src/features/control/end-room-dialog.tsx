import { useStore } from 'zustand';
import { isRunning } from '../../../../shared/model/job.ts';
import { captionsStore } from '../../stores/captions.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { controlWords } from '../../text/control-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { HoldButton } from '../../ui/hold-button.tsx';
import { Tally } from '../../ui/tally.tsx';
import { tallyOf } from '../jobs/job-words.ts';
import { closeControl } from './control-view.ts';
import { ProblemLines } from './problem-lines.tsx';
import { useSend } from './use-send.ts';
import { Waited } from './waited.tsx';

const text = controlWords.end;

/** What ends with a room, before it does; then a hold. */
export function EndRoomDialog({ roomName }: { readonly roomName: string }) {
  const people = useStore(
    roomsStore,
    (state) => state.list?.rooms.find((room) => room.name === roomName)?.peopleCount ?? 0,
  );
  const jobs = useStore(jobsStore, (state) => state.jobs).filter(
    (job) => job.roomName === roomName && isRunning(job) && job.request.kind !== 'web', // a page goes on without a room
  );
  const hasCaptions = useStore(captionsStore, (state) =>
    state.sessions.some((session) => session.roomName === roomName && session.state !== 'ended'),
  );
  const { sinceMs, problem, send } = useSend();
  const end = (): void => {
    void send((core, serverId) => core.endRoom({ serverId, roomName }), closeControl);
  };
  return (
    <DialogBox
      title={text.title(roomName)}
      role="alertdialog"
      onClose={closeControl}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={closeControl}>
            {text.keep}
          </Btn>
          <HoldButton isBig label={text.holdLabel(roomName)} isSpent={sinceMs !== null} onHeld={end} onAsk={end}>
            {sinceMs === null ? text.hold : <Waited sinceMs={sinceMs} words={text.ending} />}
          </HoldButton>
        </>
      }
    >
      <ul className="checks" aria-label={text.list}>
        <li>
          <Tally tone="off" hasEdge>
            {text.peopleWord}
          </Tally>
          <span>{text.people(people)}</span>
        </li>
        {jobs.map((job) => {
          const tally = tallyOf(job, false);
          return (
            <li key={job.id}>
              <Tally tone={tally.tone} isSoft={tally.isSoft}>
                {tally.word}
              </Tally>
              <span className="cut">
                <bdi>{text.job(job.title)}</bdi>
              </span>
            </li>
          );
        })}
        {hasCaptions ? (
          <li>
            <Tally tone="live" isSoft>
              CAP
            </Tally>
            <span>{text.captions}</span>
          </li>
        ) : null}
      </ul>
      <p className="sub">{text.again}</p>
      <ProblemLines problem={problem} />
    </DialogBox>
  );
}
