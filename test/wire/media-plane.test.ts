import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock, type Clock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { openMediaPlane, type MediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { parseRange } from '../../src/core/media-plane/serve-file.ts';

const page = 'http://127.0.0.1:1';
let plane: MediaPlane;
let folder: string;
let aheadMs = 0;
let lines: string[] = [];
const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs };

beforeEach(async () => {
  aheadMs = 0;
  lines = [];
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-plane-'));
  plane = await openMediaPlane({ log: createLog((line) => lines.push(line)), allowedOrigins: [page], clock });
});
afterEach(async () => {
  await plane.close();
  await rm(folder, { recursive: true, force: true });
});

interface Heard {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}
async function ask(url: string, options: RequestOptions = {}, body?: Buffer): Promise<Heard> {
  const request = httpRequest(url, { agent: false, ...options });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end(body);
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
/** The same address with another secret. */
const guess = (url: string): string => url.slice(0, -4) + (url.endsWith('AAAA') ? 'BBBB' : 'AAAA');
/** The status with which a socket was refused, or 'open'. */
async function dial(
  url: string,
  options: { origin?: string; headers?: Record<string, string> } = {},
): Promise<number | 'open'> {
  const socket = new WebSocket(url, options);
  return new Promise((resolve) => {
    socket.on('error', () => {}); // what 'unexpected-response' leaves behind
    socket.once('open', () => (resolve('open'), socket.close()));
    socket.once('unexpected-response', (_request, response) => (resolve(response.statusCode ?? 0), response.destroy()));
  });
}

describe('files', () => {
  const bytes = '0123456789'.repeat(10);
  let path: string;
  beforeEach(async () => {
    path = join(folder, 'talk.mp4');
    await writeFile(path, bytes);
  });

  it('are served whole and in ranges, again and again', async () => {
    const url = plane.fileUrl(path, 'video/mp4');
    const whole = await ask(url);
    expect(whole).toMatchObject({ status: 200, text: bytes });
    expect(whole.headers).toMatchObject({
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': '100',
    });
    const part = await ask(url, { headers: { range: 'bytes=10-14' } });
    expect(part).toMatchObject({ status: 206, text: '01234' });
    expect(part.headers['content-range']).toBe('bytes 10-14/100');
    expect((await ask(url, { headers: { range: 'bytes=-3' } })).text).toBe('789');
    expect((await ask(url, { headers: { range: 'bytes=97-' } })).text).toBe('789');
    expect(await ask(url, { headers: { range: 'bytes=100-' } })).toMatchObject({ status: 416 });
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' });
    expect(await ask(url, { method: 'DELETE' })).toMatchObject({ status: 405 });
  });

  it('may grow while they are played', async () => {
    const url = plane.fileUrl(path, 'video/mp4');
    await ask(url);
    await writeFile(path, `${bytes}more`);
    expect((await ask(url, { headers: { range: 'bytes=100-' } })).text).toBe('more');
  });

  it('that vanished or are folders give 404, and so do wrong and old tickets', async () => {
    const url = plane.fileUrl(path, 'video/mp4');
    expect((await ask(guess(url))).status).toBe(404);
    expect((await ask(`${plane.origin}/file/1`)).status).toBe(404);
    expect((await ask(`${plane.origin}/file/../../etc/passwd`)).status).toBe(404);
    expect((await ask(plane.fileUrl(folder, 'video/mp4'))).status).toBe(404);
    expect((await ask(url)).status).toBe(200);
    const fresh = plane.fileUrl(path, 'video/mp4');
    await rm(path);
    expect(await ask(fresh)).toMatchObject({ status: 404, text: 'The file is no longer there.' });
  });

  it('are served while they are asked for, until an hour without a request, and a day at most', async () => {
    const [long, idle] = [plane.fileUrl(path, 'video/mp4'), plane.fileUrl(path, 'video/mp4')];
    const statusAfter = async (ms: number, url: string): Promise<number> => {
      aheadMs += ms;
      return (await ask(url)).status;
    };
    const halfHours = Array.from({ length: 47 }, () => 1_800_000);
    for (const ms of halfHours) expect(await statusAfter(ms, long)).toBe(200);
    expect(await statusAfter(0, idle)).toBe(404);
    expect(await statusAfter(1_800_000, long)).toBe(404);
  });

  it('are refused to other pages and to other names for this computer', async () => {
    const url = plane.fileUrl(path, 'video/mp4');
    expect((await ask(url, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect((await ask(url, { headers: { host: 'evil.example' } })).status).toBe(403);
    const own = await ask(url, { headers: { origin: page } });
    expect([own.status, own.headers['access-control-allow-origin']]).toEqual([200, page]);
  });

  it('an empty file is served, and a player that leaves in the middle does no harm', async () => {
    const empty = join(folder, 'empty.wav');
    await writeFile(empty, '');
    expect(await ask(plane.fileUrl(empty, 'audio/wav'))).toMatchObject({ status: 200, text: '' });
    const large = join(folder, 'large.wav');
    await writeFile(large, Buffer.alloc(8 << 20));
    const request = httpRequest(plane.fileUrl(large, 'audio/wav'), { agent: false }).end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'readable');
    response.destroy();
    expect((await ask(plane.fileUrl(path, 'video/mp4'))).status).toBe(200);
  });
});

it('reads Range headers as RFC 9110 says', () => {
  expect(parseRange(undefined, 10)).toBeNull();
  expect(parseRange('bytes=0-0', 10)).toEqual({ first: 0, last: 0 });
  expect(parseRange('bytes=5-99', 10)).toEqual({ first: 5, last: 9 });
  expect(parseRange('bytes=-99', 10)).toEqual({ first: 0, last: 9 });
  expect(parseRange('bytes=-0', 10)).toBe('unsatisfiable');
  expect(parseRange('bytes=10-', 10)).toBe('unsatisfiable');
  for (const ignored of ['bytes=5-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-'])
    expect(parseRange(ignored, 10)).toBeNull();
});

describe('sockets', () => {
  it('carry binary both ways, once a ticket', async () => {
    const url = plane.socketUrl((socket) => socket.on('message', (data) => socket.send(data)));
    const socket = new WebSocket(url, { origin: page });
    await once(socket, 'open');
    socket.send(Buffer.from([1, 2, 3]));
    expect(await once(socket, 'message')).toEqual([Buffer.from([1, 2, 3]), true]);
    expect(await dial(url, { origin: page })).toBe(403);
    socket.close();
  });

  it('are refused without a true, fresh ticket; a refused stranger does not use it up', async () => {
    let opened = 0;
    const url = plane.socketUrl(() => void opened++);
    expect(await dial(guess(url))).toBe(403);
    expect(await dial(url.replace('/socket/', '/file/'))).toBe(403);
    expect(await dial(url, { origin: 'https://evil.example' })).toBe(403);
    expect(await dial(url, { headers: { host: 'evil.example' } })).toBe(403);
    expect(opened).toBe(0);
    expect(await dial(url, { origin: page })).toBe('open');
    expect(opened).toBe(1);
    const late = plane.socketUrl(() => {});
    aheadMs = 60_001;
    expect(await dial(late)).toBe(403);
  });

  it('with a message too large end, with the plane alive; an opener that throws ends its own socket', async () => {
    const socket = new WebSocket(plane.socketUrl(() => {}));
    await once(socket, 'open');
    const ended = once(socket, 'close');
    socket.send(Buffer.alloc((4 << 20) + 1));
    expect((await ended)[0]).toBe(1009);
    const broken = new WebSocket(
      plane.socketUrl(() => {
        throw new Error('no');
      }),
    );
    expect((await once(broken, 'close'))[0]).toBe(1011);
    expect(await dial(plane.socketUrl(() => {}))).toBe('open');
  });
});

describe('routes', () => {
  it('get the bytes as they came, up to a limit, and can be taken away', async () => {
    const url = `${plane.origin}/webhooks/s1`;
    const seen: string[] = [];
    const remove = plane.route(
      '/webhooks/s1',
      async ({ method, headers, body }) => {
        seen.push(`${method} ${headers['authorization'] ?? ''} ${body.toString('hex')}`);
        return { status: 200, text: 'taken' };
      },
      { maxBytes: 8 },
    );
    const post = { method: 'POST', headers: { authorization: 'abc' } };
    expect(await ask(url, post, Buffer.from([0, 255]))).toMatchObject({ status: 200, text: 'taken' });
    expect((await ask(url, post, Buffer.alloc(9))).status).toBe(413);
    const chunked = { method: 'POST', headers: { 'transfer-encoding': 'chunked' } };
    expect((await ask(url, chunked, Buffer.alloc(9))).status).toBe(413);
    expect((await ask(`${url}/more`, post)).status).toBe(404);
    expect(seen).toEqual(['POST abc 00ff']);
    remove();
    expect((await ask(url, post)).status).toBe(404);
  });

  it('are found by any name, as what they take is signed; by a page of others they are not', async () => {
    const post = (headers: Record<string, string>) => ({ method: 'POST', headers });
    const url = `${plane.origin}/webhooks/s1`;
    plane.route('/webhooks/s1', async () => ({ status: 200 }));
    expect((await ask(url, post({ host: 'tunnel.example' }))).status).toBe(200);
    expect((await ask(url, post({ host: 'tunnel.example', origin: 'http://evil.example' }))).status).toBe(403);
    expect((await ask(`${plane.origin}/other`, post({ host: 'tunnel.example' }))).status).toBe(403);
  });

  it('whose handler fails answer 500 without its words', async () => {
    plane.route('/webhooks/s2', () => Promise.reject(new Error('secret=hunter2')));
    const answer = await ask(`${plane.origin}/webhooks/s2`, { method: 'POST' });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toContain('hunter2');
  });
});

it('takes another port where the one that it is given is taken', async () => {
  const port = Number(new URL(plane.origin).port);
  const second = await openMediaPlane({ log: createLog(() => {}), allowedOrigins: [], port });
  expect(second.origin).not.toBe(plane.origin);
  await second.close();
});

it('closing ends every socket and request, and may be repeated', async () => {
  const socket = new WebSocket(plane.socketUrl(() => {}));
  await once(socket, 'open');
  const arrived = Promise.withResolvers<void>();
  const hanging = plane.route('/slow', () => {
    arrived.resolve();
    return new Promise(() => {});
  });
  const slow = ask(`${plane.origin}/slow`).catch(() => 'ended');
  await arrived.promise;
  const ended = once(socket, 'close');
  await Promise.all([plane.close(), plane.close()]);
  expect((await ended)[0]).toBe(1001);
  expect(await slow).toBe('ended');
  hanging();
  await expect(ask(`${plane.origin}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
