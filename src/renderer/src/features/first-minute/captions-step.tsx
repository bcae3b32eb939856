import { useStore } from 'zustand';
import { runCommand } from '../../commands/registry.ts';
import { captionsStore } from '../../stores/captions.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { dialogWords } from '../../text/dialog-messages.ts';
import { seconds } from '../../text/format.ts';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Step } from './step.tsx';

const text = dialogWords.first.captions;

/** The second step: words under the room, each with its delay. */
export function CaptionsStep() {
  const sessions = useStore(captionsStore, (state) => state.sessions);
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const nowMs = useNow();
  const since = (atMs: number): string => seconds(nowMs - atMs);
  const running = sessions.find((session) => session.state !== 'ended');
  const spoken = running ?? sessions[0];
  if (spoken && spoken.lineCount > 0 && spoken.delayMs !== null)
    return (
      <Step n={2} title={text.title} state="done" body={text.done(spoken.lineCount, spoken.delayMs)}>
        {running ? <span className="sub">{text.live}</span> : null}
      </Step>
    );
  return (
    <Step n={2} title={text.title} state={running ? 'now' : 'next'} body={text.idle}>
      {running ? (
        <>
          <span className="sub">
            {running.state === 'live'
              ? text.listening(since(running.stateAtMs))
              : text.starting(since(running.stateAtMs))}
          </span>
          <span className="note cut">{running.text}</span>
        </>
      ) : (
        <StartButton isDisabled={!hasRoom} onStart={() => runCommand('captions.start')}>
          {text.action}
        </StartButton>
      )}
    </Step>
  );
}
