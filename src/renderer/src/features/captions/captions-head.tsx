import { useStore } from 'zustand';
import type { CaptionSession } from '../../../../shared/model/captions.ts';
import { clockUtc } from '../../../../shared/text/utc.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { delay } from '../../text/format.ts';
import { ToggleBtn } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copyable.tsx';
import { PanelHead } from '../../ui/panel-head.tsx';
import { Tally } from '../../ui/tally.tsx';
import { useIsCoreAway } from '../../ui/use-stale.ts';
import { useNow } from '../../ui/use-now.ts';
import { CaptionsButton } from './captions-button.tsx';
import { captionsView } from './captions-view.ts';
import { ExportMenu } from './export-menu.tsx';
import { FeedMenu } from './feed-menu.tsx';
import { Find } from './find-bar.tsx';
import { MarkerBox } from './marker-box.tsx';
import { stopFollowing } from './use-follow.ts';

/** The head of the panel: state and delay at the left, what one does with the lines at the right. */
export function CaptionsHead({ session }: { readonly session: CaptionSession | null }) {
  const isRunning = session !== null && session.state !== 'ended';
  const hasLines = useStore(transcriptStore, (state) => state.kept.length > 0);
  return (
    <PanelHead id="h-cap" title={captionsWords.title}>
      {session === null ? null : <SessionState session={session} />}
      {isRunning ? (
        <span className="sub w-opt">
          {`${session.language === '' ? captionsWords.anyShort : session.language} · ${captionsWords.feedShort[session.feed]}`}
        </span>
      ) : null}
      {session === null ? null : (
        <span className="sub w-opt">{captionsWords.counts(session.lineCount, session.gapCount)}</span>
      )}
      <Note />
      <span className="push" />
      {isRunning ? null : <FeedMenu />}
      <CaptionsButton session={session} />
      {session !== null && hasLines ? (
        <>
          <Follow />
          <Find />
        </>
      ) : null}
      {isRunning ? <MarkerBox sessionId={session.id} /> : null}
      {session === null ? null : <ExportMenu session={session} />}
    </PanelHead>
  );
}

function SessionState({ session }: { readonly session: CaptionSession }) {
  const text = captionsWords.state;
  const isCoreAway = useIsCoreAway();
  if (isCoreAway && session.state !== 'ended')
    return (
      <Tally tone="off" hasEdge>
        CAP ?
      </Tally>
    );
  switch (session.state) {
    case 'starting':
      return (
        <>
          <Tally tone="armed" isSoft>
            CAP
          </Tally>
          <span className="sub cut">{session.text}</span>
        </>
      );
    case 'live':
    case 'stopping':
      return (
        <>
          <Tally tone="live">CAP</Tally>
          <Delay delayMs={session.delayMs} />
        </>
      );
    case 'reconnecting':
      return (
        <>
          <Tally tone="trouble">CAP</Tally>
          <Reconnecting sinceMs={session.stateAtMs} />
          <span className="sub cut" title={session.text}>
            {session.text}
          </span>
        </>
      );
    case 'ended':
      return (
        <>
          <Tally tone="off" hasEdge>
            CAP
          </Tally>
          <span className="sub">{text.ended(clockUtc(session.endedAtMs ?? session.stateAtMs))}</span>
        </>
      );
  }
}

function Delay({ delayMs }: { readonly delayMs: number | null }) {
  if (delayMs === null) return <span className="sub">{captionsWords.noDelay}</span>;
  return (
    <>
      <Copyable text={delay(delayMs)} label={captionsWords.delayLabel} />
      <span className="mark">{captionsWords.delay}</span>
    </>
  );
}

function Reconnecting({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return <span className="warn mono no-wrap">{captionsWords.state.reconnecting(nowMs - sinceMs)}</span>;
}

/** What the last export, marker or stop answered. */
function Note() {
  const note = useStore(captionsView, (state) => state.note);
  return <output className={note?.isTrouble ? 'sub warn cut' : 'note cut'}>{note?.text ?? ''}</output>;
}

function Follow() {
  const isFollowing = useStore(captionsView, (state) => state.isFollowing);
  const seen = useStore(captionsView, (state) => state.seenCount);
  const came = useStore(transcriptStore, (state) => state.cameCount);
  const fresh = isFollowing ? 0 : Math.max(0, came - seen);
  return (
    <ToggleBtn
      isSelected={isFollowing}
      onChange={(isOn) => (isOn ? captionsView.setState({ isFollowing: true }) : stopFollowing())}
    >
      {fresh === 0 ? captionsWords.follow : captionsWords.followNew(fresh)}
    </ToggleBtn>
  );
}
