import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { resolve } from 'node:path';
import type { RemoteParticipant, TrackPublication } from '@livekit/rtc-node';
import { afterEach, expect, test } from 'vitest';
import { RoomChild } from '../../src/core/feeds/room-child.ts';
import { RoomLinks, type RoomLink } from '../../src/core/feeds/room-link.ts';
import { personOf } from '../../src/core/feeds/rtc/words.ts';
import { WirePerson } from '../../src/core/feeds/wire/messages.ts';
import type { HostServices, NodeChild } from '../../src/core/host-services.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { forkNode } from '../support/fork-node.ts';

const closers: (() => Promise<unknown>)[] = [];
const printed: string[] = [];
const logLines: string[] = [];
const jwt = `eyJhbGciOiJIUzI1NiJ9.${'q'.repeat(60)}.${'r'.repeat(43)}`;
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
  expect([...printed, ...logLines].filter((line) => line.includes('qqqqq'))).toEqual([]);
});

/** A server that takes connections and answers nothing. */
async function deafServer(onSocket: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on('error', () => {});
    sockets.add(socket);
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((done) => server.close(done));
  });
  return server;
}

async function enter(port: number): Promise<{ child: RoomChild; link: RoomLink; exited: NodeChild['exited'] }> {
  const log = createLog((line) => logLines.push(line), { level: 'debug' });
  const program = resolve('src/core/feeds/rtc-child.ts');
  const started = Promise.withResolvers<NodeChild>();
  const fork: HostServices['forkNode'] = (file, options) => {
    const node = forkNode(printed)(file, { ...options, graceMs: 50_000 }); // who is slow is not killed for it
    started.resolve(node);
    return node;
  };
  const child = await RoomChild.open({ program, env: {}, fork, clock: systemClock, log });
  closers.push(() => child.close());
  const links = new RoomLinks({ clock: systemClock, log });
  closers.push(() => links.close());
  const url = `ws://127.0.0.1:${port}`;
  return {
    child,
    exited: started.promise.then((node) => node.exited),
    link: links.acquire({ serverId: 's', roomName: 'hall', ticket: () => Promise.resolve({ url, token: jwt }), child }),
  };
}

test('a join that gets no answer can be given up at once, and the child ends when told', async () => {
  const dialled = Promise.withResolvers<void>();
  const server = await deafServer(() => dialled.resolve());
  const { child, link, exited } = await enter((server.address() as AddressInfo).port);
  await dialled.promise;
  await link.release();
  expect(logLines.join('\n')).not.toContain('did not say that it left'); // it said so, and was not given up on
  await child.close();
  expect(await exited).toEqual({ code: 0 }); // by itself: one that has to be killed has no code
});

test('a server that is not there is told in words and tried again', async () => {
  const server = await deafServer(() => {});
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  const { link } = await enter(port);
  const seen: string[] = [];
  for await (const state of link.state.read(AbortSignal.timeout(50_000))) {
    seen.push(state.text);
    if (state.text.includes('try 2')) break;
  }
  expect(seen.at(-1)).toBe('The room could not be joined. Joining again, try 2.');
  expect(link.state.value.problem).toMatchObject({ code: 'join-failed', fault: 'network', retryable: true });
});

test('a server that answers nonsense is told in words too', async () => {
  const server = await deafServer((socket) =>
    socket.once('data', () => socket.end('hello, this is no LiveKit\r\n\r\n')),
  );
  const { link } = await enter((server.address() as AddressInfo).port);
  for await (const state of link.state.read(AbortSignal.timeout(50_000))) if (state.problem) break;
  expect(link.state.value).toMatchObject({ state: 'reconnecting', problem: { code: 'join-failed' } });
});

test('a guest whose names and tracks are without measure is told of within the protocol, which would end the child', () => {
  const track = { sid: 'TR_1', name: 'n'.repeat(100_000) } as TrackPublication;
  const guest = {
    sid: 'PA_1',
    identity: 'guest',
    name: 'ß'.repeat(100_000),
    info: { joinedAt: 1n },
    trackPublications: new Map(Array.from({ length: 300 }, (_, index) => [`TR_${index}`, track])),
  } as unknown as RemoteParticipant;
  const told = WirePerson.parse(personOf(guest));
  expect([told.name, told.tracks[0]?.name]).toEqual(['ß'.repeat(256), 'n'.repeat(256)]);
});
