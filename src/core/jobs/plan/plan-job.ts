import type { JobPlan } from '../../../shared/model/job.ts';
import type { EgressRequest } from '../../../shared/model/job-request.ts';
import { isOnlyStream } from '../../../shared/model/streaming.ts';
import { bytes, duration } from '../../../shared/text/figures.ts';
import { lengthOf, sendsOut } from '../hand-over/session-end.ts';
import { modeFor } from '../mode-for.ts';
import { workerAnswer } from './acceptance.ts';
import { alternativeTo } from './alternative.ts';
import { compareWays, fits, measuredStart } from './comparison.ts';
import { costPerHour } from './cost.ts';
import { controlOf, endsWith, people, whatOf, whereOf } from './describe.ts';
import type { PlanInput } from './input.ts';
import { lossesAtDesk, lossesAtEgress } from './losses.ts';
import { wayOf, ways } from './ways.ts';

/** 48 kHz, 16 bit, one channel: the mix, and one file a person. */
const soundBytesPerSecond = 96_000;

/** What will happen on Start: pure, so that the page can show it beside each field. */
export function planJob(asked: PlanInput): JobPlan {
  const { request } = asked;
  const mode = modeFor(asked.mode, request);
  const input = { ...asked, mode };
  if (!input.roomExists && (request.kind !== 'web' || mode === 'desk-only'))
    return none('This room is not there.', 'The server lists no room of this name; a recording needs one.');
  if (request.kind === 'room-sound' || mode === 'desk-only') return desk(input, 'Starts here, sound only', null);
  const refused = input.findings.filter(({ severity }) => severity === 'refuse').map(({ text }) => text);
  if (refused.length > 0) return none('This cannot be recorded as it stands.', ...refused);
  const expected = expectedRefusal(input);
  if (expected && mode === 'best') return desk(input, 'This starts here, sound only', expected);
  return egress(input, request, expected);
}

type Fact = JobPlan['facts'][number];

function egress(input: PlanInput, request: EgressRequest, expected: string | null): JobPlan {
  const { mode } = input;
  const id = wayOf(request);
  const way = ways[id];
  const cost = costPerHour(way.metering, 1, input);
  const isLate = way.delay !== null && sendsOut(request);
  const end = endsWith(request);
  const worker = workerAnswer(id, input);
  const length = lengthOf(request, input.lengths);
  return {
    verdict: 'egress',
    headline: isOnlyStream(request)
      ? 'LiveKit streams it'
      : mode === 'best'
        ? 'LiveKit records it; the sound is kept here until it does'
        : 'LiveKit records it',
    facts: [
      { label: 'What', value: whatOf(request, input), source: '' },
      { label: 'Where', value: whereOf(request), source: '' },
      { label: 'How', value: way.label, source: '' },
      { label: 'Takes', value: sessionsWords(input), source: input.sessions.source },
      ...(worker ? [{ label: 'Worker', value: worker.because, source: 'measured' }] : []),
      { label: 'Starts', value: `in ${way.starts.value}`, source: way.starts.source },
      ...measuredStart(id, input).map((here): Fact => ({
        label: 'Here',
        value: `in ${here.value}`,
        source: here.from,
      })),
      ...(isLate && way.delay ? [{ label: 'Delay', value: way.delay.value, source: way.delay.source }] : []),
      ...(length?.limitMs == null
        ? []
        : [{ label: 'Lasts', value: `at most ${duration(length.limitMs)}`, source: length.from }]),
      { label: 'Costs', value: costWords(cost.value), source: cost.source === 'unknown' ? cost.from : cost.source },
      { label: 'Control', value: controlOf(request), source: '' },
    ],
    warnings: [
      ...(input.people.length === 0 ? ['Nobody is in the room: egress waits until somebody publishes.'] : []),
      ...(mode === 'egress-only'
        ? [`If the server refuses, nothing is ${isOnlyStream(request) ? 'streamed' : 'recorded'}.`]
        : []),
      ...(isOnlyStream(request)
        ? ['It ends when its last address fails: a file beside the stream keeps it going.']
        : []),
      ...(end === null ? [] : [end]),
      ...input.findings.map(({ text }) => text),
    ],
    expectedRefusal: expected,
    loses: [...lossesAtEgress(request, input)],
    alternative: alternativeTo('egress', input),
    comparison: compareWays(input),
  };
}

const costWords = (value: string): string => (/\d/.test(value) ? `${value} an hour` : value);

function expectedRefusal(input: PlanInput): string | null {
  const { server, sessions } = input;
  if (server.egress === 'absent') return 'This server has no egress.';
  if (fits(1, input) === false)
    return `${sessions.inUse} of ${sessions.limit} egress sessions are in use: the server would refuse this one.`;
  const worker = workerAnswer(wayOf(input.request), input);
  if (worker?.accepts === false)
    return `The egress worker would not take it: ${worker.because} The server would refuse it after 20 to 25 s.`;
  return null;
}

function sessionsWords({ sessions }: PlanInput): string {
  if (sessions.limit === null) return '1 egress session, limit unknown';
  return `1 egress session, ${sessions.inUse ?? 'an unknown number'} of ${sessions.limit} in use`;
}

function desk(input: PlanInput, headline: string, expected: string | null): JobPlan {
  const rate = soundBytesPerSecond * (1 + input.people.length);
  const lastsMs = input.diskFreeBytes === null ? null : (input.diskFreeBytes / rate) * 1000;
  const way = ways['room-sound'];
  return {
    verdict: 'desk',
    headline,
    facts: [
      { label: 'What', value: `Sound of ${people(input.people.length)}: the mix and one file each`, source: '' },
      { label: 'Where', value: input.recordingsFolder, source: '' },
      { label: 'How', value: 'direct feed, WAV 48 kHz; no egress session', source: '' },
      { label: 'Starts', value: `in ${way.starts.value}`, source: way.starts.source },
      ...(lastsMs === null
        ? []
        : [{ label: 'Lasts', value: `${duration(lastsMs)} of disk, ${bytes(rate)}/s`, source: 'estimated' }]),
    ],
    warnings: [],
    expectedRefusal: expected,
    loses: [...lossesAtDesk(input.request, input)],
    alternative: alternativeTo('desk', input),
    comparison: compareWays(input),
  };
}

const none = (headline: string, ...warnings: readonly string[]): JobPlan => ({
  verdict: 'none',
  headline,
  facts: [],
  warnings: [...warnings],
  expectedRefusal: null,
  loses: [],
  alternative: null,
  comparison: [],
});
