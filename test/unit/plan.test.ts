// What will happen on Start, for every kind, and the comparison of ways for the room at hand.
import { describe, expect, test } from 'vitest';
import { orderedJob } from '../../src/core/jobs/new-job.ts';
import type { PlanInput } from '../../src/core/jobs/plan/input.ts';
import { planJob } from '../../src/core/jobs/plan/plan-job.ts';
import { sessionLengths } from '../../src/core/observe/session-lengths.ts';
import { JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import { person } from '../support/scripted-scene.ts';

const names = ['Ada', 'Bao', 'Carla', 'Dan', 'Eve', 'Finn'];
const input: PlanInput = {
  mode: 'best',
  request: programRequest('{room_name}', 'grid'),
  findings: [],
  roomName: 'town-hall',
  people: names.map((name) => person(name)),
  roomExists: true,
  server: { kind: 'cloud', egress: 'present' },
  sessions: { inUse: 1, limit: 2, source: 'declared' },
  worker: null,
  lengths: [],
  startsHere: {},
  prices: { currency: 'USD', transcodedMinute: null, trackMinute: null },
  diskFreeBytes: 10_500_000_000,
  recordingsFolder: '/recordings',
};
const outputs = {
  file: { fileType: 'mp4', filePath: 'a', hasManifest: true, storageId: null },
  stream: null,
  segments: null,
  images: [],
};
const encoded = { encoding: { use: 'default' }, outputs };
/** One request of every kind, and each shape of it that is another machine at the server. */
const everyKind: readonly (readonly [name: string, request: unknown, how: string])[] = [
  ['room composite', input.request, 'room composite'],
  [
    'room composite of sound',
    { kind: 'room-composite', layout: '', tracks: 'audio', audioMixing: 'default', templateId: null, ...encoded },
    'room composite, sound only',
  ],
  ['web', { kind: 'web', pageId: 'p', tracks: 'both', awaitStartSignal: false, ...encoded }, 'web page'],
  ['participant', { kind: 'participant', identity: 'ada', screenShare: false, ...encoded }, 'participant'],
  [
    'track composite',
    { kind: 'track-composite', audioTrackSid: 'TR_ada', videoTrackSid: null, ...encoded },
    'track composite',
  ],
  ['track', { kind: 'track', trackSid: 'TR_ada', output: { to: 'websocket', destinationId: 'd' } }, 'track'],
  [
    'template',
    { kind: 'template', layout: 'grid', tracks: 'both', templateId: null, output: { to: 'outputs', ...encoded } },
    'room composite',
  ],
  [
    'media',
    {
      kind: 'media',
      video: { by: 'none' },
      audio: { by: 'everybody' },
      output: { to: 'websocket', destinationId: 'd' },
    },
    'media',
  ],
  [
    'pass-through',
    {
      kind: 'media',
      video: { by: 'track', trackSid: 'TR_ada' },
      audio: { by: 'none' },
      output: { to: 'outputs', encoding: { use: 'pass-through' }, outputs },
    },
    'media, pass-through',
  ],
];
const fact = (plan: ReturnType<typeof planJob>, label: string): string | undefined =>
  plan.facts.find((one) => one.label === label)?.value;

describe('the verdict', () => {
  test.each([
    ['egress with a free session', {}, 'egress', null],
    ['no session free', { sessions: { inUse: 2, limit: 2, source: 'declared' } }, 'desk', '2 of 2'],
    [
      'no session free, egress only',
      { mode: 'egress-only', sessions: { inUse: 2, limit: 2, source: 'learned' } },
      'egress',
      '2 of 2',
    ],
    ['a server without egress', { server: { kind: 'local', egress: 'absent' } }, 'desk', 'no egress'],
    ['an unknown limit refuses nothing', { sessions: { inUse: 9, limit: null, source: 'unknown' } }, 'egress', null],
    ['asked to record here', { mode: 'desk-only' }, 'desk', null],
    ['a room that is not there', { roomExists: false }, 'none', null],
  ] as const)('%s', (_what, change, verdict, expected) => {
    const plan = planJob({ ...input, ...change } as PlanInput); // each change is a part of the input
    expect(plan.verdict).toBe(verdict);
    if (expected === null) expect(plan.expectedRefusal).toBeNull();
    else expect(plan.expectedRefusal).toContain(expected);
  });

  test('promises no sound here of what the sound of the room does not stand in for', () => {
    const participant = JobRequest.parse({ kind: 'participant', identity: 'ada', screenShare: false, ...encoded });
    const plan = planJob({ ...input, request: participant, sessions: { inUse: 2, limit: 2, source: 'declared' } });
    expect(plan).toMatchObject({ verdict: 'egress', headline: 'LiveKit records it' });
    expect(plan.expectedRefusal).toContain('2 of 2');
    expect(plan.warnings).toContain('If the server refuses, nothing is recorded.');
  });
  test('a web page needs no room', () => {
    const web = JobRequest.parse({ kind: 'web', pageId: 'p', tracks: 'both', awaitStartSignal: false, ...encoded });
    expect(planJob({ ...input, request: web, roomExists: false }).verdict).toBe('egress');
    const order = { serverId: 's', roomName: 'town-hall', request: web };
    expect(orderedJob({ ...order, mode: 'best' }, 0)).toMatchObject({ mode: 'egress-only', roomName: '' });
    // Where a batch has no session left for it, the desk keeps the sound of the room in its place.
    const here = orderedJob({ ...order, mode: 'desk-only' }, 0);
    expect(here).toMatchObject({ roomName: 'town-hall', egress: { at: 'none' }, desk: { at: 'opening' } });
  });

  test.each(everyKind)('names %s, its one session, its start, its cost and its control', (_name, given, how) => {
    const plan = planJob({ ...input, request: JobRequest.parse(given) });
    expect(plan.verdict).toBe('egress');
    expect(fact(plan, 'How')).toBe(how);
    expect(fact(plan, 'Takes')).toBe('1 egress session, 1 of 2 in use');
    expect(fact(plan, 'Starts')).toMatch(/^in \d.* s$/);
    expect(fact(plan, 'Costs')).toBe('not known');
    expect(fact(plan, 'Control')).toContain('top');
    expect(fact(plan, 'Where')).not.toBe('nowhere');
  });

  test('no figure without its source, and the desk says how long the disk lasts', () => {
    const plan = planJob({ ...input, mode: 'desk-only' });
    const lasts = plan.facts.find((one) => one.label === 'Lasts');
    expect(lasts).toEqual({ label: 'Lasts', value: '4 h 20 m of disk, 672 kB/s', source: 'estimated' });
  });

  test('calls a stream a stream: nothing of it is recorded', () => {
    const stream = { protocol: 'rtmp', destinationIds: ['a'] };
    const request = JobRequest.parse({ ...programRequest('x'), outputs: { ...outputs, file: null, stream } });
    const plan = planJob({ ...input, request });
    expect(plan).toMatchObject({ verdict: 'egress', headline: 'LiveKit streams it', loses: [] });
    expect(plan.warnings).toEqual([
      'If the server refuses, nothing is streamed.',
      'It ends when its last address fails: a file beside the stream keeps it going.',
    ]);
  });

  test('says what the desk would lose of a stream with images', () => {
    const stream = { protocol: 'rtmp', destinationIds: ['a', 'b'] };
    const images = [
      {
        captureIntervalS: 10,
        width: 0,
        height: 0,
        filenamePrefix: 'i',
        filenameSuffix: 'index',
        hasManifest: false,
        storageId: null,
      },
    ];
    const request = JobRequest.parse({ ...programRequest('x', 'grid'), outputs: { ...outputs, stream, images } });
    const plan = planJob({ ...input, request, sessions: { inUse: 2, limit: 2, source: 'learned' } });
    expect(plan.loses).toEqual([
      'The picture is not recorded.',
      'Nothing is sent to the addresses.',
      'There are no images.',
    ]);
    expect(plan.alternative).toContain('stop one of the 2 jobs');
    const going = planJob({ ...input, request });
    expect(fact(going, 'Where')).toBe('a file, MP4; 2 RTMP addresses; images every 10 s');
    expect(fact(going, 'Delay')).toBe('3 s and more');
  });

  test('tells of a person by name, of who is left out, and that the recording ends with them', () => {
    const plan = planJob({ ...input, request: JobRequest.parse(everyKind[3]?.[1]) });
    expect(fact(plan, 'What')).toBe('Camera and microphone of Ada');
    expect(plan.loses).toEqual(['The other 5 people are not in it.']);
    expect(plan.warnings.join(' ')).toContain('ends when this person leaves');
  });

  test('says how long the server lets it run, where that is known', () => {
    const plan = planJob({ ...input, lengths: sessionLengths('cloud', {}) });
    expect(fact(plan, 'Lasts')).toBe('at most 3 h 0 m');
    expect(fact(planJob(input), 'Lasts')).toBeUndefined();
  });

  test('a worker that tells what it takes decides what is expected', () => {
    const page = { isIdle: true, takesAnyKind: false, isDisabled: false, isTerminating: false };
    const worker = { ...page, cpuLoad: 0, pulseRatio: 0, running: [] };
    const plan = planJob({ ...input, worker: { worker, cores: 2, costs: {} } });
    expect(plan).toMatchObject({ verdict: 'desk' });
    expect(plan.expectedRefusal).toContain('2 of 2 cores are to be had, 4 needed.');
    expect(plan.comparison.find(({ id }) => id === 'media')?.fits).toBe(true);
    expect(plan.comparison.find(({ id }) => id === 'room-composite')?.fits).toBe(false);
  });

  test('names one alternative: for PCM of one voice in a room of six, one session for all', () => {
    const plan = planJob({ ...input, request: JobRequest.parse(everyKind[5]?.[1]) });
    expect(plan.alternative).toContain('takes 1 session instead of 6');
  });
});

describe('room composite against track egress, for the room at hand', () => {
  const row = (plan: ReturnType<typeof planJob>, id: string) => plan.comparison.find((one) => one.id === id);

  test('sessions, fit, delay and mixing of each way', () => {
    const plan = planJob(input);
    expect(plan.comparison.map(({ id, sessions, fits }) => [id, sessions, fits])).toEqual([
      ['room-composite', 1, true],
      ['room-composite-sound', 1, true],
      ['participants', 6, false],
      ['tracks', 6, false],
      ['media', 1, true],
      ['room-sound', 0, true],
    ]);
    expect(row(plan, 'tracks')?.delay[0]?.value).toBe('2.9 s');
    expect(row(plan, 'room-sound')?.delay[0]?.value).toBe('0.06 s');
    expect(row(plan, 'room-composite')?.isChosen).toBe(true);
    expect(row(plan, 'room-composite')?.mixing).toContain('browser at the server');
  });

  test('what was measured here stands beside what is declared, each with its origin', () => {
    const plan = planJob({ ...input, startsHere: { 'room-composite': { medianMs: 3_940, count: 5 } } });
    expect(row(plan, 'room-composite')?.starts).toEqual([
      { value: '3 to 5 s', source: 'measured', from: 'measured on egress 1.14.1, November 2026' },
      { value: '3.9 s', source: 'measured', from: 'median of 5 starts on this server' },
    ]);
    expect(row(plan, 'tracks')?.starts).toHaveLength(1);
    expect(fact(plan, 'Here')).toBe('in 3.9 s');
  });

  test('costs come from declared prices, a session each; none is invented, and a server of one’s own costs none a minute', () => {
    expect(row(planJob(input), 'tracks')?.costPerHour).toMatchObject({ value: 'not known', source: 'unknown' });
    const price = { source: 'declared', from: 'declared by you' } as const;
    const prices = {
      currency: 'EUR',
      transcodedMinute: { ...price, amount: 0.02 },
      trackMinute: { ...price, amount: 0.005 },
    };
    const priced = planJob({ ...input, prices });
    expect(row(priced, 'room-composite')?.costPerHour.value).toBe('EUR 1.20');
    expect(row(priced, 'tracks')?.costPerHour).toEqual({ value: 'EUR 1.80', ...price });
    expect(row(priced, 'room-sound')?.costPerHour.value).toBe('nothing');
    const own = planJob({ ...input, prices, server: { kind: 'self-hosted', egress: 'present' } });
    expect(row(own, 'room-composite')?.costPerHour.from).toContain('server of your own');
  });

  test('an unknown limit leaves open what fits; a server without egress fits nothing but the desk', () => {
    const open = planJob({ ...input, sessions: { inUse: 1, limit: null, source: 'unknown' } });
    expect(row(open, 'tracks')?.fits).toBeNull();
    const absent = planJob({ ...input, server: { kind: 'local', egress: 'absent' } });
    expect(absent.comparison.filter(({ fits }) => fits).map(({ id }) => id)).toEqual(['room-sound']);
  });
});
