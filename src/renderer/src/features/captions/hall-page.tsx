import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import './hall.css';
import type { CaptionSession, TranscriptEntry, Utterance } from '../../../../shared/model/captions.ts';
import { useApi } from '../../api-context.ts';
import { sessionOf } from '../../stores/captions.ts';
import { linkStore } from '../../stores/link.ts';
import { transcriptStore } from '../../stores/transcript.ts';
import { captionsWords } from '../../text/captions-messages.ts';
import { useNow } from '../../ui/use-now.ts';
import { SpokenLog } from './spoken-log.tsx';
import { useTranscript } from './use-transcript.ts';

const text = captionsWords.hall;
const shownLines = 6; // more never fit above the fold of a screen

/**
 * The big-text page for the hall: `/captions?room=…`, with `&server=…` where it is not the chosen one. `#clear` drops the
 * ground, for a browser source over a picture.
 */
export function HallPage() {
  const query = new URLSearchParams(location.search);
  const roomName = query.get('room');
  const session = useHallSession(roomName, query.get('server'));
  useTranscript(session?.id ?? null);
  useEffect(() => {
    document.title = text.title(roomName ?? '');
  }, [roomName]);
  return (
    <div className={location.hash === '#clear' ? 'hall clear' : 'hall'}>
      <HallLines session={session} />
      <SpokenLog />
      <footer>
        <span>
          <bdi>{roomName ?? text.noRoom}</bdi>
        </span>
        {roomName === null ? null : <HallState session={session} />}
      </footer>
    </div>
  );
}

/** The running session of the room, else its newest; null before the first. */
function useHallSession(roomName: string | null, serverId: string | null): CaptionSession | null {
  const api = useApi();
  const [chosenId, setChosenId] = useState<string | null>(serverId);
  const [heard, setHeard] = useState<{ readonly of: string; readonly sessions: readonly CaptionSession[] } | null>(
    null,
  );
  useEffect(() => {
    if (serverId !== null) return;
    return api.follow(
      (core, options) => core.servers({}, options),
      (item) => setChosenId(item.chosenId),
    );
  }, [api, serverId]);
  useEffect(() => {
    if (chosenId === null) return;
    return api.follow(
      (core, options) => core.captionSessions({ serverId: chosenId }, options),
      (item) => setHeard({ of: chosenId, sessions: item.sessions }),
    );
  }, [api, chosenId]);
  return heard !== null && heard.of === chosenId ? sessionOf(heard.sessions, roomName) : null;
}

const isLine = (entry: TranscriptEntry): entry is Utterance => entry.type === 'utterance';

function HallLines({ session }: { readonly session: CaptionSession | null }) {
  const kept = useStore(transcriptStore, (state) => state.kept);
  const partials = useStore(transcriptStore, (state) => state.partials);
  const finals = kept
    .slice(-4 * shownLines)
    .filter(isLine)
    .slice(-shownLines);
  const lines = [...finals, ...partials];
  const hueOf = new Map(session?.speakers.map((speaker) => [speaker.identity, speaker.hue]));
  return (
    // What is read aloud stands in the log beside it, without what may still change.
    <main aria-hidden="true">
      {lines
        .map((line, index) => (
          <article
            key={line.id}
            className={line.isFinal ? (index < finals.length - 1 ? 'old' : '') : 'partial'}
            style={{ ['--sp' as string]: `var(--speaker-${hueOf.get(line.identity) ?? 1})` }}
          >
            {lines[index - 1]?.identity === line.identity ? null : <h2 dir="auto">{line.name}</h2>}
            <p dir="auto" lang={line.language === '' ? undefined : line.language}>
              {line.text}
            </p>
          </article>
        ))
        .toReversed()}
    </main>
  );
}

function HallState({ session }: { readonly session: CaptionSession | null }) {
  const link = useStore(linkStore);
  const nowMs = useNow();
  if (link.state === 'lost') return <output>{text.lost(nowMs - link.sinceMs)}</output>;
  if (link.state === 'connecting') return <span>{text.connecting}</span>;
  if (session === null) return <span>{text.off}</span>;
  switch (session.state) {
    case 'starting':
      return <span>{text.starting}</span>;
    case 'reconnecting':
      return <span>{text.reconnecting(nowMs - session.stateAtMs)}</span>;
    case 'ended':
      return <span>{text.ended}</span>;
    case 'live':
    case 'stopping':
      return (
        <span>
          {text.by}
          {session.delayMs === null ? null : (
            <>
              {', '}
              <b>{text.behind(session.delayMs)}</b>
            </>
          )}
        </span>
      );
  }
}
