// Figures for monitors: what is counted, in which form it is told, and to whom.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CaptionStore } from '../../src/core/captions/ports.ts';
import { Observability } from '../../src/core/console/observability.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog, silentLog } from '../../src/core/live/log.ts';
import { parseEgressInfo } from '../../src/core/livekit/egress-info.ts';
import { JsonFile } from '../../src/core/settings/json-file.ts';
import { ObservabilitySettings } from '../../src/core/settings/observability-settings.ts';
import { SecretStore } from '../../src/core/settings/secret-store.ts';
import { firstSettings, noSecrets, readSecrets, readSettings } from '../../src/core/settings/stored.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { listenOnKeptPort } from '../../src/rehearsal/kept-port.ts';
import type { Problem } from '../../src/shared/model/common.ts';
import { freePort } from '../support/free-port.ts';
import { plainJob } from '../support/job-stores.ts';
import type { Job } from '../../src/shared/model/job.ts';

const token = 'a-token-that-nobody-guesses';
let folder = '';
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuedesk-figures-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

async function open(change: Partial<ConstructorParameters<typeof Observability>[0]> = {}) {
  const files = { clock: systemClock, log: silentLog };
  const file = await JsonFile.open({
    path: join(folder, 'settings.json'),
    what: 'settings',
    read: readSettings,
    fallback: firstSettings,
    ...files,
  });
  const secretFile = await JsonFile.open({
    path: join(folder, 'secrets.json'),
    what: 'secrets',
    read: readSecrets,
    fallback: noSecrets,
    ...files,
  });
  const settings = new ObservabilitySettings({ file, secrets: new SecretStore(secretFile, openSecretBox(null)) });
  const problems: Problem[] = [];
  const lines: string[] = [];
  const observability = new Observability({
    settings,
    isForced: false,
    servers: () => ({ all: 1, away: 0, withoutEgress: 0 }),
    captionSessions: () => 2,
    isJournalWritten: () => true,
    diskLastsMs: () => null,
    onProblem: (problem) => problems.push(problem),
    clock: systemClock,
    log: createLog((line) => lines.push(line), { level: 'debug' }),
    ...change,
  });
  closers.push(
    () => file.close(),
    () => secretFile.close(),
    () => observability.close(),
  );
  await observability.apply();
  return { observability, settings, problems, lines };
}
const origin = ({ state }: Observability): string => (state.value.url ?? '').replace('/metrics', '');
const job = (change: Partial<Job>): Job => ({
  id: 'job-1',
  serverId: 's',
  roomName: 'secret-room',
  title: 'a',
  request: { kind: 'room-sound' },
  mode: 'desk-only',
  engine: 'desk',
  phase: 'starting',
  phaseAtMs: 0,
  requestedAtMs: 0,
  startedAtMs: null,
  endedAtMs: null,
  text: '',
  egress: null,
  desk: null,
  refusal: null,
  files: [],
  destinations: [],
  layoutSent: null,
  startedBy: 'here',
  ...plainJob,
  ...change,
});
function info(egressId: string, status: string, more: object = {}) {
  const snapshot = parseEgressInfo({ egress_id: egressId, room_name: 'secret-room', status, ...more });
  if (!snapshot) throw new Error('no EgressInfo');
  return snapshot;
}

describe('what is told', () => {
  test('egress under the names of its figures, by kind, without a room or a person', async () => {
    const { observability } = await open({ isForced: true });
    const server = observability.watcherOf('s');
    const composite = server.startAsked('room-composite');
    composite.began(info('EG_1', 'EGRESS_STARTING', { room_composite: {} }));
    server.listed([info('EG_1', 'EGRESS_ACTIVE'), info('EG_other', 'EGRESS_ACTIVE', { track: {} })]);
    server.startAsked('track-composite').began(info('EG_2', 'EGRESS_ACTIVE'));
    server.stopAsked('EG_1');
    observability.seen('s', info('EG_1', 'EGRESS_COMPLETE'));
    observability.seen('s', info('EG_1', 'EGRESS_COMPLETE')); // twice counts once
    server.listed([
      info('EG_2', 'EGRESS_FAILED', { error: 'signal: killed', error_code: 500 }),
      info('EG_other', 'EGRESS_ACTIVE', { track: {} }),
      info('EG_of_yesterday', 'EGRESS_FAILED', { error: 'x', error_code: 500 }),
    ]);
    server.startAsked('web').refused({ code: 'egress-limit', fault: 'server', retryable: false, text: 'No.' });
    server.startAsked('web'); // called off: neither began nor refused
    const answer = await fetch(`${origin(observability)}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    for (const row of [
      'egress_started_total{kind="room-composite"} 1',
      'egress_started_total{kind="track-composite"} 1',
      'egress_stopped_total{kind="room-composite"} 1',
      'egress_stopped_total{kind="track-composite"} 1',
      'egress_errors_total{kind="track-composite",code="worker-crashed"} 1',
      'egress_errors_total{kind="web",code="egress-limit"} 1',
      'egress_active_count{kind="track"} 1',
      'egress_active_count{kind="web"} 0',
      'egress_started_total{kind="media"} 0',
      'egress_start_room_composite_duration_count{kind="room-composite"} 1',
      'egress_start_track_composite_duration_count{kind="track-composite"} 1',
      'egress_stop_duration_count{kind="room-composite"} 1',
    ])
      expect(text.split('\n')).toContain(row);
    for (const name of ['start_room_composite', 'start_track_composite', 'stop'])
      expect(text).toContain(`# TYPE egress_${name}_duration histogram`);
    expect(text).not.toContain('secret-room');
    expect(await (await fetch(`${origin(observability)}/health`)).json()).toEqual({
      service: 'livekit_egress',
      status: 'degraded',
      active_egress: 1,
      completed_egress: 1,
      failed_egress: 2,
      supported_formats: ['mp4', 'ogg', 'webm', 'ts', 'hls', 'rtmp', 'srt'],
      supported_storage: ['s3', 'gcp', 'azure', 'alioss'],
      reasons: ['2 egress failed within the last 10 minutes.'],
    });
  });

  test('recordings and captions of this console beside them', async () => {
    const { observability } = await open({ isForced: true });
    observability.jobChanged(job({}), null);
    observability.jobChanged(job({ id: 'job-2', engine: 'egress' }), null);
    observability.jobChanged(job({ id: 'job-2', engine: 'egress', phase: 'failed' }), 'starting');
    // A scheduled one counts from its hour on, and not at all where it is cancelled.
    observability.jobChanged(job({ id: 'job-3', phase: 'armed' }), null);
    observability.jobChanged(job({ id: 'job-3', phase: 'done' }), 'armed');
    observability.jobChanged(job({ id: 'job-4', phase: 'armed' }), null);
    observability.refused('egress-limit');
    const kept: string[] = [];
    const store = {
      saveEntry: (_session: string, entry: { id: string }) => kept.push(entry.id),
    } as unknown as CaptionStore; // only this is called
    const words = ['good', 'morning'].map((text) => ({ text, startMs: 0, endMs: 1, confidence: 1 }));
    const line = {
      type: 'utterance',
      id: 'u1',
      seq: 1,
      identity: 'ada',
      name: 'Ada',
      text: 'Good morning.',
      startMs: 0,
      endMs: 1,
      words,
      language: 'en',
      confidence: 1,
    } as const;
    observability.counting(store).saveEntry('c', { ...line, isFinal: true, delayMs: 480 });
    const text = await (await fetch(`${origin(observability)}/metrics`)).text();
    for (const row of [
      'cuedesk_jobs_started_total{engine="desk"} 1',
      'cuedesk_jobs_ended_total{outcome="failed"} 1',
      'cuedesk_egress_refused_total{code="egress-limit"} 1',
      'cuedesk_jobs_active{engine="desk"} 1',
      'cuedesk_jobs_active{engine="egress"} 0',
      'cuedesk_caption_sessions_active 2',
      'cuedesk_caption_words_total 2',
      'cuedesk_caption_delay_seconds_bucket{le="0.5"} 1',
    ])
      expect(text).toContain(row);
    expect(text).not.toMatch(/secret-room|Ada/);
    expect(kept).toEqual(['u1']);
  });

  test('health says what is wrong, worst first, and answers 503 where nothing works', async () => {
    const { observability } = await open({
      isForced: true,
      servers: () => ({ all: 2, away: 2, withoutEgress: 1 }),
      isJournalWritten: () => false,
      diskLastsMs: () => 60_000,
    });
    const answer = await fetch(`${origin(observability)}/health`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      status: 'unhealthy',
      reasons: [
        'No server answers.',
        'The journal cannot be written: what happens is kept in memory.',
        'The disk for recordings lasts less than 10 minutes.',
        '1 of 2 servers has no egress: recordings run here.',
      ],
    });
    const { observability: well } = await open({ isForced: true });
    expect(well.health()).toMatchObject({ status: 'healthy', reasons: [] });
  });
});

describe('to whom it is told', () => {
  test('it is off until it is switched on, then to this computer alone, and off again', async () => {
    const { observability, settings } = await open();
    expect(observability.state.value).toMatchObject({ isOn: false, url: null, problem: null });
    const port = await freePort();
    await settings.change({ isOn: true, port });
    await observability.apply();
    const { url } = observability.state.value;
    expect(url).toBe(`http://127.0.0.1:${port}/metrics`);
    expect((await fetch(url ?? '')).status).toBe(200);
    expect((await fetch(url ?? '', { method: 'POST' })).status).toBe(405);
    for (const path of ['metrics', 'health']) {
      const head = await fetch(`http://127.0.0.1:${port}/${path}`, { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([200, '']);
    }
    expect((await fetch(`http://127.0.0.1:${port}/other`)).status).toBe(404);
    // A name that was pointed at this computer, and a page in the browser.
    expect((await fetch(url ?? '', { headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect(await statusFor(port, 'evil.example')).toBe(403);
    await settings.change({ isOn: false });
    await observability.apply();
    expect(observability.state.value.url).toBeNull();
    await expect(fetch(url ?? '')).rejects.toThrow();
  });

  test('open to others it asks for the token, and cannot be opened without one', async () => {
    const { observability, settings, lines } = await open();
    const port = await freePort();
    await expect(settings.change({ isOn: true, isOpen: true, port })).rejects.toMatchObject({ code: 'needs-token' });
    expect(settings.choice.value.isOn).toBe(false);
    await settings.saveToken(token, 'stored');
    await settings.change({ isOn: true, isOpen: true, port });
    await observability.apply();
    const ask = async (authorization?: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/health`, authorization ? { headers: { authorization } } : {})).status;
    expect(await ask()).toBe(401);
    expect(await ask('Bearer wrong')).toBe(401);
    expect(await ask(`Bearer ${token.slice(0, -1)}`)).toBe(401);
    expect(await ask(`Basic ${token}`)).toBe(401);
    expect(await ask(`Bearer ${token}`)).toBe(200);
    expect(JSON.stringify([observability.state.value, lines])).not.toContain(token);
    expect(observability.state.value.tokenHint).toBe('••••••••••es');
  });

  test('a token of an earlier run is missed before anything is served', async () => {
    const { settings } = await open();
    await settings.saveToken(token, 'this-run');
    await settings.change({ isOn: true, isOpen: true, port: await freePort() });
    const { observability, problems } = await open();
    expect(observability.state.value).toMatchObject({ url: null, problem: { code: 'needs-token' } });
    expect(problems).toHaveLength(1);
  });

  test('a port that is taken is told, and served once it is free', async () => {
    const taken = createServer();
    const port = await listenOnKeptPort(taken);
    const { observability, settings, problems } = await open();
    await settings.change({ isOn: true, port });
    await observability.apply();
    expect(observability.state.value).toMatchObject({ url: null, problem: { code: 'port-taken' } });
    expect(problems[0]?.text).toContain(`Port ${port} is taken`);
    taken.close();
    await once(taken, 'close');
    await observability.apply();
    expect(observability.state.value).toMatchObject({ url: `http://127.0.0.1:${port}/metrics`, problem: null });
  });
});

/** fetch sets the Host by itself; this says another name. */
async function statusFor(port: number, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', path: '/metrics', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });
}
