import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { EgressClient, EgressStatus, EncodedFileOutput, RoomServiceClient } from 'livekit-server-sdk';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RehearsalAddresses } from '../../src/rehearsal/rehearsal.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { everyGrant, tokenFor } from '../support/twirp-call.ts';

// The program as hosts start it: a process of its own, its first line, its end.

const program = join(import.meta.dirname, '..', '..', 'src', 'rehearsal', 'cli.ts');
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

interface Running {
  readonly child: ChildProcess;
  readonly addresses: RehearsalAddresses;
  readonly files: string;
  readonly egress: EgressClient;
  readonly rooms: RoomServiceClient;
  ask(method: 'GET' | 'POST', path: string, body?: unknown, token?: string): Promise<{ status: number; json: Json }>;
}
type Json = Record<string, unknown>;

async function start(...args: readonly string[]): Promise<Running> {
  const files = mkdtempSync(join(tmpdir(), 'cuedesk-rehearsal-'));
  const child = spawn(process.execPath, [program, '--files', files, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, FFMPEG_PATH: ffmpegPath() },
  });
  opened.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(files, { recursive: true, force: true });
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { ready, ...addresses } = JSON.parse(line) as RehearsalAddresses & { ready: boolean };
  expect(ready).toBe(true);
  const { url, apiKey, apiSecret } = addresses.livekit;
  return {
    child,
    addresses,
    files,
    egress: new EgressClient(url, apiKey, apiSecret),
    rooms: new RoomServiceClient(url, apiKey, apiSecret),
    ask: async (method, path, body, token = addresses.control.token) => {
      const answer = await fetch(addresses.control.url + path, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, json: (await answer.json()) as Json };
    },
  };
}

async function untilStatus(running: Running, egressId: string, status: EgressStatus) {
  for (const limitMs = Date.now() + 40_000; Date.now() < limitMs; await delay(20)) {
    const [info] = await running.egress.listEgress({ egressId });
    if (info?.status === status) return info;
  }
  throw new Error(`egress never came to ${EgressStatus[status]}`);
}

const childrenOf = (pid: number): string => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();

test('says its addresses, answers on all of them, and ends when its input ends', async () => {
  const running = await start();
  const { addresses } = running;
  expect(addresses.scene).toBe('town-hall');
  expect(addresses.roomChild?.program).toMatch(/scene-child\.ts$/);
  for (const url of [addresses.livekit.url, addresses.gladia.url, addresses.control.url]) {
    expect(new URL(url).hostname).toBe('127.0.0.1');
  }
  expect((await running.rooms.listRooms()).map((room) => room.name)).toEqual(['town-hall', 'backstage', 'overflow']);
  expect(await running.rooms.listParticipants('town-hall')).toHaveLength(6);
  const state = await running.ask('GET', '/state');
  expect(state.json).toMatchObject({ scene: 'town-hall', rooms: ['town-hall', 'backstage', 'overflow'] });
  expect(state.json['drills']).toHaveLength(19);
  expect((await running.ask('GET', '/state', undefined, 'wrong')).status).toBe(401);
  expect((await running.ask('GET', '/nothing')).status).toBe(404);
  expect((await running.ask('POST', '/drills/nothing', {})).status).toBe(404);
  expect((await running.ask('POST', '/webhook', { url: 'http://example.com/' })).status).toBe(400);
  running.child.stdin?.end();
  expect(await once(running.child, 'exit')).toEqual([0, null]);
  expect(readdirSync(running.files)).toEqual([]);
});

test.each([
  [['--scene', 'nowhere'], /There is no scene "nowhere"/],
  [['--egress-limit', 'many'], /--egress-limit takes a whole number/],
  [['--livekit', 'ws://example.com,key,secret'], /only a LiveKit server of this computer/],
])('refuses %j with a sentence', async (args, sentence) => {
  const files = mkdtempSync(join(tmpdir(), 'cuedesk-rehearsal-'));
  const child = spawn(process.execPath, [program, '--files', files, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  expect(await once(child, 'close')).toEqual([1, null]);
  rmSync(files, { recursive: true });
  expect(said).toMatch(sentence);
  expect(said).not.toContain('secret');
});

test('hands the room child its stream, drops it in a drill, and tells of it', async () => {
  const running = await start();
  const { url, apiKey, apiSecret } = running.addresses.livekit;
  const token = tokenFor({ url, apiKey, apiSecret }, { ...everyGrant('town-hall'), roomJoin: true }, { sub: 'me' });
  expect(await refusalOf(`${url}/scene?access_token=nonsense`)).toBe(401);
  expect(await refusalOf(`${url}/rtc?access_token=${token}`)).toBe(404);
  const socket = new WebSocket(`${url}/scene?access_token=${token}`);
  const [first] = (await once(socket, 'message')) as [Buffer];
  const told = JSON.parse(first.toString()) as { people: { identity: string; tracks: { sid: string }[] }[] };
  const listed = await running.rooms.listParticipants('town-hall');
  const sids = (people: readonly { identity: string; tracks: readonly { sid: string }[] }[]): unknown[] =>
    people.map((person) => [person.identity, ...person.tracks.map((track) => track.sid)]);
  expect(sids(told.people)).toEqual(sids(listed));
  const closed = once(socket, 'close');
  const drill = await running.ask('POST', '/drills/drop-feed', {});
  expect(drill.json['text']).toBe('Broken: 0 of track egress, 1 of the room child.');
  expect((await closed)[0]).toBe(1006);
});

function refusalOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.on('error', () => {});
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
  });
}

test('plays the drills of egress', async () => {
  const running = await start('--egress-limit', '3');
  const file = { file: new EncodedFileOutput({ filepath: 'x.mp4' }) };
  const begin = () => running.egress.startRoomCompositeEgress('town-hall', file, { layout: 'grid' });
  const drill = async (id: string) => (await running.ask('POST', `/drills/${id}`, {})).json['text'];
  const stateOf = async (id: string) =>
    (
      (await running.ask('GET', '/state')).json['drills'] as { id: string; armed: boolean; needs: string | null }[]
    ).find((one) => one.id === id);
  expect(await drill('refuse-429')).toMatch(/^Armed/);
  expect(await stateOf('refuse-429')).toMatchObject({ armed: true });
  await expect(begin()).rejects.toMatchObject({ status: 429, code: 'resource_exhausted' });
  expect(await stateOf('refuse-429')).toMatchObject({ armed: false });
  expect(await stateOf('kill-job')).toMatchObject({ needs: 'a job of egress that runs' });
  const { egressId } = await begin();
  expect(await drill('kill-job')).toBe(`The egress ${egressId} was killed.`);
  const info = await untilStatus(running, egressId, EgressStatus.EGRESS_FAILED);
  expect([info.error, info.errorCode]).toEqual(['signal: killed', 500]);
});

test('sends webhooks to the address it was given', async () => {
  const running = await start();
  const events: string[] = [];
  const hooks = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      events.push((JSON.parse(text) as { event: string }).event);
      response.end();
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  opened.push(
    () =>
      new Promise((resolve) => {
        hooks.closeAllConnections();
        hooks.close(() => resolve());
      }),
  );
  const url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/`;
  expect((await running.ask('POST', '/webhook', { url })).status).toBe(200);
  await running.rooms.removeParticipant('backstage', 'sam-okafor');
  await running.rooms.createRoom({ name: 'another' });
  await expect
    .poll(() => [...events].sort())
    .toEqual(['participant_left', 'room_started', 'track_unpublished', 'track_unpublished']);
});

describeWith('ffmpeg', 'its recordings', () => {
  test('hold every word that was said, at its time, and nothing is left running', () =>
    onQuietMachine(async () => {
      const running = await start();
      expect((await running.ask('POST', '/decode', { path: program })).status).toBe(422);
      const { egressId } = await running.egress.startRoomCompositeEgress(
        'town-hall',
        { file: new EncodedFileOutput({ filepath: '{room_name}-{time}' }) },
        { layout: 'speaker' },
      );
      await untilStatus(running, egressId, EgressStatus.EGRESS_ACTIVE);
      await delay(8_000);
      await running.egress.stopEgress(egressId);
      const info = await untilStatus(running, egressId, EgressStatus.EGRESS_COMPLETE);
      const [result] = info.fileResults;
      const fromMs = Number((result?.startedAt ?? 0n) / 1_000_000n);
      const toMs = Number((result?.endedAt ?? 0n) / 1_000_000n);
      const decoded = (await running.ask('POST', '/decode', { path: result?.location })).json as unknown as {
        words: { identity: string; word: string; atMs: number }[];
        durationMs: number;
      };
      expect(Math.abs(decoded.durationMs - (toMs - fromMs))).toBeLessThan(200);
      const heard = decoded.words.map((word) => ({ ...word, atMs: fromMs + word.atMs }));
      const edgeMs = 100;
      const window = { room: 'town-hall', fromMs: fromMs + edgeMs, toMs: toMs - edgeMs };
      const compared = (await running.ask('POST', '/compare', { ...window, words: heard })).json;
      expect(compared).toMatchObject({ missing: [], doubled: [], wrong: [] });
      expect(compared['spoken']).toBeGreaterThan(5);
      // And it would be noticed: without one word, with one twice, with one of somebody else.
      const [first, second] = heard.filter((word) => word.atMs > window.fromMs);
      const broken = [...heard.filter((word) => word !== first), second, { ...second, identity: 'ghost' }];
      expect((await running.ask('POST', '/compare', { ...window, words: broken })).json).toMatchObject({
        missing: [expect.stringContaining(`"${first?.word}" of ${first?.identity}`)],
        doubled: [expect.any(String)],
        wrong: [expect.stringContaining('ghost')],
      });
    }));

  test.runIf(process.platform === 'linux')('end with the program, in the middle of one', async () => {
    const running = await start();
    const { egressId } = await running.egress.startRoomCompositeEgress(
      'town-hall',
      { file: new EncodedFileOutput({ filepath: 'x' }) },
      { layout: 'speaker' },
    );
    await untilStatus(running, egressId, EgressStatus.EGRESS_ACTIVE);
    // The encoder, and a listener for SRT where ffmpeg has it.
    const children = childrenOf(running.child.pid ?? 0)
      .split(' ')
      .map(Number);
    expect(Math.min(...children)).toBeGreaterThan(0);
    running.child.kill('SIGTERM');
    expect(await once(running.child, 'exit')).toEqual([0, null]);
    for (const child of children) expect(() => process.kill(child, 0)).toThrow();
    expect(readdirSync(running.files)).toEqual([]);
  });
});
