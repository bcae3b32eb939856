// What the show of today costs: prices with their source, parts without a price named, alarms at 80 % and 100 % of a cap.
import { noResults } from '../../src/shared/model/egress-results.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { costOfToday, CostWatch, type CostWatchOptions } from '../../src/core/console/cost-watch.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { LimitBook } from '../../src/core/observe/limits.ts';
import { priceList } from '../../src/core/observe/price-list.ts';
import { openSettings } from '../../src/core/settings/open-settings.ts';
import type { Job } from '../../src/shared/model/job.ts';
import type { PriceId } from '../../src/shared/model/price.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recording, server, session } from '../support/scripted-scene.ts';

const nowMs = new Date(2026, 10, 28, 15, 0).getTime();
const hour = 3_600_000;
const declared = (prices: Partial<Record<PriceId, number>>, currency = 'EUR') =>
  priceList({
    currency,
    prices: Object.fromEntries(Object.entries(prices).map(([id, amount]) => [id, { amount, atMs: nowMs }])),
  });
const ran = (startedAtMs: number, endedAtMs: number | null): Job => {
  const job = recording('c', 'town-hall', nowMs, 0);
  const part = { egressId: 'EG_1', status: 'active', text: '', results: noResults } as const;
  return { ...job, startedAtMs, endedAtMs, files: [], egress: { ...part, startedAtMs, endedAtMs } };
};

describe('prices', () => {
  test('only what a provider published has a number by itself, and each has its origin', () => {
    const { prices } = priceList({ currency: 'USD', prices: {} });
    expect(prices.map(({ id, amount, source }) => [id, amount, source])).toEqual([
      ['egress-transcoded', null, 'unknown'],
      ['egress-track', null, 'unknown'],
      ['captions', 0.75, 'declared'],
      ['storage', null, 'unknown'],
    ]);
    expect(prices[2]?.from).toContain('12 June 2026');
    for (const { from } of prices) expect(from).not.toBe('');
  });
  test('a published price counts in its own currency only, and a declared one before it', () => {
    expect(declared({}).prices[2]).toMatchObject({ amount: null, source: 'unknown' });
    expect(declared({ captions: 0.6 }).prices[2]).toMatchObject({
      amount: 0.6,
      from: 'declared by you, 28 Nov 2026',
      isYours: true,
    });
  });
});

describe('the cost of today', () => {
  const input = (part: Partial<Parameters<typeof costOfToday>[0]>) =>
    costOfToday({ kind: 'cloud', jobs: [], sessions: [], list: declared({}), cap: null, ...part }, nowMs);

  test('adds minutes of egress and channel hours of captions, running and ended, and what an hour more costs', () => {
    const cost = input({
      jobs: [ran(nowMs - 2 * hour, nowMs - hour), ran(nowMs - hour / 2, null)],
      sessions: [{ ...session('c', 'town-hall', nowMs), startedAtMs: nowMs - hour, endedAtMs: null, fit: 'mix' }],
      list: declared({ 'egress-transcoded': 0.02, captions: 0.5 }),
    });
    expect(cost.parts).toEqual([
      {
        id: 'egress-transcoded',
        label: 'Egress that encodes',
        quantity: '90 minutes',
        amount: expect.closeTo(1.8) as number,
      },
      { id: 'captions', label: 'Captions by Gladia', quantity: '1.00 channel hours', amount: 0.5 },
    ]);
    expect(cost.amount).toBeCloseTo(2.3);
    expect(cost.perHour).toBeCloseTo(1.7);
  });
  test('names what has no price and leaves it out of the sum', () => {
    const cost = input({ jobs: [ran(nowMs - hour, null)] });
    expect(cost).toMatchObject({ amount: 0, parts: [{ quantity: '60 minutes', amount: null }] });
  });
  test('leaves out what was another show before midnight, and keeps what goes over it, with its pauses', () => {
    const quantity = (...jobs: readonly Job[]) => input({ jobs }).parts[0]?.quantity;
    const afternoon = ran(nowMs - 22 * hour, nowMs - 20 * hour); // until 19:00 of the day before
    const evening = ran(nowMs - 18 * hour, nowMs - 15.5 * hour); // 21:00 to 23:30
    expect(quantity(afternoon, evening)).toBeUndefined();
    expect(quantity(afternoon, ran(nowMs - 16 * hour, null))).toBe('960 minutes');
    const night = ran(nowMs - 14.75 * hour, nowMs - 14 * hour); // 00:15 to 01:00
    expect(quantity(afternoon, evening, night)).toBe('195 minutes');
    const armed = { ...ran(nowMs - 20 * hour, null), startedAtMs: null, egress: null }; // ordered before, and not begun
    expect(quantity(afternoon, evening, armed)).toBeUndefined();
    expect(quantity(afternoon, evening, ran(nowMs - 2 * hour, null))).toBe('120 minutes'); // the next day's
  });
  test('a server of one’s own bills no minute of egress, and the rehearsal nothing at all', () => {
    const sessions = [{ ...session('c', 'town-hall', nowMs), startedAtMs: nowMs - hour, endedAtMs: null }];
    const jobs = [ran(nowMs - hour, null)];
    expect(input({ kind: 'self-hosted', jobs, sessions }).parts.map(({ id }) => id)).toEqual(['captions']);
    expect(input({ kind: 'rehearsal', jobs, sessions }).parts).toEqual([]);
  });
});

describe('the cap', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cost-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('alarms once at 80 % and once at 100 %, closes when the cap is raised, and survives in the settings file', async () => {
    const clock = new FakeClock(nowMs);
    const opened = await openSettings({
      folder,
      box: { protection: 'plain-file', seal: async () => new Uint8Array(), open: async () => '' } as never, // no secret is kept here
      defaultRecordingsFolder: folder,
      rehearsal: null,
      readUrl: () => ({ hostname: '', isLoopback: false }),
      clock,
      log: silentLog,
    });
    const { figures } = opened;
    const incidents = new Incidents({ clock });
    const rows = { save: () => {}, remove: () => {}, list: () => [] };
    const limits = new LimitBook({ clock, store: rows, kindOf: () => 'cloud' });
    const jobs = new StateCell({ jobs: [ran(nowMs - 39 * 60_000, null)] });
    const parts = {
      servers: { servers: new StateCell({ servers: [server('c', 'Studio', 'cloud')] }) },
      jobs: { jobs: () => jobs },
      captions: { sessions: () => new StateCell([]) },
    };
    await figures.declarePrice('egress-transcoded', 0.02);
    await figures.declareOf('c', () => ({ costCap: 1 }));
    // Two changes at once lose nothing of each other.
    const cores = (kind: 'web' | 'track', count: number) =>
      figures.declareOf('c', ({ cpuCosts }) => ({ cpuCosts: { ...cpuCosts, [kind]: count } }));
    await Promise.all([cores('web', 3), cores('track', 1)]);
    expect(figures.of('c')).toMatchObject({ costCap: 1, cpuCosts: { web: 3, track: 1 } });
    const options = { ...parts, figures, limits, incidents, clock, log: silentLog };
    const watch = new CostWatch(options as never as CostWatchOptions); // the parts that it asks, and no more of them
    const told = (): string[] =>
      incidents.list.value.incidents.map(({ state, what }) => `${state} ${/80 %|reached/.exec(what)?.[0]}`);
    await clock.advance(10_000);
    expect(limits.find('c', 'cost')).toMatchObject({ limit: 1, unit: 'money', currency: 'USD', source: 'estimated' });
    expect(told()).toEqual([]);
    await clock.advance(60_000);
    await clock.advance(60_000);
    expect(told()).toEqual(['trouble 80 %']);
    await clock.advance(10 * 60_000);
    expect(told()).toEqual(['trouble reached', 'closed 80 %']);
    expect(limits.find('c', 'cost')?.full).toContain('Nothing is stopped');
    await figures.declareOf('c', () => ({ costCap: 5 }));
    expect(told()).toEqual(['closed reached', 'closed 80 %']);
    await watch.close();
    await opened.close();
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
      figures: { prices: { 'egress-transcoded': { amount: 0.02 } }, servers: { c: { costCap: 5 } } },
    });
  });
});
