import { randomUUID } from 'node:crypto';
import type { CaptionSession, Gap, TranscriptEntry } from '../../shared/model/captions.ts';
import type { Incident } from '../../shared/model/incident.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { breaksOf } from './ledger.ts';
import type { CaptionStore } from './ports.ts';

/** Ends every session that ran when the console died: its transcript stays, and the time since is a dated gap. */
export function recoverSessions(options: {
  readonly store: CaptionStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly onIncident: (incident: Incident) => void;
}): void {
  const { store, clock, log, onIncident } = options;
  for (const session of store.running()) {
    const nowMs = clock.nowMs();
    const entries = store.entries(session.id);
    const zeroMs = session.startedAtMs ?? session.stateAtMs;
    const startMs = Math.min(Math.max(0, store.lastHeardMs(session.id)), Math.max(0, nowMs - zeroMs));
    const cause = 'Cuedesk had stopped';
    const gap: Gap = {
      type: 'gap',
      id: 'gap-console-stopped',
      seq: Math.max(0, ...entries.map((entry) => entry.seq)) + 1,
      identity: null,
      name: null,
      startMs,
      endMs: Math.max(startMs, nowMs - zeroMs),
      cause,
    };
    store.saveEntry(session.id, gap);
    const ended: CaptionSession = {
      ...session,
      state: 'ended',
      stateAtMs: nowMs,
      text: 'Ended when Cuedesk stopped; the transcript was kept',
      endedAtMs: nowMs,
      speakers: session.speakers.map((speaker) => ({ ...speaker, state: 'left' })),
      lineCount: entries.filter(isLine).length,
      gapCount: breaksOf([...entries.filter((entry) => entry.type === 'gap'), gap]),
    };
    store.saveSession(ended, session.stateAtMs);
    log.warn('A caption session was found unfinished and was ended', { session: session.id, heardUntilMs: startMs });
    onIncident({
      id: randomUUID(),
      atMs: nowMs,
      kind: 'gap',
      state: 'closed',
      serverId: session.serverId,
      roomName: session.roomName,
      jobId: null,
      what: 'Captions ended when Cuedesk stopped',
      detail: `Nothing was heard from ${new Date(zeroMs + startMs).toISOString()} on`,
      done: `${ended.lineCount} lines were kept; the gap is in the transcript`,
      closedAtMs: nowMs,
    });
  }
}

const isLine = (entry: TranscriptEntry): boolean => entry.type === 'utterance';
