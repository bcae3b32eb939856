import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../src/core/live/backoff.ts';
import { BoundedQueue } from '../../src/core/live/bounded-queue.ts';
import { DeadlineError, withDeadline } from '../../src/core/live/deadline.ts';
import { Listeners } from '../../src/core/live/listeners.ts';
import { createLog } from '../../src/core/live/log.ts';
import { startProcess } from '../../src/core/live/process.ts';
import { Scope } from '../../src/core/live/scope.ts';
import { StateCell } from '../../src/core/live/state-cell.ts';
import { supervise } from '../../src/core/live/supervise.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('Scope', () => {
  test('closes its members once, in reverse order, each awaited', async () => {
    const order: string[] = [];
    const scope = new Scope('test');
    for (const name of ['first', 'second', 'third']) {
      scope.add(name, async () => {
        order.push(`${name} closing`);
        await delay(1);
        order.push(`${name} closed`);
      });
    }
    await Promise.all([scope.close(), scope.close()]);
    expect(order).toEqual([
      'third closing',
      'third closed',
      'second closing',
      'second closed',
      'first closing',
      'first closed',
    ]);
  });
  test('a member that fails to close keeps no other open, and is told', async () => {
    const told: string[] = [];
    const scope = new Scope('test', { onError: (_error, name) => told.push(name) });
    let isClosed = false;
    scope.add('good', () => void (isClosed = true));
    scope.add('bad', () => Promise.reject(new Error('no')));
    await scope.close();
    expect([isClosed, told]).toEqual([true, ['bad']]);
  });
  test('what arrives late is closed at once', async () => {
    const scope = new Scope('test');
    await scope.close();
    let isClosed = false;
    scope.add('late', () => void (isClosed = true));
    expect(isClosed).toBe(true);
  });
  test('waits for its work, and does not call the stop a failure', async () => {
    const told: unknown[] = [];
    const scope = new Scope('test', { onError: (error) => told.push(error) });
    let ended = false;
    scope.spawn('work', async (signal) => {
      await delay(60_000, undefined, { signal }).finally(() => (ended = true));
    });
    await scope.close();
    expect([ended, told]).toEqual([true, []]);
  });
  test('closes with its owner`s signal', async () => {
    const owner = new AbortController();
    const scope = new Scope('test', { signal: owner.signal });
    const closed = new Promise<void>((resolve) => scope.add('member', resolve));
    owner.abort(new Error('owner went'));
    await closed;
    expect((scope.signal.reason as Error).message).toBe('owner went');
  });
});

describe('waits', () => {
  test('the limit wins over work that hangs, and the owner over both', async () => {
    const hang = (signal: AbortSignal): Promise<void> => delay(60_000, undefined, { signal });
    await expect(withDeadline('hanging', 5, undefined, hang)).rejects.toBeInstanceOf(DeadlineError);
    const owner = new AbortController();
    const waiting = withDeadline('hanging', 60_000, owner.signal, hang);
    owner.abort(new Error('owner'));
    await expect(waiting).rejects.toThrow('owner');
  });
  test('back-off grows to its ceiling', () => {
    const policy = { firstMs: 100, factor: 2, maxMs: 500, jitter: 0 };
    expect([1, 2, 3, 4, 9].map((attempt) => backoffMs(policy, attempt))).toEqual([100, 200, 400, 500, 500]);
    expect(backoffMs({ ...policy, jitter: 0.5 }, 1, () => 1)).toBe(50);
  });
  test('supervise begins its back-off anew after a healthy run, and gives up when told', async () => {
    const clock = new FakeClock();
    const attempts: number[] = [];
    let runs = 0;
    const policy = { backoff: { firstMs: 100, factor: 2, maxMs: 1_000, jitter: 0 }, clock, healthyAfterMs: 5_000 };
    const done = supervise(
      async (signal) => {
        runs++;
        if (runs === 3) await clock.delay(6_000, signal);
        throw new Error('died');
      },
      { ...policy, onFailure: (_error, attempt) => attempts.push(attempt) < 5 },
      new AbortController().signal,
    );
    await clock.advance(20_000);
    await done;
    expect(attempts).toEqual([1, 2, 1, 2, 3]);
  });
});

describe('queues and cells', () => {
  test('a full queue drops the oldest and counts it', async () => {
    const queue = new BoundedQueue<number>(2);
    for (const item of [1, 2, 3]) queue.push(item);
    queue.end();
    const read: number[] = [];
    for await (const item of queue.read()) read.push(item);
    expect(read).toEqual([2, 3]);
    expect(queue.dropped).toBe(1);
  });
  test('a reader of a cell gets the present value and skips what it was too slow for', async () => {
    const cell = new StateCell(1);
    const stop = new AbortController();
    const seen: number[] = [];
    for await (const value of cell.read(stop.signal)) {
      seen.push(value);
      if (seen.length === 1) for (const next of [2, 3, 4]) cell.set(next);
      else stop.abort();
    }
    expect(seen).toEqual([1, 4]);
    expect(cell.readers).toBe(0);
  });
  test('a listener that throws breaks nobody else', () => {
    const errors: unknown[] = [];
    const listeners = new Listeners<number>((error) => errors.push(error));
    let heard = 0;
    listeners.on(() => {
      throw new Error('mine');
    });
    const off = listeners.on((value) => (heard += value));
    listeners.emit(2);
    off();
    listeners.emit(2);
    expect([heard, errors.length]).toEqual([2, 2]);
  });
});

test('the log is the last guard: what it is told to redact does not pass, in fields and in errors', () => {
  const lines: string[] = [];
  const log = createLog((line) => lines.push(line), { redact: (text) => text.replaceAll('hunter2', '••••') });
  log.with({ room: 'r' }).error('It failed', { url: 'ws://x?token=hunter2' }, new Error('hunter2 was wrong'));
  log.debug('not at this level');
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('hunter2');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ message: 'It failed', room: 'r', url: 'ws://x?token=••••' });
});

describe('a child process', () => {
  const node = (script: string) => ({ file: process.execPath, args: ['-e', script] });
  test('is asked, and its last lines are kept', async () => {
    const lines: string[] = [];
    const child = startProcess({
      ...node(
        "process.on('SIGTERM', () => { console.log('bye'); process.exit(3) }); console.log('up'); setInterval(() => {}, 1000)",
      ),
      ask: 'SIGTERM',
      graceMs: 30_000,
      onLine: (line) => lines.push(line),
    });
    await expect.poll(() => lines).toEqual(['up']);
    await child.close();
    expect(await child.exited).toMatchObject({ code: 3, wasAsked: true, wasKilled: false, lastLines: ['up', 'bye'] });
  });
  test('that ignores the question is killed after the grace', async () => {
    const lines: string[] = [];
    const child = startProcess({
      ...node("process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)"),
      ask: 'SIGTERM',
      graceMs: 50,
      onLine: (line) => lines.push(line),
    });
    await expect.poll(() => lines).toEqual(['up']);
    await Promise.all([child.close(), child.close()]);
    expect(await child.exited).toMatchObject({ signal: 'SIGKILL', wasKilled: true });
  });
  test.skipIf(process.platform === 'win32')('does not hear the Ctrl-C of our terminal', async () => {
    const child = startProcess({ ...node('setInterval(() => {}, 1000)'), ask: 'SIGTERM', graceMs: 5_000 });
    expect(() => process.kill(-(child.pid ?? NaN), 0)).not.toThrow(); // it leads a group of its own
    await child.close();
  });
  test('that cannot start says so and never hangs', async () => {
    const child = startProcess({ file: '/nonexistent/program', args: [], ask: 'SIGTERM', graceMs: 50 });
    expect((await child.exited).error?.message).toContain('ENOENT');
    await child.close();
  });
});
