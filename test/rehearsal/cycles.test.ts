import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { measuredTiming } from '../../src/rehearsal/egress/timing.ts';
import { openActs } from '../../src/rehearsal/livekit/acts.ts';
import { openStandIn } from '../../src/rehearsal/livekit/stand-in.ts';
import type { SceneShow } from '../../src/rehearsal/scene/show.ts';
import type { CyclesDone } from '../programs/caption-cycles.ts';
import { openBareGladia } from '../support/bare-gladia.ts';
import { emptyShow } from '../support/empty-show.ts';
import { tempFolder } from '../support/whole-console.ts';

const cycles = 1_000;
const roomCount = 60;
const growthLimitBytes = 20 * 1024 * 1024;
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

/** As many rooms as sessions at once, with one person each who says nothing. */
function manyRooms(): SceneShow {
  const rooms = Array.from({ length: roomCount }, (_value, index) => `room-${index}`);
  const person = (room: string) => ({ identity: `one-of-${room}`, name: 'One', room, band: 0, muted: false });
  return { ...emptyShow(), rooms, people: (room) => (rooms.includes(room) ? [person(room)] : []) };
}

test(`${cycles} caption sessions by track-socket leave nothing behind`, { timeout: 240_000 }, async () => {
  const folder = tempFolder();
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const apiKey = { key: 'cycles', secret: 'a secret of the cycles, long enough' };
  const standIn = await openStandIn({
    acts: openActs(manyRooms(), Date.now),
    apiKey,
    filesFolder: folder,
    ffmpeg: null,
    timing: { ...measuredTiming, answerIdleMs: 10, answerBusyMs: 10, dialMs: 10, firstSoundMs: 200, drainMs: 100 },
    egressLimit: 10 * roomCount,
    hasEgress: true,
    canUnmute: false,
    behindUrl: null,
    now: Date.now,
  });
  closers.push(() => standIn.close());
  const gladia = await openBareGladia();
  closers.push(() => gladia.close());
  const control = createServer((_request, response) => response.end('{}'));
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  closers.push(() => (control.closeAllConnections(), control.close()));

  const rehearsal = {
    scene: 'cycles',
    livekit: { url: standIn.url.replace(/^http/, 'ws'), apiKey: apiKey.key, apiSecret: apiKey.secret },
    gladia: { url: gladia.url, key: gladia.key },
    control: { url: `http://127.0.0.1:${(control.address() as AddressInfo).port}`, token: '' },
    roomChild: { program: '', env: {} },
  };
  const child = fork(resolve('test/programs/caption-cycles.ts'), [join(folder, 'data'), `${cycles}`, `${roomCount}`], {
    env: { ...process.env, REHEARSAL: JSON.stringify(rehearsal) },
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  closers.push(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let done: CyclesDone | undefined;
  child.on('message', (message: CyclesDone) => (done = message));
  const startedAtMs = Date.now();
  const [code] = await exited;
  if (!done) throw new Error(`The cycles ended with ${code} and told nothing.`);
  const { before, after, heard, failed } = done;
  const growthBytes = after.memoryBytes - before.memoryBytes;
  console.info(
    JSON.stringify({
      growthMB: growthBytes / 2 ** 20,
      rssGrowthMB: (after.rssBytes - before.rssBytes) / 2 ** 20,
      before: { files: before.files, ...before.resources },
      after: { files: after.files, ...after.resources },
      heard,
      sessions: gladia.count.sessions,
      tookS: (Date.now() - startedAtMs) / 1000,
    }),
  );
  expect(failed).toEqual([]);
  expect(heard).toBeGreaterThan(cycles / 4);
  expect(gladia.count.open).toBe(0);
  expect(growthBytes).toBeLessThan(growthLimitBytes);
  expect(after.files).toBeLessThanOrEqual(before.files);
  for (const [kind, count] of Object.entries(after.resources))
    expect(`${kind} ${count <= (before.resources[kind] ?? 0) + (kind === 'Timeout' ? 1 : 0)}`).toBe(`${kind} true`);
  expect(code).toBe(0); // it ended by itself: nothing kept it alive
});
