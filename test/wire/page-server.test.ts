// The headless host's server of the page: who is let in, and who is not.
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { silentLog } from '../../src/core/live/log.ts';
import { openPageServer, type PageServer } from '../../src/headless/http.ts';
import type { Port } from '../../src/shared/rpc/port.ts';

let server: PageServer;
let folder: string;
let url: string;
let origin: string;
let ports: Port[];
let nextUrls: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-page-'));
  const root = join(folder, 'page');
  await mkdir(root);
  await writeFile(join(root, 'index.html'), '<title>page</title>');
  await writeFile(join(folder, 'secret.json'), '{}');
  ports = [];
  nextUrls = [];
  server = await openPageServer({ root, port: 0, log: silentLog, onTokenUsed: (next) => nextUrls.push(next) });
  server.onPort((port) => {
    ports.push(port);
    port.onMessage((message) => port.send({ heard: message }));
  });
  url = server.issueUrl();
  origin = new URL(url).origin;
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Heard {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}
async function ask(address: string, headers: OutgoingHttpHeaders = {}, method = 'GET'): Promise<Heard> {
  const path = address.slice(origin.length); // as written: `URL` would tidy ".." away
  const request = httpRequest(origin, { agent: false, path, method, headers }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
async function letIn(): Promise<string> {
  const answer = await ask(server.issueUrl());
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}
async function dial(headers: Record<string, string>): Promise<WebSocket | number> {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/port`, { headers });
  return new Promise((resolve) => {
    socket.on('error', () => {}); // what a refusal leaves behind
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => (resolve(response.statusCode ?? 0), response.destroy()));
  });
}
async function open(headers: Record<string, string>): Promise<WebSocket> {
  const socket = await dial(headers);
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

it('exchanges the token once for a cookie, and takes it out of the address', async () => {
  const first = await ask(url);
  expect(first.status).toBe(303);
  expect(first.headers.location).toBe('/');
  const [cookie = ''] = first.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/^cuedesk-\d+=1\.[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=\d+$/);
  expect(cookie).not.toContain(new URL(url).searchParams.get('token'));
  const page = await ask(`${origin}/`, { cookie: cookie.split(';')[0] });
  expect(page).toMatchObject({ status: 200, text: '<title>page</title>' });
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
  expect(page.headers['x-content-type-options']).toBe('nosniff');

  expect((await ask(url)).status).toBe(403); // used
  expect(await ask(url, { cookie: cookie.split(';')[0] })).toMatchObject({ status: 303 }); // by who is in: back to the page
  expect(nextUrls).toHaveLength(1); // what lets another browser in
  expect((await ask(nextUrls[0] ?? '')).status).toBe(303);
});

it('shows nothing to who is not let in', async () => {
  expect((await ask(`${origin}/`)).status).toBe(403);
  expect((await ask(`${origin}/?token=`)).status).toBe(403);
  expect((await ask(`${origin}/?token=1`)).status).toBe(403);
  expect((await ask(`${url.slice(0, -4)}${url.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`)).status).toBe(403);
  expect((await ask(`${origin}/`, { cookie: `cuedesk-${new URL(origin).port}=1.x` })).status).toBe(403);
  expect((await ask(url, { host: 'evil.example' })).status).toBe(403);
  expect((await ask(url, {}, 'POST')).status).toBe(405);
  await ask(url, {}, 'HEAD'); // a preview of the link …
  expect((await ask(url)).status).toBe(303); // … does not use it up
});

it('serves nothing outside of the page', async () => {
  const cookie = await letIn();
  for (const path of ['/../secret.json', '/%2e%2e/secret.json', '/..%2fsecret.json', '/%00', '/%', '/none.js']) {
    expect([path, (await ask(`${origin}${path}`, { cookie })).status]).toEqual([path, 404]);
  }
});

it('opens a port only for its own page', async () => {
  const cookie = await letIn();
  expect(await dial({ origin })).toBe(403);
  expect(await dial({ cookie })).toBe(403);
  expect(await dial({ cookie, origin: 'http://evil.example' })).toBe(403);
  expect(await dial({ cookie, origin: origin.replace(/\d+$/, '1') })).toBe(403);
  expect(await dial({ cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  expect(ports).toHaveLength(0);
  const socket = await open({ cookie, origin });
  socket.send('{"a":1}');
  expect(String((await once(socket, 'message'))[0])).toBe('{"heard":{"a":1}}');
});

it('closes the socket that sends what is not JSON or too large, and no other', async () => {
  const cookie = await letIn();
  const good = await open({ cookie, origin });
  for (const [junk, code] of [
    ['{"a":', 1007],
    [Buffer.from('{}'), 1007],
    ['"'.padEnd((1 << 20) + 1, 'x'), 1009],
  ] as const) {
    const bad = await open({ cookie, origin });
    const ended = once(bad, 'close');
    bad.send(junk);
    expect((await ended)[0]).toBe(code);
  }
  good.send('7');
  expect(String((await once(good, 'message'))[0])).toBe('{"heard":7}');
});

it('says which port is taken', async () => {
  const taken = Number(new URL(origin).port);
  await expect(openPageServer({ root: folder, port: taken, log: silentLog })).rejects.toMatchObject({
    problem: { code: 'port-unavailable', text: `Port ${taken} is used by another program.` },
  });
});

it('ends its sockets when it closes', async () => {
  const socket = await open({ cookie: await letIn(), origin });
  const ended = once(socket, 'close');
  await Promise.all([server.close(), server.close()]);
  expect((await ended)[0]).toBe(1001);
  await expect(ask(`${origin}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
