// Starts and stops caption sessions in many rooms at once, and tells what is held before and after. Needs --expose-gc.
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { RehearsalConnection } from '../../src/core/host-services.ts';
import { openConsoleIn, rehearsalServerId } from '../support/whole-console.ts';

export interface Held {
  readonly memoryBytes: number;
  readonly rssBytes: number;
  readonly files: number;
  /** Sockets, servers, children and timers, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}
export interface CyclesDone {
  readonly before: Held;
  readonly after: Held;
  /** Sessions that had somebody's sound. */
  readonly heard: number;
  readonly failed: readonly string[];
}

const [folder = '', cycles = '1000', roomCount = '60'] = process.argv.slice(2);
const warmUp = 150;
const settleMs = 15_000;

const rehearsal = JSON.parse(process.env['REHEARSAL'] ?? 'null') as RehearsalConnection;
const whole = await openConsoleIn(folder, rehearsal);
const { api } = whole;
const serverId = await rehearsalServerId(api);
let heard = 0;
const failed: string[] = [];

async function cycle(roomName: string, index: number): Promise<void> {
  const session = await api.startCaptions({ serverId, roomName, feed: 'track-socket', language: 'en' });
  // Some are stopped at once, some while they connect, most when they have sound.
  await delay([0, 200, 1_500, 1_500][index % 4]);
  const over = await api.stopCaptions({ sessionId: session.id });
  if (over.speakers.length > 0) heard++;
  if (over.state !== 'ended' || over.problem) failed.push(`${over.state}: ${over.problem?.text ?? ''}`);
}

async function cyclesOf(count: number): Promise<void> {
  let next = 0;
  const one = async (room: number): Promise<void> => {
    while (next < count) await cycle(`room-${room}`, next++);
  };
  await Promise.all(Array.from({ length: Number(roomCount) }, (_value, room) => one(room)));
}

function held(): Held {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const files = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  return { memoryBytes: heapUsed + external, rssBytes: rss, files, resources };
}

/** Waits until connections that are kept alive for a while have ended: what is left then is left for good. */
async function settled(isSettled: (now: Held) => boolean): Promise<Held> {
  for (const untilMs = Date.now() + settleMs; Date.now() < untilMs; await delay(500)) {
    const now = held();
    if (isSettled(now)) return now;
  }
  return held();
}

await cyclesOf(warmUp);
await delay(6_000);
let last = held();
const before = await settled((now) => {
  const isSame = now.files === last.files;
  last = now;
  return isSame;
});
heard = 0;
await cyclesOf(Number(cycles));
const after = await settled((now) => now.files <= before.files);
process.send?.({ before, after, heard, failed: failed.slice(0, 20) } satisfies CyclesDone);
await whole.close();
process.disconnect();
