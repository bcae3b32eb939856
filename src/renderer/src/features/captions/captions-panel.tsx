import { useEffect } from 'react';
import { useStore } from 'zustand';
import './captions.css';
import type { CaptionOptions, CaptionSession } from '../../../../shared/model/captions.ts';
import { captionsStore, sessionOf } from '../../stores/captions.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { chosenShow, showsStore } from '../../stores/shows.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { CaptionsHead } from './captions-head.tsx';
import { CaptionsProblem } from './captions-problem.tsx';
import { captionsView, takeShowOptions } from './captions-view.ts';
import { CoverageStrip } from './coverage-strip.tsx';
import { Lines } from './lines.tsx';
import { OptionsDialog } from './options-dialog.tsx';
import { SpokenLog } from './spoken-log.tsx';
import { useOfferCaptionCommands } from './use-offer-caption-commands.ts';
import { useTranscript } from './use-transcript.ts';

/** The words of the room, each with who said it and when. */
export function CaptionsPanel() {
  const roomName = useStore(roomsStore, (state) => state.chosenName);
  const session = useStore(captionsStore, (state) => sessionOf(state.sessions, roomName));
  const problem = useStore(captionsView, (state) => state.problem);
  const sessionId = session?.id ?? null;
  useTranscript(sessionId);
  useOfferCaptionCommands(session);
  useEffect(() => {
    captionsView.setState({
      isFollowing: true,
      seenCount: 0,
      find: null,
      markingAtMs: null,
      isAskingStop: false,
      note: null,
    });
  }, [sessionId]);
  useEffect(() => captionsView.setState({ problem: null }), [roomName]);
  // By value: the same show told anew does not undo what was changed by hand since.
  const ofShow = useStore(showsStore, (state) => JSON.stringify(chosenShow(state)?.captions ?? null));
  useEffect(() => takeShowOptions(JSON.parse(ofShow) as CaptionOptions | null), [ofShow]);
  return (
    <>
      <CaptionsHead session={session} />
      {roomName === null ? null : <CoverageStrip roomName={roomName} session={session} />}
      <CaptionsProblem
        problem={problem ?? session?.problem ?? null}
        {...(problem === null ? {} : { onDismiss: () => captionsView.setState({ problem: null }) })}
      />
      <Body roomName={roomName} session={session} />
      <SpokenLog />
      <OptionsDialog />
    </>
  );
}

function Body({ roomName, session }: { readonly roomName: string | null; readonly session: CaptionSession | null }) {
  const text = captionsWords.blank;
  const isEmpty = useStore(transcriptStore, (state) => state.kept.length === 0 && state.partials.length === 0);
  if (roomName === null) return <Blank title={text.noRoom} hint={text.noRoomHint} />;
  if (session === null) return <Blank title={text.none} hint={text.noneHint} />;
  if (!isEmpty) return <Lines key={session.id} session={session} />;
  if (session.state === 'ended') return <Blank title={text.endedHint} hint={session.text} />;
  return <Blank title={session.state === 'live' ? text.waiting : session.text} hint={text.waitingHint} />;
}

function Blank({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <div className="blank">
      <p>
        <b>{title}</b>
      </p>
      <p className="sub">{hint}</p>
    </div>
  );
}
