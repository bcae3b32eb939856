// Every secret of a run is known here. The console is run, refused and broken; then all that it wrote, said and started is searched.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { openConsole } from '../../src/core/console.ts';
import { createLog, type LogSink } from '../../src/core/live/log.ts';
import { openLogFile } from '../../src/core/log-file.ts';
import { signToken } from '../../src/core/livekit/tokens.ts';
import { servePage } from '../../src/core/page/serve-page.ts';
import { headlessServices } from '../../src/headless/host.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { RehearsalControl } from '../../src/headless/rehearse/control.ts';
import { contract } from '../../src/shared/contract/index.ts';
import { connect } from '../../src/shared/rpc/connect.ts';
import { memoryPortPair } from '../../src/shared/rpc/memory-port.ts';
import type { Port } from '../../src/shared/rpc/port.ts';
import { commandLines } from '../support/command-lines.ts';
import { askAnEcho, handOut } from '../support/handed-out.ts';
import { plantedInRequests, takeOut, useEverySecret } from '../support/planted-requests.ts';
import { rehearsalProgram, rehearsalServerId, tempFolder, until } from '../support/whole-console.ts';
import { unzip } from '../support/unzip.ts';
import { ended, incidentsOf, jobEnd, jobWhen, live, sessionWhen, startRecording } from '../support/whole-jobs.ts';

const planted = {
  wrongSecret: 'planted-wrong-secret-5f1e9c77aa',
  keptSecret: 'planted-kept-secret-0b8d4e21cc',
  gladiaKey: 'planted-gladia-key-77c1d2e3ff',
  inAddress: 'planted-in-address-93ab',
  passphrase: 'planted-passphrase-6e5d4c',
};
/** What is made while it runs, by its form. */
const forms = {
  token: /eyJ[\w-]{10,}\.[\w-]{10,}/,
  egressAddress: /\/egress\/[\w-]{43}/,
  transcriberAddress: /\/v2\/live\?token=(?!\{)[\w-]{8,}/,
};
const ticket = /\/(?:file|socket)\/\d+\.[\w-]{43}/;

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const bundleFiles = [
  'contents.txt',
  'versions.json',
  'settings.json',
  'shows.json',
  'servers.json',
  'incidents.json',
  'jobs.jsonl',
  'logs/cuedesk.log',
];

test.skipIf(process.platform !== 'linux')('no secret is written, said or passed on', { timeout: 120_000 }, async () => {
  const folder = tempFolder();
  const program = await rehearsalProgram(join(folder, 'files'), { egressLimit: 8 });
  const rehearsal = program.connection;
  const control = new RehearsalControl(rehearsal.control);
  const secrets: Record<string, string> = {
    ...planted,
    ...plantedInRequests,
    apiSecret: rehearsal.livekit.apiSecret,
    transcriberKey: rehearsal.gladia.key,
    controlToken: rehearsal.control.token,
  };
  const lines: string[] = [];
  const dataFolder = join(folder, 'data');
  const logFile = openLogFile(join(dataFolder, 'logs'));
  const keep: LogSink = (line, level) => {
    lines.push(line);
    logFile.sink(line, level);
  };
  const log = createLog(keep, { level: 'debug' });
  const console = await openConsole({
    dataFolder,
    programs: { rtcChild: resolve('src/core/feeds/rtc-child.ts') },
    host: headlessServices({ version: '0.0.0', secrets: openSecretBox(planted.passphrase), log }),
    rehearsal,
    allowedOrigins: [],
    serverUrl: null,
    hasMetrics: true,
    log,
  });
  const said: string[] = [];
  const [near, far] = memoryPortPair();
  const tapped: Port = {
    ...far,
    send(message) {
      said.push(JSON.stringify(message));
      far.send(message);
    },
  };
  servePage(tapped, console.handlers, log);
  const api = connect(near, contract);
  const [quiet, other] = memoryPortPair();
  servePage(other, console.handlers, log);
  const silent = connect(quiet, contract);
  try {
    // The forms are those of this run: what the console gets in private is recognised by them.
    const made = await fetch(`${rehearsal.gladia.url}/v2/live`, {
      method: 'POST',
      headers: { 'x-gladia-key': rehearsal.gladia.key, 'content-type': 'application/json' },
      body: JSON.stringify({ encoding: 'wav/pcm', sample_rate: 16_000, bit_depth: 16, channels: 1 }),
    });
    expect(await made.text()).toMatch(forms.transcriberAddress);

    // Entered, refused and wrong.
    const { url, apiKey } = rehearsal.livekit;
    const wrong = await api.testServer({ url, apiKey, apiSecret: planted.wrongSecret });
    expect(wrong.checks.find((check) => check.id === 'secret')?.state).toBe('failed');
    const odd = await api.testServer({
      url: `ws://me:${planted.inAddress}@127.0.0.1:1`,
      apiKey,
      apiSecret: planted.wrongSecret,
    });
    expect(odd.checks.find((check) => check.id === 'address')?.state).toBe('failed');
    const input = { name: 'Mine', url, apiKey, apiSecret: planted.keptSecret, keep: 'stored' } as const;
    const kept = await api.saveServer(input);
    await until(api.rooms({ serverId: kept.id }), (list) => list.sight.problem !== undefined, 'the wrong secret');
    await api.saveGladiaKey({ key: planted.gladiaKey, keep: 'stored' });
    await askAnEcho(api);
    await expect(api.saveGladiaKey({ key: planted.gladiaKey.repeat(20), keep: 'stored' })).rejects.toThrow();
    await expect(
      api.saveServer({ ...input, url: `wss://u:${planted.inAddress}@h`, apiSecret: planted.wrongSecret }),
    ).rejects.toThrow();
    near.send({ type: 'call', id: 'x', method: 'saveServer', params: { apiSecret: planted.wrongSecret } });
    const webhook = await fetch(kept.webhookUrl ?? '', {
      method: 'POST',
      headers: { authorization: planted.wrongSecret },
      body: JSON.stringify({ event: 'room_started', apiSecret: planted.wrongSecret }),
    });
    expect(webhook.status).toBe(401);

    // Recorded and captioned, by both feeds, and broken in the middle.
    const serverId = await rehearsalServerId(api);
    const asked = await api.startCaptions({ serverId, roomName: 'town-hall', feed: 'track-socket' });
    const session = await sessionWhen(api, asked, live, 'to be live');
    const job = await startRecording(api, serverId, 'secrets');
    await jobWhen(api, job, (one) => one.phase === 'recording', 'to record');
    await control.drill('refuse-429'); // before a feed is dropped: its new egress would meet the refusal
    const refused = await startRecording(api, serverId, 'refused');
    await jobWhen(api, refused, (one) => one.refusal !== null && one.engine === 'desk', 'to be refused');
    for (const drill of ['drop-transcriber', 'drop-feed', 'kill-job']) await control.drill(drill);
    await sessionWhen(api, session, live, 'to be live again');
    const show = await useEverySecret(api, serverId);
    Object.assign(secrets, await handOut(silent, serverId));
    // LiveKit's list, which the console reads every second, shows the addresses in clear.
    const token = signToken(rehearsal.livekit, { grants: { roomRecord: true }, ttlS: 60 }, Date.now());
    expect(token).toMatch(forms.token);
    const list = await fetch(`${url.replace('ws', 'http')}/twirp/livekit.Egress/ListEgress`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{}',
    });
    const rooms = await fetch(`${url.replace('ws', 'http')}/twirp/livekit.RoomService/ListRooms`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${signToken(rehearsal.livekit, { grants: { roomList: true }, ttlS: 60 }, Date.now())}`,
      },
      body: '{}',
    });
    const turnPassword = /"turn_password":"([^"]{16,})"/.exec(await rooms.text())?.[1];
    Object.assign(secrets, { turnPassword: turnPassword ?? '' }); // every room, and each webhook of it, carries one
    const listed = await list.text();
    expect(listed).toMatch(forms.egressAddress);
    expect(listed).toContain(plantedInRequests.srtPassphrase);
    await api.levels({ serverId, roomName: 'town-hall' });
    const commands = commandLines();
    expect(commands.length).toBeGreaterThan(1); // the rehearsal and the program that joins its rooms
    await Promise.all([api.stopJob({ jobId: job.id }), api.stopJob({ jobId: refused.id })]);
    await Promise.all([jobEnd(api, job), jobEnd(api, refused)]);
    await api.stopCaptions({ sessionId: session.id });
    await sessionWhen(api, session, ended, 'to end');
    const [csv, ...files] = await takeOut(api, show, session.id); // searched with all else that the port carries
    for (const { title } of show.jobs) expect(csv).toContain(title);
    for (const file of files) expect(file).not.toBe('');
    const { path } = await api.saveSupportBundle({});
    const bundle = unzip(path);
    expect([...bundle.keys()]).toEqual(bundleFiles);
    expect(bundle.get('jobs.jsonl')).toContain('to SRT');
    for (const name of bundleFiles.filter((one) => one.endsWith('.json'))) JSON.parse(bundle.get(name) ?? '');
    for (const line of bundle.get('jobs.jsonl')?.trim().split('\n') ?? []) JSON.parse(line);
    const monitors = await until(api.observability({}), ({ url }) => url !== null, 'the figures to be served');
    const figures = await (await fetch(monitors.url ?? '')).text();
    expect(figures).toContain('egress_errors_total');
    expect((await incidentsOf(api)).length).toBeGreaterThan(2);
    await api.removeServer({ serverId: kept.id });
    await console.close();

    const found: string[] = [];
    const search = (where: string, text: string): void => {
      for (const [name, secret] of Object.entries(secrets)) {
        const spellings = [
          secret,
          Buffer.from(secret).toString('base64').replace(/=+$/, ''),
          encodeURIComponent(secret),
        ];
        if (spellings.some((spelling) => text.includes(spelling))) found.push(`${name} in ${where}`);
      }
      for (const [name, form] of Object.entries(forms)) if (form.test(text)) found.push(`${name} in ${where}`);
    };
    search('this test', Object.values(secrets).join(' '));
    expect(found.splice(0)).toHaveLength(Object.keys(secrets).length + 1); // the join token by its form too
    for (const path of filesIn(dataFolder).filter((one) => statSync(one).size < 8 << 20)) {
      const text = readFileSync(path, 'latin1');
      search(path.slice(dataFolder.length), text);
      if (ticket.test(text)) found.push(`ticket in ${path}`);
    }
    search('the figures for monitors', figures);
    for (const [name, text] of bundle) {
      search(`the support bundle: ${name}`, text);
      if (ticket.test(text)) found.push(`ticket in the support bundle: ${name}`);
    }
    const spoken = [...(files[4] ?? '').matchAll(/"text": "([^"]{12,})"/g)].map(([, text = '']) => text);
    expect(spoken.length).toBeGreaterThan(0);
    for (const text of spoken) expect([...bundle.values()].join('\n')).not.toContain(text);
    for (const line of lines) search(`the log: ${line.slice(0, 300)}`, line);
    for (const line of lines) if (ticket.test(line)) found.push(`ticket in the log: ${line.slice(0, 300)}`);
    for (const message of said) search(`the port: ${message.slice(0, 300)}`, message);
    for (const command of commands) search(`a command line: ${command}`, command);
    expect(found).toEqual([]);
    expect(lines.length).toBeGreaterThan(20);
    // A ticket is what `levels` was asked for, and nothing else carries one.
    expect(said.filter((message) => ticket.test(message))).toHaveLength(1);
  } finally {
    near.close();
    quiet.close();
    await console.close();
    await program.close();
    await logFile.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
