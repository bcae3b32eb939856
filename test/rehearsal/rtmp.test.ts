import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRtmpReceiver, type RtmpReceiver } from '../../src/rehearsal/destinations/rtmp-receiver.ts';
import { type AmfValue, decodeAmf, encodeAmf } from '../../src/rehearsal/rtmp/amf0.ts';
import { ChunkReader, messageType, toChunks } from '../../src/rehearsal/rtmp/chunks.ts';
import { publishRtmp } from '../../src/rehearsal/rtmp/push.ts';

const message = (type: number, payload: Buffer, timestampMs = 0) => ({ type, streamId: 1, timestampMs, payload });
const seeded = (seed: number) => () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;

describe('chunks and AMF', () => {
  test('come back as they went, in pieces of any length, with long times and large chunks', () => {
    const random = seeded(7);
    const sent = [1, 127, 128, 129, 4_096, 60_000].map((length, index) =>
      message(messageType.audio, Buffer.alloc(length, index + 1), index * 9_000_000),
    );
    const bytes = Buffer.concat(sent.map((one) => toChunks(one, 5, 128)));
    const reader = new ChunkReader();
    const received = [];
    for (let at = 0; at < bytes.length;) {
      const length = 1 + Math.floor(random() * 700);
      received.push(...reader.read(bytes.subarray(at, at + length)));
      at += length;
    }
    expect(received).toEqual(sent);
    const values = ['connect', 1, { app: 'live', deep: { yes: true, none: null } }, null, -0.5];
    expect(decodeAmf(encodeAmf(...values))).toEqual(values);
  });

  test('whatever is changed in them is refused by a RangeError or read, never anything else', () => {
    const random = seeded(11);
    const command = encodeAmf('connect', 1, { app: 'live', tcUrl: 'rtmp://127.0.0.1/live' });
    const honest = Buffer.concat([
      toChunks(message(messageType.command, command), 3, 128),
      toChunks(message(messageType.video, Buffer.alloc(3_000, 7)), 6, 128),
    ]);
    for (let run = 0; run < 2_000; run += 1) {
      const bytes = Buffer.from(honest);
      for (let flips = 0; flips < 4; flips += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        for (const one of new ChunkReader().read(bytes)) if (one.type === messageType.command) decodeAmf(one.payload);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
  });
});

describe('the receiver', () => {
  let receiver: RtmpReceiver;
  const began: string[] = [];
  beforeAll(async () => {
    receiver = await openRtmpReceiver({ began: (key) => began.push(key), received: () => {}, ended: () => {} });
  });
  afterAll(() => receiver.close());

  const greeting = Buffer.concat([Buffer.from([3]), Buffer.alloc(1536), Buffer.alloc(1536)]);
  const command = (...values: AmfValue[]): Buffer =>
    toChunks(message(messageType.command, encodeAmf(...values)), 3, 128);
  const nested = (depth: number): Buffer =>
    Buffer.concat([...Array.from({ length: depth }, () => Buffer.from([3, 0, 1, 97])), Buffer.from([5])]);
  // Each of these has crashed another server, or was let through by it.
  test.each([
    ['no RTMP at all', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a video message before connect', Buffer.concat([greeting, toChunks(message(9, Buffer.alloc(4)), 6, 128)])],
    ['a chunk size without a size', Buffer.concat([greeting, toChunks(message(1, Buffer.alloc(0)), 2, 128)])],
    ['connect without an app', Buffer.concat([greeting, command('connect', 1, {})])],
    ['publish before connect', Buffer.concat([greeting, command('publish', 0, null, 'key', 'live')])],
    [
      'publish without a name',
      Buffer.concat([greeting, command('connect', 1, { app: 'live' }), command('publish', 0, null, null)]),
    ],
    ['an unknown AMF marker', Buffer.concat([greeting, toChunks(message(20, Buffer.from([13])), 3, 128)])],
    ['3000 nested objects', Buffer.concat([greeting, toChunks(message(20, nested(3_000)), 3, 128)])],
    ['a message of 16 MB', Buffer.concat([greeting, Buffer.from([6, 0, 0, 0, 255, 255, 255, 9, 1, 0, 0, 0])])],
  ])('ends the connection that sends %s, and serves the next one', async (_what, bytes) => {
    const socket = connect({ port: receiver.port, host: '127.0.0.1' });
    socket.on('error', () => {}); // reset by the receiver
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close');
    const url = `rtmp://127.0.0.1:${receiver.port}/live/after`;
    const controller = new AbortController();
    const honest = await publishRtmp({ url, silentMs: 2_000, signal: controller.signal, onClosed: () => {} });
    expect(began.at(-1)).toBe('after');
    honest.destroy();
  });
});
