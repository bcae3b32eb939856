// Several starts at once: split into egress and desk before the first call. And when a refused one may be asked for again.
import { describe, expect, test } from 'vitest';
import { planBatch, type BatchInput } from '../../src/core/jobs/plan/batch.ts';
import { retryPolicy } from '../../src/core/jobs/retry-policy.ts';
import { refusals } from '../../src/core/livekit/catalogue/refusals.ts';
import { JobRequest, programRequest } from '../../src/shared/model/job-request.ts';
import { person } from '../support/scripted-scene.ts';

const file = programRequest('a', 'grid');
const stream = JobRequest.parse({
  ...file,
  outputs: { ...file.outputs, stream: { protocol: 'rtmp', destinationIds: ['d'] } },
});
const start = (roomName: string, request: JobRequest = file, mode: 'best' | 'egress-only' | 'desk-only' = 'best') => ({
  roomName,
  request,
  mode,
});
const input = (starts: BatchInput['starts'], change: Partial<BatchInput> = {}): BatchInput => ({
  starts,
  server: { kind: 'cloud', egress: 'present' },
  sessions: { inUse: 0, limit: 2, source: 'declared' },
  peopleOf: () => [person('Ada')],
  ...change,
});
const engines = (given: BatchInput): string =>
  planBatch(given)
    .parts.map(({ engine }) => engine)
    .join(' ');

describe('a batch of starts', () => {
  test('that fits goes to egress whole', () => {
    const plan = planBatch(input([start('a'), start('b')]));
    expect(plan.parts.map(({ engine, because }) => [engine, because])).toEqual([
      ['egress', 'Session 1 of 2 free.'],
      ['egress', 'Session 2 of 2 free.'],
    ]);
    expect(plan.headline).toBe('2 by egress: 2 sessions are free.');
  });
  test('that does not fit is split in the order given, with what each part loses', () => {
    const plan = planBatch(
      input([start('a'), start('b'), start('c')], { sessions: { inUse: 1, limit: 2, source: 'learned' } }),
    );
    expect(plan.parts.map(({ engine }) => engine)).toEqual(['egress', 'desk', 'desk']);
    expect(plan.parts[1]).toMatchObject({
      because: 'Only 1 of 2 egress sessions is free, and others go first.',
      loses: ['The picture is not recorded.'],
    });
    expect(plan.headline).toBe('1 by egress, 2 here, sound only: 1 session is free.');
  });
  test('gives sessions first to what nothing here can stand in for', () => {
    expect(engines(input([start('a'), start('b'), start('c', stream), start('d', file, 'egress-only')]))).toBe(
      'desk desk egress egress',
    );
  });
  test('starts neither what would be refused and may not run here, nor the same sound twice', () => {
    const full = { sessions: { inUse: 2, limit: 2, source: 'declared' } } as const;
    const plan = planBatch(input([start('a', file, 'egress-only'), start('a'), start('a', stream), start('b')], full));
    expect(plan.parts.map(({ engine }) => engine)).toEqual(['none', 'desk', 'covered', 'desk']);
    expect(plan.parts[2]?.because).toBe('The sound of a is kept by start 2.');
    expect(plan.parts[2]?.loses).toContain('Nothing is sent to the addresses.');
  });
  test('of people and tracks that does not fit is not turned into a recording of their room, unless that was chosen', () => {
    const track = JobRequest.parse({
      kind: 'track',
      trackSid: 'TR_1',
      output: { to: 'file', filePath: 'a', hasManifest: true, storageId: null },
    });
    const full = { sessions: { inUse: 2, limit: 2, source: 'declared' } } as const;
    const plan = planBatch(input([start('a', track), start('a', track, 'desk-only'), start('b')], full));
    expect(plan.parts.map(({ engine }) => engine)).toEqual(['none', 'desk', 'desk']);
    expect(plan.parts[0]?.because).toBe('2 of 2 egress sessions are in use. Nothing here stands in for it.');
    expect(plan.headline).toContain('1 not started');
  });
  test('is not split by a limit that nobody knows; a server without egress gets none of it', () => {
    expect(
      engines(input([start('a'), start('b'), start('c')], { sessions: { inUse: 0, limit: null, source: 'unknown' } })),
    ).toBe('egress egress egress');
    expect(engines(input([start('a'), start('b')], { server: { kind: 'local', egress: 'absent' } }))).toBe('desk desk');
  });
  test('never plans more sessions than are free, whatever is asked (1,000 random batches)', () => {
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const modes = ['best', 'egress-only', 'desk-only'] as const;
    for (let round = 0; round < 1_000; round++) {
      const starts = Array.from({ length: random(12) + 1 }, () =>
        start(`room-${random(4)}`, [file, stream, { kind: 'room-sound' } as const][random(3)], modes[random(3)]),
      );
      const limit = random(6);
      const inUse = random(8);
      const { parts } = planBatch(input(starts, { sessions: { inUse, limit, source: 'learned' } }));
      const byEgress = parts.filter(({ engine }) => engine === 'egress').length;
      const asked = starts.filter(({ mode, request }) => mode !== 'desk-only' && request.kind !== 'room-sound').length;
      expect(parts).toHaveLength(starts.length);
      expect(byEgress).toBe(Math.min(asked, Math.max(0, limit - inUse)));
      for (const [index, { engine }] of parts.entries()) {
        if (engine === 'none') expect(starts[index]?.mode).toBe('egress-only');
        if (engine === 'desk' || engine === 'covered') {
          const room = starts[index]?.roomName;
          expect(parts.filter((one, at) => one.engine === 'desk' && starts[at]?.roomName === room)).toHaveLength(1);
        }
      }
    }
  });
});

describe('a refusal', () => {
  test.each([
    ['egress-limit', 'when-free', 60_000],
    ['no-egress-worker', 'after', 15_000],
    ['not-enough-cpu', 'after', 15_000],
    ['too-many-requests', 'after', 60_000],
    ['egress-not-connected', 'never', null],
    ['egress-over', 'never', null],
    ['bad-request', 'never', null],
  ])('of %s has its retry policy', (code, when, afterMs) => {
    const row = refusals.find((one) => one.code === code);
    if (!row) throw new Error(`the catalogue has no ${code}`);
    expect(retryPolicy(row)).toMatchObject({ when, afterMs });
    expect(retryPolicy(row).text).toMatch(/\.$/);
  });
  test('that does not say why is told with its four causes; an answer that was lost may come until 25 s', () => {
    const worker = refusals.find((one) => one.code === 'no-egress-worker');
    expect(worker && retryPolicy(worker).causes).toHaveLength(4);
    const away = { code: 'timeout', fault: 'network', retryable: true, text: '' } as const;
    expect(retryPolicy(away)).toMatchObject({ when: 'after', afterMs: 30_000 });
  });
});
