import { noResults } from '../../src/shared/model/egress-results.ts';
import type { CaptionSession, TranscriptEntry } from '../../src/shared/model/captions.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import type { Job } from '../../src/shared/model/job.ts';
import type { Limit } from '../../src/shared/model/limit.ts';
import type { Person, RoomDetail, RoomSummary, Sight, Tally } from '../../src/shared/model/room.ts';
import type { Server } from '../../src/shared/model/server.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { plainJob } from './job-stores.ts';

/** Values of the contract for a scripted show: shapes as the core gives them, figures made up. */

export const current = (nowMs: number): Sight => ({
  state: 'current',
  asOfMs: nowMs,
  roundTripMs: 12,
  by: 'events',
  triesSoFar: 0,
  nextTryAtMs: null,
});

export const stale = (asOfMs: number, nextTryAtMs: number): Sight => ({
  state: 'stale',
  asOfMs,
  roundTripMs: null,
  by: 'polling',
  triesSoFar: 4,
  nextTryAtMs,
  problem: {
    code: 'server-unreachable',
    fault: 'network',
    retryable: true,
    text: 'The server cannot be reached.',
    said: 'ETIMEDOUT',
  },
});

export function server(id: string, name: string, kind: Server['kind'] = 'self-hosted'): Server {
  return {
    id,
    name,
    kind,
    url: kind === 'rehearsal' ? 'ws://127.0.0.1:7880' : `wss://${id}.example`,
    apiKey: 'APIq7mWn4tXe2',
    secretHint: '••••3f',
    protection: kind === 'rehearsal' ? 'this-run' : 'keychain',
    egress: 'present',
    webhookUrl: null,
  };
}

export function room(name: string, peopleCount: number, tally: Tally[] = [], createdAtMs = 1_000): RoomSummary {
  return { name, sid: `RM_${name}`, createdAtMs, peopleCount, tally };
}

export function person(name: string, part: Partial<Person> = {}): Person {
  const identity = part.identity ?? name.toLowerCase().replaceAll(' ', '-');
  return {
    sid: `PA_${identity}`,
    identity,
    name,
    kind: 'standard',
    joinedAtMs: 1_000,
    tracks: [
      {
        sid: `TR_${identity}`,
        kind: 'audio',
        source: 'microphone',
        name: 'mic',
        isMuted: part.isMuted ?? false,
        isEncrypted: false,
      },
    ],
    isMuted: false,
    isSpeaking: false,
    ...part,
  };
}

export const cast: readonly Person[] = [
  person('Ada Lindqvist', { joinedAtMs: 1_000 }),
  person('Bảo Nguyễn', { joinedAtMs: 2_000, isSpeaking: true }),
  person('Carla Ferreira', { joinedAtMs: 3_000, isMuted: true }),
  person('田中 美咲', { joinedAtMs: 4_000 }),
  person('Олена Ковальчук', { joinedAtMs: 5_000 }),
  person('يوسف الحداد', { joinedAtMs: 6_000 }),
];

export function detail(
  serverId: string,
  name: string,
  people: readonly Person[],
  nowMs: number,
  tally: Tally[] = [],
): RoomDetail {
  return {
    serverId,
    name,
    sight: current(nowMs),
    exists: true,
    createdAtMs: 1_000,
    people: [...people],
    tally: Object.fromEntries(people.map((each) => [each.identity, tally])),
  };
}

export const limits = (): Limit[] => [
  {
    id: 'egress',
    label: 'Egress sessions',
    inUse: 2,
    limit: 2,
    unit: 'sessions',
    source: 'declared',
    atMs: 1_000,
    note: 'declared by you',
    full: 'the next recording starts here',
  },
  {
    id: 'captions',
    label: 'Captions',
    inUse: 1,
    limit: 1,
    unit: 'sessions',
    source: 'learned',
    atMs: 1_000,
    note: 'learned 09:12 from a refusal',
    full: 'no further caption session starts',
  },
  {
    id: 'desk',
    label: 'Desk engine',
    inUse: 1,
    limit: 3,
    unit: 'sessions',
    source: 'measured',
    atMs: null,
    note: 'measured',
    full: null,
  },
  {
    id: 'disk',
    label: 'Disk',
    inUse: null,
    limit: 11_520_000,
    unit: 'ms',
    source: 'measured',
    atMs: null,
    note: 'measured, 0.91 MB/s',
    full: null,
  },
];

/** A recording by egress that began `agoMs` ago. */
export function recording(
  serverId: string,
  roomName: string,
  nowMs: number,
  agoMs: number,
  part: Partial<Job> = {},
): Job {
  const startedAtMs = nowMs - agoMs;
  return {
    ...plainJob,
    id: 'job-1',
    serverId,
    roomName,
    title: 'program.mp4',
    request: programRequest('{room_name}-{time}.mp4', 'speaker'),
    mode: 'best',
    engine: 'egress',
    phase: 'recording',
    phaseAtMs: startedAtMs,
    requestedAtMs: startedAtMs - 2_400,
    startedAtMs,
    endedAtMs: null,
    text: 'Egress records.',
    egress: {
      egressId: 'EG_1',
      status: 'active',
      startedAtMs,
      endedAtMs: null,
      text: 'Egress records.',
      results: noResults,
    },
    desk: null,
    refusal: null,
    files: [
      {
        id: 'file-1',
        engine: 'egress',
        content: 'program',
        identity: null,
        name: 'program.mp4',
        location: 's3://show/program.mp4',
        isLocal: false,
        bytes: 1_200_000_000,
        durationMs: agoMs,
        startedAtMs,
        isComplete: false,
      },
    ],
    startedBy: 'here',
    destinations: [],
    layoutSent: null,
    ...part,
  };
}

export function session(
  serverId: string,
  roomName: string,
  nowMs: number,
  part: Partial<CaptionSession> = {},
): CaptionSession {
  return {
    id: 'cap-1',
    serverId,
    roomName,
    feed: 'direct',
    state: 'live',
    stateAtMs: nowMs - 60_000,
    text: 'Captions run.',
    startedAtMs: nowMs - 60_000,
    endedAtMs: null,
    language: 'en',
    speakers: cast.map((each, index) => ({ identity: each.identity, name: each.name, hue: index + 1, state: 'live' })),
    fit: 'channels',
    delayMs: 900,
    lineCount: 214,
    gapCount: 1,
    ...part,
  };
}

export function line(
  id: string,
  speaker: Person,
  text: string,
  startMs: number,
  part: { isFinal?: boolean; seq?: number } = {},
): TranscriptEntry {
  return {
    type: 'utterance',
    id,
    seq: part.seq ?? 1,
    identity: speaker.identity,
    name: speaker.name,
    text,
    isFinal: part.isFinal ?? true,
    startMs,
    endMs: startMs + 2_000,
    words: [],
    language: 'en',
    confidence: 0.9,
    delayMs: 900,
  };
}

export const incident = (id: string, atMs: number, part: Partial<Incident> = {}): Incident => ({
  id,
  atMs,
  kind: 'fallback',
  state: 'decided',
  serverId: 'studio-eu',
  roomName: 'town-hall',
  jobId: null,
  what: 'Audio archive records here',
  detail: '429 resource_exhausted, 2 of 2 egress in use',
  done: 'Desk took over. No second is missing.',
  closedAtMs: null,
  ...part,
});
