// The Prometheus page of an egress worker: read from a real HTTP server, in words where it cannot be, and what it predicts.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EgressPages } from '../../src/core/console/egress-pages.ts';
import { acceptances, type WorkerFigures } from '../../src/core/jobs/plan/acceptance.ts';
import type { EgressPort } from '../../src/core/jobs/ports.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { parsePrometheus } from '../../src/core/observe/egress-page/prometheus-text.ts';
import { watchEgressPage, type PageReading } from '../../src/core/observe/egress-page/page-watch.ts';
import { readEgressPage } from '../../src/core/observe/egress-page/read-page.ts';
import { LimitBook } from '../../src/core/observe/limits.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import { egressPage } from '../support/egress-page.ts';
import { FakeClock } from '../support/fake-clock.ts';

let server: Server;
let url: string;
let answer: { status: number; body: string; location?: string };
beforeEach(async () => {
  answer = { status: 200, body: egressPage({ isIdle: true, takesAnyKind: true }) };
  server = createServer((_request, response) => {
    const { status, body, location } = answer;
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4', ...(location ? { location } : {}) });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
});
afterEach(async () => {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
});
const problemOf = async (work: Promise<unknown>): Promise<{ code: string; text: string }> => {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof ProblemError) return error.problem;
  throw new Error('no problem was told');
};

describe('the text format of Prometheus', () => {
  test('labels with escapes, numbers of every form, time stamps, and lines that are none', () => {
    const text = `a{x="1\\"2,\\\\",y="}"} 1.5e3 1795000000000\na +Inf\na NaN\nb 1\na{x=1} 2\na{x="1" 2\nnonsense\n<html>\n`;
    const { samples, badLines } = parsePrometheus(text, ['a']);
    expect(samples).toEqual([
      { name: 'a', labels: { x: '1"2,\\', y: '}' }, value: 1500 },
      { name: 'a', labels: {}, value: Infinity },
      { name: 'a', labels: {}, value: NaN },
    ]);
    expect(badLines).toBe(4);
  });
  test('a long line of quotes costs no time that grows with its square', () => {
    const text = `a{${'x="\\"",'.repeat(20_000)}y} 1`;
    expect(parsePrometheus(text, ['a']).badLines).toBe(1);
  });
});

describe('the page of a worker', () => {
  test('is read whole', async () => {
    answer.body = egressPage({ cpuLoad: 0.75, pulseRatio: 0.2, tracks: 3 });
    expect(await readEgressPage(url)).toEqual({
      isIdle: false,
      takesAnyKind: false,
      isDisabled: false,
      isTerminating: false,
      cpuLoad: 0.75,
      pulseRatio: 0.2,
      running: [{ type: 'track', count: 3 }],
    });
  });
  test.each([
    [
      'another metrics page',
      { status: 200, body: 'go_goroutines 42\n' },
      'no-egress-page',
      'not that of an egress worker',
    ],
    ['a page for people', { status: 200, body: '<html>Hello</html>' }, 'no-egress-page', 'no metrics page'],
    ['a wrong path', { status: 404, body: 'not found' }, 'page-refused', '404'],
    ['a page that leads elsewhere', { status: 302, body: '', location: 'http://127.0.0.1:1/' }, 'page-unreachable', ''],
    ['a page without end', { status: 200, body: `${egressPage({})}${'#\n'.repeat(600_000)}` }, 'page-too-large', ''],
  ])('%s is told in words', async (_what, given, code, words) => {
    answer = given;
    const problem = await problemOf(readEgressPage(url));
    expect(problem.code).toBe(code);
    expect(problem.text).toContain(words);
  });
  test('a worker that is down is told in words', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await problemOf(readEgressPage(url))).text).toContain('Nobody listens there: egress is down');
  });
  test('is read every 5 s; while it cannot be, less and less often, beside what was read last', async () => {
    const clock = new FakeClock();
    const readings: PageReading[] = [];
    const stop = new AbortController();
    let isUp = true;
    const worker = await readEgressPage(url);
    const read = async () => {
      if (isUp) return worker;
      throw new ProblemError({ code: 'x', fault: 'network', retryable: true, text: 'Nobody listens there.' });
    };
    const done = watchEgressPage({ read, onReading: (reading) => readings.push(reading), clock }, stop.signal);
    await clock.advance(11_000);
    expect(readings.map(({ state }) => state)).toEqual(['read', 'read', 'read']);
    isUp = false;
    await clock.advance(600_000);
    const waits = readings
      .slice(3)
      .map(({ nextAtMs }, index, all) => (nextAtMs ?? 0) - (all[index - 1]?.nextAtMs ?? 0));
    expect(readings.at(-1)).toMatchObject({ state: 'trouble', worker, problem: { text: 'Nobody listens there.' } });
    expect(waits.at(-1)).toBeGreaterThan(90_000);
    expect(readings.length).toBeLessThan(16);
    stop.abort();
    await done;
  });
});

describe('what a page predicts', () => {
  const idle = { isIdle: true, takesAnyKind: false, isDisabled: false, isTerminating: false };
  const page = (part: Partial<WorkerFigures['worker']>, cores: number | null, costs: WorkerFigures['costs'] = {}) =>
    Object.fromEntries(
      acceptances({ worker: { ...idle, cpuLoad: 0, pulseRatio: 0, running: [], ...part }, cores, costs }).map(
        ({ kind, accepts }) => [kind, accepts],
      ),
    );
  test('two idle cores never take the picture of a room, and take tracks and a person (as measured)', () => {
    expect(page({}, 2)).toEqual({
      'room-composite': false,
      'audio-room-composite': true,
      web: false,
      'audio-web': true,
      participant: true,
      'track-composite': true,
      track: true,
    });
  });
  test('three tracks held on two cores leave no room for a fourth (as measured: it waited)', () => {
    expect(page({ isIdle: false, cpuLoad: 0.75 }, 2)).toMatchObject({ track: false, participant: false });
  });
  test('without declared cores only the most costly kind is known to be refused', () => {
    expect(page({ isIdle: false }, null)).toMatchObject({ 'room-composite': false, web: false, track: null });
    expect(page({ takesAnyKind: true }, null)).toMatchObject({ 'room-composite': true, track: true });
  });
  test('a full sound server refuses what needs a browser; a disabled worker everything; declared costs count', () => {
    expect(page({ takesAnyKind: true, pulseRatio: 0.95 }, 16)).toMatchObject({ 'room-composite': false, track: true });
    expect(Object.values(page({ isDisabled: true }, 16))).not.toContain(true);
    expect(page({}, 2, { 'room-composite': 0.2 })).toMatchObject({ 'room-composite': true, web: false });
  });
});

describe('the pages of the servers', () => {
  const refused = new ProblemError({
    code: 'no-egress-worker',
    fault: 'server',
    retryable: true,
    text: 'No worker took it.',
  });
  const setUp = (cores: number | null) => {
    const clock = new FakeClock();
    const values = { costCap: null, metricsUrl: url, cores, cpuCosts: {} };
    const figures = { figures: new StateCell({ servers: { s: values } }), of: () => values };
    const cell = new StateCell({ servers: [{ id: 's' }] });
    const servers = { servers: cell, find: (id: string) => cell.value.servers.find((one) => one.id === id) };
    const rows = { save: () => {}, remove: () => {}, list: () => [] };
    const limits = new LimitBook({ clock, store: rows, kindOf: () => 'self-hosted' });
    const books = { figures: figures as never, servers: servers as never }; // the two members of each that it asks
    const pages = new EgressPages({ ...books, limits, clock, log: silentLog });
    const port = pages.explaining(
      () => ({ start: () => Promise.reject(refused) }) as Partial<EgressPort> as EgressPort,
    )('s');
    const start = async () => port?.start('hall', programRequest('a'), new AbortController().signal);
    return { pages, limits, start, remove: () => cell.set({ servers: [] }) };
  };

  test('are shown with what the worker would take, and explain a 503 after the fact', async () => {
    answer.body = egressPage({ isIdle: true, takesAnyKind: false });
    const { pages, limits, start } = setUp(2);
    await expect.poll(() => limits.limits('s').value.page?.state).toBe('read');
    const kinds = limits.limits('s').value.page?.kinds.map(({ kind, accepts }) => [kind, accepts]);
    expect(kinds).toContainEqual(['room-composite', false]);
    expect((await problemOf(start())).text).toBe(
      'No worker took it. The page of its worker says: 2 of 2 cores are to be had, 4 needed.',
    );
    answer.body = egressPage({ isIdle: true, takesAnyKind: true });
    expect((await problemOf(start())).text).toContain('it would take this now: it may use another redis');
    await pages.close();
  });
  test('are read no more once their server is removed, though what was declared of it is kept', async () => {
    answer.body = egressPage({ isIdle: true, takesAnyKind: true });
    const { pages, limits, remove } = setUp(2);
    await expect.poll(() => limits.limits('s').value.page?.state).toBe('read');
    remove();
    expect(limits.limits('s').value.page).toBeNull();
    expect(pages.worker('s')).toBeNull();
    await pages.close();
  });
  test('a worker that ended itself explains the 503 too', async () => {
    const { pages, start } = setUp(null);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect((await problemOf(start())).text).toContain('cannot be read: Nobody listens there: egress is down');
    await pages.close();
  });
});
