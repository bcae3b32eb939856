import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { EgressClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/core/live/log.ts';
import { servePage } from '../../src/core/page/serve-page.ts';
import { memoryPortPair } from '../../src/shared/rpc/memory-port.ts';
import { openConsoleIn, openWholeConsole, tempFolder, until, type WholeConsole } from '../support/whole-console.ts';
import { ended, entriesOf, finalsOf, incidentsOf, live, sessionWhen } from '../support/whole-jobs.ts';

// What is wrong comes from outside while captions run. Each gets an answer; the captions do not notice.

/** Sends bytes and resolves with what comes back until the other side closes. */
async function sendRaw(url: string, ...parts: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connectTcp(Number(port), hostname);
  let answer = '';
  socket.on('data', (data) => (answer += data.toString('latin1')));
  socket.on('error', () => {}); // cut by the other side; 'close' follows
  const closed = once(socket, 'close');
  for (const [index, part] of parts.entries()) {
    if (index > 0) await Promise.race([once(socket, 'data'), closed]);
    socket.write(part);
  }
  await closed;
  return answer;
}
const upgrade = (url: string): string => {
  const { host, pathname, search } = new URL(url);
  const key = randomBytes(16).toString('base64');
  return `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`;
};
/** A binary frame that says it is 1 GB long, masked as a client's are. */
const gigabyte = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]);

describe('bad input', () => {
  let desk: WholeConsole;
  let sessionId = '';
  beforeAll(async () => {
    desk = await openWholeConsole({ egressLimit: 8 });
    const { api, serverId } = desk;
    const asked = await api.startCaptions({ serverId, roomName: 'town-hall', feed: 'track-socket' });
    sessionId = (await sessionWhen(api, asked, live, 'to be live')).id;
  });
  afterAll(async () => {
    await desk.close();
  });

  test('a wrong address and a wrong secret are told check by check', async () => {
    const { api, rehearsal } = desk;
    const { url, apiKey, apiSecret } = rehearsal.livekit;
    const failed = async (input: Parameters<typeof api.testServer>[0]) =>
      (await api.testServer(input)).checks.filter((check) => check.state === 'failed');
    expect(await failed({ url, apiKey, apiSecret })).toEqual([]);
    const port = Number(new URL(url).port);
    const nobody = await failed({ url: `ws://127.0.0.1:${port === 1 ? 2 : 1}`, apiKey, apiSecret });
    expect(nobody.map(({ id }) => id)).toEqual(['address']);
    expect(nobody[0]?.problem?.text).toMatch(/\w+ \w+ \w+/);
    const secret = await failed({ url, apiKey, apiSecret: 'wrong-wrong-wrong-wrong' });
    expect(secret.map(({ id }) => id)).toEqual(['secret']);
    const key = await failed({ url, apiKey: 'nobody', apiSecret });
    expect(key.map(({ id }) => id)).toEqual(['key']);
    for (const text of ['no url at all', 'ftp://example.invalid', '']) {
      const answer = api.saveServer({ name: 'x', url: text, apiKey, apiSecret, keep: 'this-run' });
      await expect(answer).rejects.toMatchObject({ name: 'ProblemError' });
    }
    // A server that is saved with the wrong secret is shown as it is, and takes nothing with it.
    const wrong = await api.saveServer({
      name: 'wrong',
      url,
      apiKey,
      apiSecret: 'wrong-wrong-wrong',
      keep: 'this-run',
    });
    const seen = await until(
      api.rooms({ serverId: wrong.id }),
      ({ sight }) => sight.problem !== undefined,
      'the refusal of a wrong secret',
    );
    expect(seen.sight.state).not.toBe('current');
    const start = api.startCaptions({ serverId: 'nobody', roomName: 'town-hall', feed: 'direct' });
    await expect(start).rejects.toMatchObject({ name: 'ProblemError' });
    await api.removeServer({ serverId: wrong.id });
  });

  test('plain text and frames of 1 GB on the sockets are refused and closed', async () => {
    const { url, apiKey, apiSecret } = desk.rehearsal.livekit;
    const [egress] = await new EgressClient(url, apiKey, apiSecret).listEgress({ roomName: 'town-hall', active: true });
    const taken = egress?.request.case === 'track' ? egress.request.value.output.value : null;
    if (typeof taken !== 'string') throw new Error('There is no track egress.');
    expect(await sendRaw(taken, 'hello, is this the sound?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(taken, Buffer.alloc(512, 0xff))).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(taken, gigabyte)).toMatch(/^HTTP\/1\.1 400 /);
    expect(await sendRaw(taken, upgrade(taken))).toMatch(/^HTTP\/1\.1 4(09|15) /);
    expect(await sendRaw(taken, upgrade(taken.replace(/.$/, '!')))).toMatch(/^HTTP\/1\.1 404 /);
    const levels = await desk.api.levels({ serverId: desk.serverId, roomName: 'town-hall' });
    const answer = await sendRaw(levels.url, upgrade(levels.url), gigabyte);
    expect(answer).toMatch(/^HTTP\/1\.1 101 /);
    // A ticket is good for one connection.
    expect(await sendRaw(levels.url, upgrade(levels.url))).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  test('a page that sends nonsense gets errors, and others are not concerned', async () => {
    const lines: string[] = [];
    const [near, far] = memoryPortPair();
    servePage(
      far,
      desk.console.handlers,
      createLog((line) => void lines.push(line)),
    );
    const heard: { id?: number; problem?: { code: string } }[] = [];
    near.onMessage((message) => void heard.push(message as (typeof heard)[number]));
    const nonsense: readonly unknown[] = [
      'text',
      42,
      null,
      [],
      { type: 'nonsense' },
      { type: 'call', id: 'x', method: 'rooms' },
      { type: 'call', id: 1, method: 'deleteEverything', params: {} },
      { type: 'call', id: 2, method: '__proto__', params: {} },
      { type: 'call', id: 3, method: 'startJob', params: { serverId: 7 } },
      { type: 'call', id: 4, method: 'exportCaptions', params: { sessionId, format: '../../etc/passwd' } },
      { type: 'call', id: 5, method: 'addMarker', params: { sessionId, name: 'x'.repeat(1_000_000) } },
      { type: 'abort', id: 999 },
    ];
    for (const message of nonsense) near.send(message);
    near.send({ type: 'call', id: 6, method: 'systemInfo', params: {} });
    await expect.poll(() => heard.some(({ id }) => id === 6)).toBe(true);
    for (const id of [1, 2, 3, 4, 5])
      expect(heard.find((one) => one.id === id)?.problem?.code).toEqual(expect.any(String));
    expect(heard.find(({ id }) => id === 6)?.problem).toBeUndefined();
    expect(lines.join('\n')).toContain('not of the protocol');
    near.close();
  });

  test('and the captions have not noticed', async () => {
    const { api } = desk;
    const over = await api.stopCaptions({ sessionId }).then((one) => sessionWhen(api, one, ended, 'to end'));
    expect(over.problem).toBeUndefined();
    const entries = await entriesOf(api, sessionId);
    expect(finalsOf(entries).length).toBeGreaterThan(0);
    expect(entries.filter((entry) => entry.type === 'gap' && entry.cause.includes('broke'))).toEqual([]);
    const secrets = [desk.rehearsal.livekit.apiSecret, desk.rehearsal.gladia.key, 'wrong-wrong-wrong'];
    for (const secret of secrets) expect(desk.lines.join('\n')).not.toContain(secret);
  });
});

test.each([
  ['settings', 'settings.json'],
  ['secrets', 'secrets.json'],
  ['journal', 'journal.sqlite'],
])('a corrupt %s file is kept aside and named, and the console opens', async (_what, name) => {
  const folder = tempFolder();
  try {
    mkdirSync(folder, { recursive: true });
    const rubbish = Buffer.concat([Buffer.from('{"this is": not what it was'), randomBytes(4_096)]);
    writeFileSync(join(folder, name), rubbish);
    const opened = await openConsoleIn(folder, null);
    try {
      const kept = readdirSync(folder).filter((file) => file.includes('.damaged-') && !/-(wal|shm)$/.test(file));
      expect(kept).toHaveLength(1);
      expect(readFileSync(join(folder, kept[0] ?? ''))).toEqual(rubbish);
      const incident = (await incidentsOf(opened.api)).find((one) => one.kind === 'file');
      expect(JSON.stringify(incident)).toContain(kept[0]);
      // And it works: what is saved now is there after another start.
      const input = { name: 'mine', url: 'ws://127.0.0.1:9', apiKey: 'key', apiSecret: 'secret-of-mine' } as const;
      await opened.api.saveServer({ ...input, keep: 'stored' });
    } finally {
      await opened.close();
    }
    const again = await openConsoleIn(folder, null);
    const { servers } = await until(again.api.servers({}), () => true, 'servers');
    expect(servers.map((server) => server.name)).toEqual(['mine']);
    await again.close();
    expect(existsSync(join(folder, 'journal.sqlite'))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
