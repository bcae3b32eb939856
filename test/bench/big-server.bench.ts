// A server of 200 rooms with 20 people each and 100 running jobs: what it costs to see it, against LiveKit's own SDK asking the
// same lists at the same pace at the same time, and after how long a change is seen by either. Option: --seconds N of the
// measurement (60).
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openConsoleIn, tempFolder, until } from '../support/whole-console.ts';

interface Ready {
  readonly what: 'ready';
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}
interface Value {
  readonly what: 'room' | 'job';
  readonly name: string;
  readonly value: number;
}
interface Change extends Value {
  readonly atMs: number;
}

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);
const settleMs = 5_000;
const openRoom = 'room-0';
const targets = {
  'open room': 'at most 2,000 ms, ratio below 1',
  'other rooms': 'at most 2,000 ms, ratio below 1',
  jobs: 'at most 2,000 ms; both ask once a second',
} as const;
const program = (name: string, args: readonly string[] = []): ChildProcess =>
  fork(resolve('test/programs', name), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
const p95 = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.ceil(list.length * 0.95) - 1] ?? NaN;

/** Changes that were told and are not yet seen, and how long the others took. */
class Seen {
  readonly #waiting = new Map<string, Change>();
  readonly delays: Record<'open room' | 'other rooms' | 'jobs', number[]> = {
    'open room': [],
    'other rooms': [],
    jobs: [],
  };
  told(change: Change): void {
    this.#waiting.set(`${change.what} ${change.name}`, change);
  }
  seen({ what, name, value }: Value): void {
    const change = this.#waiting.get(`${what} ${name}`);
    if (change?.value !== value) return;
    this.#waiting.delete(`${what} ${name}`);
    this.delays[what === 'job' ? 'jobs' : name === openRoom ? 'open room' : 'other rooms'].push(
      Date.now() - change.atMs,
    );
  }
}

const folder = tempFolder();
const livekit = program('big-livekit.ts');
const [ready] = (await once(livekit, 'message')) as [Ready];
const opened = await openConsoleIn(folder, null);
const shown = new Seen();
const seenByPeer = new Seen();
livekit.on('message', (change: Change) => {
  shown.told(change);
  seenByPeer.told(change);
});
try {
  const { url, apiKey, apiSecret } = ready;
  const { id: serverId } = await opened.api.saveServer({ name: 'bench', url, apiKey, apiSecret, keep: 'this-run' });
  const { servers } = await until(
    opened.api.servers({}),
    (list) => list.servers.some((server) => server.id === serverId && server.webhookUrl !== null),
    'the address for webhooks',
  );
  const stopping = new AbortController();
  const follow = async <T>(feed: AsyncIterable<T>, take: (item: T) => void): Promise<void> => {
    try {
      for await (const item of feed) take(item);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  };
  const { signal } = stopping;
  const feeds = [
    follow(opened.api.rooms({ serverId }, { signal }), (list) => {
      for (const room of list.rooms)
        if (room.name !== openRoom) shown.seen({ what: 'room', name: room.name, value: room.peopleCount });
    }),
    follow(opened.api.room({ serverId, roomName: openRoom }, { signal }), (room) =>
      shown.seen({ what: 'room', name: openRoom, value: room.people.length }),
    ),
    follow(opened.api.jobs({ serverId }, { signal }), ({ jobs }) => {
      for (const job of jobs)
        shown.seen({ what: 'job', name: job.egress?.egressId ?? '', value: job.files[0]?.bytes ?? NaN });
    }),
  ];
  const peer = program('sdk-poller.ts', [url, apiKey, apiSecret, String(seconds)]);
  const theirs = new Promise<{ readonly percent: number }>((done, fail) => {
    peer.on('message', (message: Value | { readonly what: 'end'; readonly percent: number }) =>
      message.what === 'end' ? done(message) : seenByPeer.seen(message),
    );
    peer.once('exit', (code) => fail(new Error(`The peer ended with ${code} before it was done.`)));
  });
  livekit.send({ webhookUrl: servers.find((server) => server.id === serverId)?.webhookUrl });
  await pause(settleMs);
  const before = process.cpuUsage();
  const beganMs = performance.now();
  await pause(seconds * 1_000);
  const used = process.cpuUsage(before);
  const percent = (used.user + used.system) / 10 / (performance.now() - beganMs);
  const { percent: theirPercent } = await theirs;
  livekit.send({ webhookUrl: null }); // nobody is there to take them
  stopping.abort();
  await Promise.all(feeds);
  print('200 rooms of 20 people and 100 jobs, the core with a page', percent, '% of a core', 'at most 10 %', {
    name: `livekit-server-sdk asking the same lists (${theirPercent.toFixed(1)} %)`,
    ratio: percent / theirPercent,
  });
  for (const what of ['open room', 'other rooms', 'jobs'] as const) {
    const [ours, peers] = [shown.delays[what], seenByPeer.delays[what]];
    print(`a change in ${what} is shown after, p95 of ${ours.length}`, p95(ours), 'ms', targets[what], {
      name: `the same poller (${Math.round(p95(peers))} ms, p95 of ${peers.length})`,
      ratio: p95(ours) / p95(peers),
    });
  }
} finally {
  await opened.close();
  livekit.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

function print(
  name: string,
  figure: number,
  unit: string,
  target: string,
  peer: { readonly name: string; readonly ratio: number },
): void {
  const row = { name, figure: Number(figure.toFixed(1)), unit, target };
  process.stdout.write(`${JSON.stringify({ ...row, peer: peer.name, ratio: Number(peer.ratio.toFixed(2)) })}\n`);
}
