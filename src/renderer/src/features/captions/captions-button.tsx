import { useState } from 'react';
import { useStore } from 'zustand';
import type { CaptionSession } from '../../../../shared/model/captions.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { Btn } from '../../ui/button.tsx';
import { DialogBox } from '../../ui/dialog.tsx';
import { HoldButton } from '../../ui/hold-button.tsx';
import { StartButton } from '../../ui/start-button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { captionsView, troubled } from './captions-view.ts';
import { useCaptionCalls } from './use-caption-calls.ts';

const text = captionsWords.state;

/** Start, or the state of what runs: a hold of 1 s stops it. */
export function CaptionsButton({ session }: { readonly session: CaptionSession | null }) {
  const hasRoom = useStore(roomsStore, (state) => state.chosenName !== null);
  const startingAtMs = useStore(captionsView, (state) => state.startingAtMs);
  const { start } = useCaptionCalls();
  if (session !== null && session.state !== 'ended') return <RunningButton key={session.id} session={session} />;
  return (
    <StartButton isDisabled={!hasRoom} onStart={start}>
      {startingAtMs === null ? (
        session === null ? (
          captionsWords.start
        ) : (
          captionsWords.startAgain
        )
      ) : (
        <Waited sinceMs={startingAtMs} />
      )}
    </StartButton>
  );
}

function Waited({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <>{text.starting(nowMs - sinceMs)}</>;
}

function RunningButton({ session }: { readonly session: CaptionSession }) {
  const nowMs = useNow();
  const calls = useCaptionCalls();
  const isAsking = useStore(captionsView, (state) => state.isAskingStop);
  const [askedAtMs, setAskedAtMs] = useState<number | null>(null);
  const stop = (): void => {
    captionsView.setState({ isAskingStop: false, note: null });
    setAskedAtMs(Date.now());
    calls.stop(session.id).catch((error: unknown) => {
      setAskedAtMs(null);
      troubled(captionsWords.problem.notStopped(problemOf(error).text));
    });
  };
  const isStopping = session.state === 'stopping' || askedAtMs !== null;
  const stoppingSinceMs = session.state === 'stopping' ? session.stateAtMs : (askedAtMs ?? nowMs);
  const state = isStopping
    ? text.stopping(nowMs - stoppingSinceMs)
    : session.state === 'starting'
      ? text.starting(nowMs - session.stateAtMs)
      : captionsWords.running;
  return (
    <>
      <HoldButton
        className={isStopping || session.state === 'starting' ? 'is-waiting' : ''}
        isSpent={isStopping}
        label={isStopping ? captionsWords.busy(state) : captionsWords.stopLabel(state)}
        onHeld={stop}
        onAsk={() => captionsView.setState({ isAskingStop: true })}
      >
        {state}
      </HoldButton>
      {isAsking ? <StopDialog onStop={stop} /> : null}
    </>
  );
}

/** Asked of whoever cannot hold a button, and by the palette. */
function StopDialog({ onStop }: { readonly onStop: () => void }) {
  const ask = captionsWords.stopAsk;
  const close = (): void => captionsView.setState({ isAskingStop: false });
  return (
    <DialogBox
      title={ask.title}
      role="alertdialog"
      size="narrow"
      onClose={close}
      footer={
        <>
          <span className="push" />
          <Btn isBig onPress={close}>
            {ask.keep}
          </Btn>
          <Btn isBig onPress={onStop}>
            {ask.stop}
          </Btn>
        </>
      }
    >
      <p className="sub">{ask.body}</p>
    </DialogBox>
  );
}
