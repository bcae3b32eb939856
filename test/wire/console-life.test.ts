// The whole core from opening to closing, on servers that answer nothing, or nothing good.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AccessToken } from 'livekit-server-sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openConsole, type Console } from '../../src/core/console.ts';
import { createLog } from '../../src/core/live/log.ts';
import { servePage } from '../../src/core/page/serve-page.ts';
import { headlessServices } from '../../src/headless/host.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { contract, type ConsoleContract } from '../../src/shared/contract/index.ts';
import { connect } from '../../src/shared/rpc/connect.ts';
import type { Client } from '../../src/shared/rpc/contract.ts';
import { memoryPortPair } from '../../src/shared/rpc/memory-port.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';

let folder = '';
let lines: string[] = [];
let closers: (() => Promise<void> | void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-life-'));
  lines = [];
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(): Promise<Console> {
  const log = createLog((line) => void lines.push(line));
  const opened = await openConsole({
    dataFolder: folder,
    programs: { rtcChild: resolve('src/core/feeds/rtc-child.ts') },
    host: headlessServices({ version: '0.0.0', secrets: openSecretBox(null), log }),
    rehearsal: null,
    allowedOrigins: [],
    serverUrl: null,
    log,
  });
  closers.push(() => opened.close());
  return opened;
}
function openPage(of: Console): { readonly api: Client<ConsoleContract>; leave(): void } {
  const [near, far] = memoryPortPair();
  servePage(
    far,
    of.handlers,
    createLog(() => {}),
  );
  return { api: connect(near, contract), leave: () => near.close() };
}

/** Takes connections and says nothing. */
async function openSilent(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // cut by the other side
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const serverAt = (url: string) =>
  ({ name: 'Silent', url, apiKey: 'devkey', apiSecret: 'secret-secret-secret', keep: 'this-run' }) as const;
const sound = { roomName: 'hall', mode: 'desk-only', request: { kind: 'room-sound' } } as const;
/** What keeps a process alive, but for what the test runner itself holds. */
const held = (): string[] =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP|Process|FSReq|WRITEWRAP/.test(kind))
    .sort();
const atFirst = held();

test('a server of which something runs here stays until that is stopped', async () => {
  const { api } = openPage(await open());
  const { id: serverId } = await api.saveServer(serverAt(await openSilent()));
  const job = await api.startJob({ serverId, ...sound });
  await expect(api.removeServer({ serverId })).rejects.toMatchObject({
    problem: { code: 'server-in-use', advice: expect.stringContaining('Recording of hall') as string },
  });
  await api.stopJob({ jobId: job.id });
  for await (const { jobs } of api.jobs({ serverId })) if (jobs[0]?.phase === 'failed') break;
  await api.removeServer({ serverId });
  for (const ask of [
    api.startJob({ serverId, ...sound }),
    api.planJob({ serverId, ...sound }),
    api.startCaptions({ serverId, roomName: 'hall', feed: 'direct' }),
    api.levels({ serverId, roomName: 'hall' }),
    api.lookNow({ serverId }),
  ])
    await expect(ask).rejects.toMatchObject({ problem: { code: 'no-such-server' } });
});

test('a server at which jobs run or wait is removed only by whoever was told; they end here, and its figures go with it', async () => {
  const { api } = openPage(await open());
  const { id: serverId } = await api.saveServer(serverAt(await openSilent()));
  const order = { serverId, roomName: 'hall', mode: 'egress-only', request: programRequest('a') } as const;
  const later = await api.startJob({ ...order, title: 'Later', startAtMs: Date.now() + 3_600_000 });
  const asked = await api.startJob({ ...order, title: 'Asked' });
  await api.declareLimit({ serverId, id: 'egress', limit: 4 });
  await api.declareCap({ serverId, amount: 12 });
  const remove = (letsGo: boolean): Promise<null> => api.removeServer({ serverId, letsGo });
  await expect(remove(false)).rejects.toMatchObject({
    problem: {
      code: 'server-has-jobs',
      text: expect.stringMatching(/Later in hall.*Asked in hall|Asked in hall.*Later in hall/) as string,
    },
  });
  await remove(true);
  const filter = { serverId, text: '', kind: null, state: null, fromMs: null, roomName: null };
  const { jobs } = await api.history({ filter, offset: 0, limit: 10 });
  expect(new Map(jobs.map((job) => [job.id, job.phase]))).toEqual(
    new Map([
      [later.id, 'done'],
      [asked.id, 'done'],
    ]),
  );
  await expect.poll(() => readFileSync(join(folder, 'settings.json'), 'utf8')).not.toContain(serverId);
});

test('a server sends its webhooks to the same address after a restart, through a tunnel too; only its own count', async () => {
  const first = await open();
  const { webhookUrl } = await openPage(first).api.saveServer({ ...serverAt(await openSilent()), keep: 'stored' });
  await first.close();
  const { api } = openPage(await open());
  for await (const { servers } of api.servers({})) {
    expect(servers.map((server) => server.webhookUrl)).toEqual([webhookUrl]);
    break;
  }
  const body = JSON.stringify({ event: 'room_started', room: { name: 'hall' }, id: 'EV_1' });
  const { pathname, port } = new URL(webhookUrl ?? '');
  const send = async (secret: string): Promise<number | undefined> => {
    const token = new AccessToken('devkey', secret);
    token.sha256 = createHash('sha256').update(body).digest('base64');
    const headers = { host: 'tunnel.example', authorization: await token.toJwt() };
    const request = httpRequest({ port, path: pathname, method: 'POST', agent: false, headers });
    const answered = once(request, 'response') as Promise<[IncomingMessage]>;
    request.end(body);
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
  };
  expect(await send('secret-secret-secret')).toBe(200);
  expect(await send('another-secret-of-32-characters!!')).toBe(401);
});

test('a request that the server would refuse starts nothing, and says why; its sound alone is recorded all the same', async () => {
  const { api } = openPage(await open());
  const { id: serverId } = await api.saveServer(serverAt(await openSilent()));
  const { outputs, ...rest } = programRequest('a', 'grid');
  const request = { ...rest, outputs: { ...outputs, file: null } };
  await expect(api.startJob({ serverId, roomName: 'hall', mode: 'best', request })).rejects.toMatchObject({
    problem: { code: 'unfit-request', fault: 'yours', text: expect.stringContaining('Choose what it makes') as string },
  });
  for await (const { jobs } of api.jobs({ serverId })) {
    expect(jobs).toEqual([]);
    break;
  }
  await api.startJob({ serverId, roomName: 'hall', mode: 'desk-only', request });
});

test('closed in the middle of everything, twice, it leaves nothing', async () => {
  const core = await open();
  const [one, two] = [openPage(core), openPage(core)];
  const url = await openSilent();
  const { id: serverId } = await one.api.saveServer(serverAt(url));
  // A page that reads, and goes in the middle; the other one goes on.
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _room of one.api.room({ serverId, roomName: 'hall' }, { signal: stop.signal })) one.leave();
  })();
  await expect(reading).rejects.toMatchObject({ problem: { code: 'closed' } });
  await two.api.startJob({ serverId, ...sound });
  const started = two.api.startJob({
    serverId,
    roomName: 'hall',
    mode: 'best',
    request: programRequest('a', 'grid'),
  });
  const tested = two.api.testServer({ url, apiKey: 'k', apiSecret: 's' });
  tested.catch(() => {}); // its page leaves
  await started;
  await two.api.saveServer({ ...serverAt(url), serverId, apiSecret: 'another-secret' });
  const closing = core.close();
  const late = await two.api.startJob({ serverId, ...sound }); // its turn to close has not come: it is finished with the others
  await Promise.all([closing, core.close()]);
  await expect(two.api.startJob({ serverId, ...sound })).rejects.toMatchObject({ problem: { code: 'closing' } });
  for await (const { jobs } of two.api.jobs({ serverId })) {
    expect(jobs.find((job) => job.id === late.id)?.phase).toBe('failed');
    break;
  }
  two.leave();
  for (const close of closers.splice(0).toReversed()) await close();
  await expect.poll(held).toEqual(atFirst); // what is closed is gone some turns later
  expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

test('a folder of recordings that cannot be looked through, or written, is told and no reason not to start', async () => {
  const core = await open();
  const recordings = join(folder, 'mine');
  await openPage(core).api.changeSettings({ recordingsFolder: recordings });
  await core.close();
  rmSync(recordings, { recursive: true });
  writeFileSync(recordings, 'a file where the folder was');
  const { api } = openPage(await open());
  for await (const { incidents } of api.incidents({})) {
    expect(incidents.map((incident) => incident.what)).toEqual([
      'The folder of recordings could not be looked through for unfinished ones.',
    ]);
    break;
  }
});
