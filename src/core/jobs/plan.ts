import type { FigureSource } from '../../shared/model/common.ts';
import type { JobMode, JobPlan } from '../../shared/model/job.ts';
import type { JobRequest } from '../../shared/model/job-request.ts';
import { bytes, duration } from '../../shared/text/figures.ts';

export interface PlanInput {
  readonly mode: JobMode;
  readonly request: JobRequest;
  readonly roomName: string;
  readonly peopleCount: number;
  readonly roomExists: boolean;
  readonly server: {
    readonly kind: 'rehearsal' | 'local' | 'self-hosted' | 'cloud';
    readonly egress: 'unknown' | 'present' | 'absent';
  };
  /** Egress sessions in use and the limit, where one is known. */
  readonly sessions: { readonly inUse: number | null; readonly limit: number | null; readonly source: FigureSource };
  readonly diskFreeBytes: number | null;
  readonly recordingsFolder: string;
}

/** 48 kHz, 16 bit, one channel: the mix, and one file a person. */
const soundBytesPerSecond = 96_000;
/** From the call to ACTIVE, room composite: 3.2-4.7 s measured on a real worker. */
const egressStarts = '3 to 5 s';

/** What will happen on Start: pure, so that the page can show it beside each field. */
export function planJob(input: PlanInput): JobPlan {
  if (!input.roomExists)
    return none('This room is not there.', 'The server lists no room of this name; a recording needs one.');
  if (input.request.kind === 'room-sound' || input.mode === 'desk-only')
    return desk(input, 'Starts here, sound only', null);
  const full = sessionsAreFull(input);
  const expected = expectedRefusal(input, full);
  if (expected && input.mode === 'best') return desk(input, 'This starts here, sound only', expected);
  return {
    verdict: 'egress',
    headline: input.mode === 'best' ? 'LiveKit records it; the sound is kept here until it does' : 'LiveKit records it',
    facts: [
      { label: 'What', value: `Picture and sound of ${people(input.peopleCount)}`, source: '' },
      { label: 'How', value: 'room composite, MP4', source: '' },
      { label: 'Takes', value: sessionsWords(input), source: input.sessions.source },
      { label: 'Starts', value: `in ${egressStarts}`, source: 'measured' },
    ],
    warnings: [
      ...(input.peopleCount === 0 ? ['Nobody is in the room: egress waits until somebody publishes.'] : []),
      ...(input.mode === 'egress-only' ? ['If the server refuses, nothing is recorded.'] : []),
    ],
    expectedRefusal: expected,
  };
}

const sessionsAreFull = ({ sessions }: PlanInput): boolean =>
  sessions.limit !== null && sessions.inUse !== null && sessions.inUse >= sessions.limit;

function expectedRefusal(input: PlanInput, full: boolean): string | null {
  if (input.server.egress === 'absent') return 'This server has no egress: it would refuse after 20 to 25 s.';
  if (full)
    return `${input.sessions.inUse} of ${input.sessions.limit} egress sessions are in use: the server would refuse this one.`;
  return null;
}

function sessionsWords({ sessions }: PlanInput): string {
  if (sessions.limit === null) return '1 egress session, limit unknown';
  return `1 egress session, ${sessions.inUse ?? 0} of ${sessions.limit} in use`;
}

function desk(input: PlanInput, headline: string, expected: string | null): JobPlan {
  const rate = soundBytesPerSecond * (1 + input.peopleCount);
  const lastsMs = input.diskFreeBytes === null ? null : (input.diskFreeBytes / rate) * 1000;
  return {
    verdict: 'desk',
    headline,
    facts: [
      { label: 'What', value: `Sound of ${people(input.peopleCount)}: the mix and one file each`, source: '' },
      { label: 'Where', value: input.recordingsFolder, source: '' },
      { label: 'How', value: 'direct feed, WAV 48 kHz', source: '' },
      { label: 'Starts', value: 'in under 1 s', source: 'measured' },
      ...(lastsMs === null
        ? []
        : [{ label: 'Lasts', value: `${duration(lastsMs)} of disk, ${bytes(rate)}/s`, source: 'estimated' }]),
    ],
    warnings: input.request.kind === 'room-sound' ? [] : ['The picture is not recorded.'],
    expectedRefusal: expected,
  };
}

const none = (headline: string, warning: string): JobPlan => ({
  verdict: 'none',
  headline,
  facts: [],
  warnings: [warning],
  expectedRefusal: null,
});
const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
