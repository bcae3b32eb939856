import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EgressHandlers, SocketEnd } from '../../src/core/ingest/websocket/connection.ts';
import { EgressReceiver, type Expected, type Refusal } from '../../src/core/ingest/websocket/server.ts';
import { createLog } from '../../src/core/live/log.ts';
import { closeAsEgress, dialAsEgress, stereo } from '../support/egress-sender.ts';
import { Recorder } from '../support/recorder.ts';

type Heard = { open: true } | { samples: number[] } | { muted: boolean } | { end: SocketEnd };

const logLines: string[] = [];
const log = createLog((line) => logLines.push(line), { level: 'debug' });
let receiver: EgressReceiver;
let refused: Recorder<Refusal>;
beforeEach(async () => {
  receiver = await EgressReceiver.open({
    host: '127.0.0.1',
    port: 0,
    log,
    times: { pingEveryMs: 40, deadAfterPings: 3 },
  });
  refused = new Recorder();
  receiver.refused.on(refused.take);
});
afterEach(() => receiver.close());

function expectOne(): { place: Expected; heard: Recorder<Heard> } {
  const heard = new Recorder<Heard>();
  const handlers: EgressHandlers = {
    onOpen: () => heard.take({ open: true }),
    onSamples: (samples) => heard.take({ samples: [...samples] }),
    onMuted: (muted) => heard.take({ muted }),
    onEnd: (end) => heard.take({ end }),
  };
  return { place: receiver.expect(handlers), heard };
}

const theEnd = async (heard: Recorder<Heard>): Promise<SocketEnd> => {
  const last = await heard.until('the end', (event): event is { end: SocketEnd } => 'end' in event);
  return last.end;
};

/** What a raw client reads until the server closes. */
async function talk(bytes: Buffer | string, port = receiver.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {}); // a reset is a refusal too
  socket.write(bytes);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString('latin1');
}

const upgrade = (url: string, contentType = 'audio/x-raw'): string =>
  `GET ${new URL(url).pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nContent-Type: ${contentType}\r\n` +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n';

/** A socket after its upgrade, for frames that no client library would send. */
async function rawEgress(url: string): Promise<ReturnType<typeof connect>> {
  const socket = connect(receiver.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(upgrade(url));
  const [head] = (await once(socket, 'data')) as [Buffer];
  expect(head.toString()).toContain('101 Switching Protocols');
  expect(head.toString().toLowerCase()).not.toContain('sec-websocket-extensions');
  return socket;
}

test('sound of any size becomes mono, mutes are told, other text is not, and a close without a code is a normal end', async () => {
  const { place, heard } = expectOne();
  const socket = await dialAsEgress(place.url);
  const bytes = Buffer.concat([stereo(3, 1000), stereo(2, 1000, -2000), stereo(1, -32768, -32768)]);
  socket.send(bytes.subarray(0, 5));
  socket.send(bytes.subarray(5, 6));
  socket.send(bytes.subarray(6));
  socket.send('{"muted":true}');
  socket.send('{"muted":"maybe"}');
  socket.send('hello');
  socket.send('{"muted":false}');
  closeAsEgress(socket);
  expect(await theEnd(heard)).toMatchObject({ how: 'finished' });
  expect(heard.all.flatMap((event) => ('samples' in event ? event.samples : []))).toEqual([
    1000, 1000, 1000, -500, -500, -32768,
  ]);
  expect(heard.all.flatMap((event) => ('muted' in event ? [event.muted] : []))).toEqual([true, false]);
});

test('each way to be no expected egress is refused with its reason, and the next one is served', async () => {
  const { place } = expectOne();
  const wrong = `ws://127.0.0.1:${receiver.port}/egress/${'A'.repeat(43)}`;
  expect(await talk(upgrade(wrong))).toMatch(/^HTTP\/1\.1 404 [\s\S]*No egress is expected/);
  expect(await talk(upgrade(`ws://127.0.0.1:${receiver.port}/`))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await talk(upgrade(place.url, 'text/html'))).toMatch(/^HTTP\/1\.1 415 /);
  expect(await talk('hello, is anybody there?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 [\s\S]*no HTTP/);
  expect(await talk('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 426 /);
  expect(await talk(`GET / HTTP/1.1\r\nX: ${'a'.repeat(100_000)}`)).toMatch(/^(HTTP\/1\.1 400 |$)/);
  expect(await talk(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc]))).toMatch(/^HTTP\/1\.1 400 /);
  expect(refused.all.map(({ reason }) => reason)).toEqual([
    'unknown-address',
    'unknown-address',
    'wrong-format',
    'malformed',
    'not-websocket',
    'malformed',
    'malformed',
  ]);
  const socket = await dialAsEgress(place.url);
  expect(await talk(upgrade(place.url))).toMatch(/^HTTP\/1\.1 409 /);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  closeAsEgress(socket);
  await once(socket, 'close');
  // Used once is used up, also after its end.
  expect(await talk(upgrade(place.url))).toMatch(/^HTTP\/1\.1 409 /);
  await place.close();
  expect(await talk(upgrade(place.url))).toMatch(/^HTTP\/1\.1 404 /);
  const token = place.url.split('/').at(-1) ?? 'none';
  expect(logLines.join('\n')).not.toContain(token);
});

test.each([
  ['a frame header of 1 GB', [0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]],
  ['a header beyond every number', [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4]],
  ['a frame without mask', [0x82, 0x04, 1, 2, 3, 4]],
  ['a reserved bit', [0xc2, 0x84, 1, 2, 3, 4, 5, 6, 7, 8]],
  ['plain text on the open socket', [...Buffer.from('hello, is anybody there?')]],
])('%s ends that connection as died, and the others go on', async (_what, bytes) => {
  const good = expectOne();
  const socket = await dialAsEgress(good.place.url);
  const bad = expectOne();
  const raw = await rawEgress(bad.place.url);
  raw.write(Buffer.from(bytes));
  const end = await theEnd(bad.heard);
  expect(end.how).toBe('died');
  expect(end.text).toMatch(/^The connection broke: /); // and did not only fall silent
  raw.destroy();
  socket.send(stereo(1, 7));
  await good.heard.until('sound on the other', (event) => 'samples' in event);
  socket.terminate();
});

test('an egress that is cut off, one that falls silent on the wire, and one that we close are told apart', async () => {
  const cut = expectOne();
  (await dialAsEgress(cut.place.url)).terminate();
  expect(await theEnd(cut.heard)).toMatchObject({ how: 'died' });

  const silent = expectOne();
  const raw = await rawEgress(silent.place.url); // answers no ping
  expect((await theEnd(silent.heard)).text).toMatch(/^Nothing came for/);
  raw.destroy();

  const quiet = expectOne();
  const socket = await dialAsEgress(quiet.place.url); // answers pings, as egress does while it mixes its first 2.8 s
  for (let pings = 0; pings < 8; pings++) await once(socket, 'ping');
  expect(quiet.heard.all).toEqual([{ open: true }]);
  await quiet.place.close();
  expect(await theEnd(quiet.heard)).toMatchObject({ how: 'closed' });
  if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
});

test('who connects and says nothing is let go', async () => {
  expect(await talk('')).toMatch(/^(HTTP\/1\.1 408 |$)/);
  expect(refused.all).toMatchObject([{ reason: 'too-slow' }]);
});

test('closing it ends what is open and is safe to repeat', async () => {
  const { place, heard } = expectOne();
  const socket = await dialAsEgress(place.url);
  const half = connect(receiver.port, '127.0.0.1');
  half.on('error', () => {});
  half.write('GET /');
  await once(half, 'connect');
  await Promise.all([receiver.close(), receiver.close()]);
  expect(await theEnd(heard)).toMatchObject({ how: 'closed' });
  if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  half.destroy();
});
