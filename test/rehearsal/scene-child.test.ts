import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { account } from '../../src/rehearsal/accounting.ts';
import { attachRoomStream, type RoomStream } from '../../src/rehearsal/scene/room-stream.ts';
import { openShow, type SceneShow } from '../../src/rehearsal/scene/show.ts';
import { ToneDecoder } from '../../src/rehearsal/tones/decode.ts';

interface Said {
  readonly ev: string;
  readonly link?: number;
  readonly identity: string;
  readonly identities: readonly string[];
  readonly streamId: number;
  readonly atMs: number;
  readonly state: string;
  readonly people: readonly { identity: string; name: string; tracks: readonly { sid: string; muted: boolean }[] }[];
}
interface Block {
  readonly streamId: number;
  readonly firstSample: number;
  readonly samples: Int16Array;
}

/** The core's side of docs/room-child.md, small. */
class Core {
  readonly said: Said[] = [];
  readonly blocks: Block[] = [];
  #socket: Socket | null = null;
  #rest: Buffer = Buffer.alloc(0);
  take(socket: Socket): void {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#rest = Buffer.concat([this.#rest, chunk]);
      while (this.#rest.length >= 4 && this.#rest.length >= 4 + this.#rest.readUInt32LE(0)) {
        const message = this.#rest.subarray(4, 4 + this.#rest.readUInt32LE(0));
        this.#rest = this.#rest.subarray(4 + message.length);
        if (message[0] === 1) this.said.push(JSON.parse(message.toString('utf8', 1)) as Said);
        else {
          const samples = new Int16Array((message.length - 17) / 2);
          samples.forEach((_value, index) => (samples[index] = message.readInt16LE(17 + index * 2)));
          this.blocks.push({
            streamId: message.readUInt32LE(1),
            firstSample: Number(message.readBigUInt64LE(9)),
            samples,
          });
        }
      }
    });
  }
  ask(message: unknown): void {
    const text = Buffer.from(JSON.stringify(message));
    const head = Buffer.alloc(5);
    head.writeUInt32LE(text.length + 1);
    head[4] = 1;
    this.#socket?.write(Buffer.concat([head, text]));
  }
  of(ev: string): readonly Said[] {
    return this.said.filter((one) => one.ev === ev);
  }
}

let core: Core;
let listener: Server;
let http: HttpServer;
let child: ChildProcess;
let exited: Promise<unknown>;
let show: SceneShow;
let stream: RoomStream;
let url: string;

beforeEach(async () => {
  core = new Core();
  listener = createServer((socket) => core.take(socket));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = (listener.address() as AddressInfo).port;
  child = fork(fileURLToPath(new URL('../../src/rehearsal/scene-child.ts', import.meta.url)), [], {
    env: { ...process.env, CUEDESK_CHILD_PORT: String(port), CUEDESK_CHILD_TOKEN: 'the-token' },
  });
  exited = once(child, 'exit');
  await expect.poll(() => core.said).toHaveLength(1);
  // The script's 42nd second: at 45 s somebody joins the third room, at 46 s Carla mutes. It begins with the child there, however long that took.
  show = openShow('town-hall', { startedAtMs: Date.now() - 42_000, seed: 4 });
  http = createHttpServer();
  stream = attachRoomStream({
    show,
    server: http,
    verifyToken: (token) => (token.startsWith('join-') ? { room: token.slice(5), identity: 'console' } : null),
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  core.ask({ op: 'stop' });
  const [code] = (await exited) as [number | null];
  await stream.close();
  http.close();
  listener.close();
  expect(code).toBe(0);
});

it('says who it is, joins, tells who is there, and plays their sound on their own clocks', async () => {
  expect(core.said).toEqual([{ ev: 'hello', token: 'the-token', program: 'scene-child' }]);
  core.ask({ op: 'join', link: 7, url, token: 'join-town-hall' });
  await expect.poll(() => core.of('streamOpened')).toHaveLength(6);
  const [joined] = core.of('joined');
  expect(joined?.link).toBe(7);
  expect(joined?.people.map(({ name }) => name)).toEqual(show.people('town-hall', Date.now()).map(({ name }) => name));
  await expect.poll(() => core.of('trackMuted')).toMatchObject([{ identity: 'carla-ferreira', muted: true }]);
  expect(core.of('speakers').some(({ identities }) => identities.length > 0)).toBe(true);

  const heard: { identity: string; word: string; startMs: number }[] = [];
  // The clock of a stream is the wall clock, and no sound lies behind it.
  const behindMs = (): number =>
    Math.max(
      ...core.of('streamOpened').map(({ streamId, atMs }) => {
        const count = core.blocks.filter((block) => block.streamId === streamId).length;
        return Math.abs(Date.now() - atMs - count * 10);
      }),
    );
  await expect.poll(behindMs).toBeLessThan(150);
  let untilMs = Number.POSITIVE_INFINITY;
  let fromMs = 0;
  for (const { streamId, identity, atMs } of core.of('streamOpened')) {
    const blocks = core.blocks.filter((block) => block.streamId === streamId);
    blocks.forEach(({ firstSample, samples }, index) => {
      expect(firstSample).toBe(index * 480);
      expect(samples.length).toBe(480);
    });
    const decoder = new ToneDecoder();
    for (const { samples } of blocks)
      for (const { word, startSample } of decoder.push(samples.filter((_value, index) => index % 3 === 0)))
        heard.push({ identity, word: show.lexicon[word] ?? '', startMs: atMs + startSample / 16 });
    fromMs = Math.max(fromMs, atMs);
    untilMs = Math.min(untilMs, atMs + blocks.length * 10);
  }
  const result = account(show.spoken('town-hall', fromMs, untilMs - 100), heard);
  expect(result.spoken).toBeGreaterThan(2);
  expect(result).toMatchObject({ missing: [], doubled: [], wrongSpeaker: [], outOfOrder: 0 });
  expect(result.wrong.length).toBeLessThanOrEqual(1); // the one that was being said at the end
});

it('follows people who come, in several rooms at once, and leaves', async () => {
  core.ask({ op: 'join', link: 1, url, token: 'join-overflow' });
  core.ask({ op: 'join', link: 2, url: url.replace('ws:', 'http:'), token: 'join-backstage' });
  await expect.poll(() => core.of('joined')).toHaveLength(2);
  expect(core.of('joined').find(({ link }) => link === 1)?.people).toEqual([]);
  await expect.poll(() => core.of('personJoined')).toMatchObject([{ link: 1 }]);
  await expect.poll(() => core.of('streamOpened').filter(({ link }) => link === 1)).toHaveLength(1);
  core.ask({ op: 'leave', link: 1 });
  await expect.poll(() => core.of('left')).toMatchObject([{ link: 1, reason: 'asked', retryable: false }]);
  expect(core.of('streamEnded')).toHaveLength(1);
  const before = core.blocks.length;
  await expect.poll(() => core.blocks.length).toBeGreaterThan(before); // the other room goes on
});

it('reconnects after a loss, with a jump in the samples as long as the gap', async () => {
  core.ask({ op: 'join', link: 3, url, token: 'join-backstage' });
  await expect.poll(() => core.blocks.length).toBeGreaterThan(100);
  const droppedMs = Date.now();
  stream.drop();
  await expect.poll(() => core.of('connection')).toMatchObject([{ state: 'reconnecting' }, { state: 'connected' }]);
  const [opened] = core.of('streamOpened');
  const blocks = (): Block[] => core.blocks.filter(({ streamId }) => streamId === opened?.streamId);
  const isAfterJump = (block: Block, index: number): boolean =>
    index > 0 && block.firstSample !== (blocks()[index - 1]?.firstSample ?? 0) + 480;
  await expect.poll(() => blocks().findIndex(isAfterJump)).toBeGreaterThan(0);
  const backMs = Date.now();
  await expect
    .poll(() => Math.abs((opened?.atMs ?? 0) + (blocks().at(-1)?.firstSample ?? 0) / 48 - Date.now()))
    .toBeLessThan(100);
  expect(core.of('streamOpened')).toHaveLength(2); // the same streams go on
  expect(blocks().filter(isAfterJump)).toHaveLength(1);
  const jump = blocks().findIndex(isAfterJump);
  const lostMs = ((blocks()[jump]?.firstSample ?? 0) - (blocks()[jump - 1]?.firstSample ?? 0)) / 48;
  expect(lostMs).toBeGreaterThan(900);
  expect(lostMs).toBeLessThan(backMs - droppedMs + 500);
});

it('says why a join failed, without the token', async () => {
  core.ask({ op: 'join', link: 4, url, token: 'secret-of-a-stranger' });
  await expect.poll(() => core.of('joinFailed')).toMatchObject([{ link: 4, code: 'refused-401', retryable: false }]);
  core.ask({ op: 'join', link: 5, url: 'ws://127.0.0.1:9', token: 'join-backstage' });
  await expect.poll(() => core.of('joinFailed')).toHaveLength(2);
  expect(core.of('joinFailed')[1]).toMatchObject({ link: 5, code: 'unreachable', retryable: true });
  expect(JSON.stringify(core.said)).not.toContain('stranger');
  const other = new WebSocket(`${url}/rtc`);
  const [, answer] = (await once(other, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(answer.statusCode).toBe(404);
  other.on('error', () => {});
  other.terminate();
});
