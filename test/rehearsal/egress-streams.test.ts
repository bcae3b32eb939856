import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Destinations, openDestinations } from '../../src/rehearsal/destinations/destinations.ts';
import { findFfmpeg } from '../../src/rehearsal/ffmpeg.ts';
import { commandLines } from '../support/command-lines.ts';
import { type Bench, course, type Info, openBench, opened, room, shapes } from '../support/egress-bench.ts';
import { playThrough } from '../support/media-check.ts';
import { ffmpegPath } from '../support/require.ts';

// Streams go to real sockets; what becomes of them is laid beside what a real egress told.

interface StreamResult {
  readonly url: string;
  readonly status: string;
  readonly error: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly retries: number;
}

async function receivers(): Promise<Destinations> {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-receivers-'));
  const destinations = await openDestinations({
    ffmpeg: findFfmpeg({ FFMPEG_PATH: ffmpegPath() }),
    filesFolder: folder,
    decode: async () => ({ words: [] }),
  });
  opened.push(async () => {
    await destinations.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return destinations;
}

const streamsOf = (info: Info): readonly StreamResult[] => info['stream_results'] as StreamResult[];
const audio = (urls: readonly string[], rest: object = {}) => ({
  room_name: room,
  audio_only: true,
  stream_outputs: [{ protocol: 'RTMP', urls }],
  ...rest,
});
const start = (bench: Bench, body: object): Promise<Info> => bench.ok('Egress/StartRoomCompositeEgress', body);
const update = (bench: Bench, id: string, added: readonly string[], removed: readonly string[] = []) =>
  bench.call('Egress/UpdateStream', { egress_id: id, add_output_urls: added, remove_output_urls: removed });

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Follows the first stream until it is so; the info of that moment. */
async function until(bench: Bench, id: string, is: (streams: readonly StreamResult[]) => boolean): Promise<Info> {
  for (const limitMs = Date.now() + 40_000; Date.now() < limitMs; await delay(10)) {
    const info = await bench.info(id);
    if (is(streamsOf(info))) return info;
  }
  throw new Error(`never so: ${JSON.stringify(streamsOf(await bench.info(id)))}`);
}

describe('RTMP', () => {
  test('arrives at several receivers; one is added, one removed, and the last one removed ends the egress', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const { addresses, arrivals } = await receivers();
    const [one = '', two = ''] = addresses.rtmp;
    const first = await start(bench, audio([one]));
    const seen = [first, ...(await bench.follow(first, 'EGRESS_ACTIVE')).slice(-1)];
    seen.push(await until(bench, first.egress_id, ([stream]) => stream?.started_at !== '0'));
    const added = await update(bench, first.egress_id, [two]);
    expect(streamsOf(added.body as Info).map(({ status }) => status)).toEqual(['ACTIVE', 'ACTIVE']);
    await expect.poll(() => arrivals().map(({ isLive }) => isLive)).toEqual([true, true]);
    await expect.poll(() => arrivals().every(({ bytes }) => bytes > 10_000)).toBe(true);
    seen.push(added.body as Info);
    const redacted = streamsOf(first)[0]?.url ?? '';
    expect(redacted).toMatch(/^rtmp:\/\/127\.0\.0\.1:\d+\/live\/\{reh\.\.\.ain\}$/);
    const wrong = await update(bench, first.egress_id, [], [redacted]);
    expect([wrong.status, wrong.body]).toEqual([
      404,
      { code: 'not_found', msg: `twirp error unknown: stream ${redacted} not found` },
    ]);
    const removed = await update(bench, first.egress_id, [], [one]);
    seen.push(removed.body as Info);
    const last = await update(bench, first.egress_id, [], [two]);
    expect((last.body as Info).status).toBe('EGRESS_ENDING');
    seen.push((await bench.follow(last.body as Info, 'EGRESS_COMPLETE')).at(-1) as Info);
    expect(shapes(seen)).toEqual(course('allStreamsStopped'));
    for (const { file } of arrivals()) expect((await playThrough(file ?? '')).streams).toEqual(['Audio aac']);
    await expect.poll(() => arrivals().map(({ isLive }) => isLive)).toEqual([false, false]);
  });

  test('a dead address fails alone: at the start, added, and beside a file', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const { addresses } = await receivers();
    const dead = `rtmp://127.0.0.1:${await deadPort()}/live/dead-key`;
    const [good = ''] = addresses.rtmp;
    const alone = await start(bench, audio([dead]));
    expect(shapes(await bench.follow(alone, 'EGRESS_FAILED'))).toEqual(course('streamRefused'));
    const beside = await start(bench, audio([dead], { file_outputs: [{ file_type: 'MP4', filepath: 'es.mp4' }] }));
    const withFile = await until(bench, beside.egress_id, ([stream]) => stream?.status === 'FAILED');
    const [, recorded] = course('deadStreamBesideFile') as Record<string, unknown>[];
    expect((shapes([withFile])[0] as Record<string, unknown>)['stream_results']).toEqual(recorded?.['stream_results']);
    const file = await bench.ok('Egress/StopEgress', { egress_id: beside.egress_id });
    const done = (await bench.follow(file, 'EGRESS_COMPLETE')).at(-1) as Info;
    expect(done['error']).toBe('');
    expect(done['file_results']).toMatchObject([{ location: join(bench.files, 'es.mp4') }]);

    const running = await start(bench, audio([good], { file_outputs: [{ file_type: 'MP4', filepath: 'run.mp4' }] }));
    await until(bench, running.egress_id, ([stream]) => stream?.started_at !== '0');
    const before = (await bench.info(running.egress_id))['updated_at'];
    // First added, then removed; what is wrong is joined, the first code wins, and what is right is done.
    const bad = await update(bench, running.egress_id, ['http://bad', dead], ['rtmp://127.0.0.1:1/live/none']);
    expect([bad.status, bad.body]).toEqual([
      400,
      {
        code: 'invalid_argument',
        msg: 'twirp error unknown: invalid url http://bad: invalid scheme\nstream rtmp://127.0.0.1:1/live/none not found',
      },
    ]);
    const srt = await update(bench, running.egress_id, ['srt://127.0.0.1:9999']);
    expect((srt.body as { msg: string }).msg).toBe(
      'twirp error unknown: invalid url srt://127.0.0.1:9999: invalid scheme',
    );
    const info = await until(bench, running.egress_id, ([, added]) => added?.status === 'FAILED');
    expect(streamsOf(info)[1]?.error).toBe('Connection refused: Could not connect to 127.0.0.1: Connection refused');
    expect(streamsOf(info)[0]?.status).toBe('ACTIVE');
    expect(info['updated_at']).not.toBe(before);
    // The same address again: accepted, and refused by the receiver; then the first can no longer be removed.
    expect((await update(bench, running.egress_id, [good])).status).toBe(200);
    const twice = await until(bench, running.egress_id, (streams) => streams[2]?.status === 'FAILED');
    expect(streamsOf(twice)[2]?.error).toMatch(
      /^Failed to connect: publish denied; stream already exists: \{.*BadName/,
    );
    expect((await update(bench, running.egress_id, [], [good])).status).toBe(404);
    expect(streamsOf(twice)[0]).toMatchObject({ status: 'ACTIVE', ended_at: '0' });
  });

  test('a lost receiver is tried again with a frozen count; given up after the window, or back within it', async () => {
    const bench = await openBench({ hasFfmpeg: true, timing: { streamRetryMs: 3_000 } });
    const destinations = await receivers();
    const { addresses, arrivals } = destinations;
    const begin = async (): Promise<Info[]> => {
      const before = arrivals()[0]?.bytes ?? 0;
      const first = await start(bench, audio(addresses.rtmp.slice(0, 1)));
      const active = (await bench.follow(first, 'EGRESS_ACTIVE')).slice(-1);
      const connected = await until(bench, first.egress_id, ([stream]) => stream?.started_at !== '0');
      await expect.poll(() => (arrivals()[0]?.bytes ?? 0) - before).toBeGreaterThan(9_000);
      return [first, ...active, connected];
    };
    const lose = async (id: string): Promise<Info> => {
      await destinations.setState('down');
      return until(bench, id, ([stream]) => stream?.retries !== 0);
    };
    const gone = await begin();
    const id = gone[0]?.egress_id ?? '';
    gone.push(await lose(id));
    expect(streamsOf(gone.at(-1) as Info)[0]).toMatchObject({ status: 'ACTIVE', retries: 1 });
    gone.push((await bench.follow(gone.at(-1) as Info, 'EGRESS_FAILED')).at(-1) as Info);
    const [last] = streamsOf(gone.at(-1) as Info);
    expect(last?.retries).toBeGreaterThan(9);
    const countless = (infos: unknown): unknown =>
      JSON.parse(JSON.stringify(infos).replaceAll(/"retries":\d{2,}/g, '"retries":"many"'));
    expect(countless(shapes(gone))).toEqual(countless(course('streamGone')));

    await destinations.setState('up');
    const back = await begin();
    back.push(await lose(back[0]?.egress_id ?? ''));
    const before = arrivals()[0]?.connections ?? 0;
    await delay(300);
    await destinations.setState('up');
    await expect.poll(() => arrivals()[0]?.connections ?? 0).toBe(before + 1);
    expect(streamsOf(await bench.info(back[0]?.egress_id ?? ''))[0]?.retries).toBe(1);
    const ending = await bench.ok('Egress/StopEgress', { egress_id: back[0]?.egress_id });
    back.push((await bench.follow(ending, 'EGRESS_COMPLETE')).at(-1) as Info);
    expect(countless(shapes(back))).toEqual(countless(course('streamBack')));
  });

  test('a receiver that never speaks is given up, and a frozen one does not touch the others', async () => {
    const silent = createServer(() => {});
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    opened.push(async () => void silent.close());
    const bench = await openBench({ hasFfmpeg: true, timing: { streamSilentMs: 1_500 } });
    const { addresses, arrivals } = await receivers();
    const { port } = silent.address() as AddressInfo;
    const first = await start(bench, audio([`rtmp://127.0.0.1:${port}/live/hang-key`]));
    expect(shapes(await bench.follow(first, 'EGRESS_FAILED'))).toEqual(course('streamSilent'));
    const both = await start(bench, audio([`rtmp://127.0.0.1:${port}/live/hang-key`, addresses.rtmp[0] ?? '']));
    await until(bench, both.egress_id, ([dead]) => dead?.status === 'FAILED');
    const before = arrivals()[0]?.bytes ?? 0;
    await expect.poll(() => arrivals()[0]?.bytes ?? 0).toBeGreaterThan(before + 5_000);
    expect(streamsOf(await bench.info(both.egress_id))[1]?.status).toBe('ACTIVE');
  });

  test('the receiver takes a push of ffmpeg with picture, and refuses what is no RTMP', async () => {
    const { addresses, arrivals } = await receivers();
    const url = addresses.rtmp[0] ?? '';
    const source = ['-f', 'lavfi', '-i', 'testsrc=s=160x90:r=10:d=2', '-f', 'lavfi', '-i', 'sine=d=2'];
    const args = [
      '-v',
      'error',
      '-re',
      ...source,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '10',
      '-c:a',
      'aac',
    ];
    const push = spawn(ffmpegPath(), [...args, '-f', 'flv', url], { stdio: 'ignore' });
    const [code] = (await once(push, 'exit')) as [number];
    expect(code).toBe(0);
    const [arrival] = arrivals();
    expect((await playThrough(arrival?.file ?? '')).streams.sort()).toEqual(['Audio aac', 'Video h264']);
    const refused = spawn(ffmpegPath(), [...args, '-f', 'flv', url.replace('/live/', '/elsewhere/')], {
      stdio: 'ignore',
    });
    expect((await once(refused, 'exit'))[0]).not.toBe(0);
  });

  test('what is pushed is RTMP to ffmpeg as well', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const port = await deadPort();
    const url = `rtmp://127.0.0.1:${port}/live/foreign`;
    const listener = spawn(
      ffmpegPath(),
      ['-v', 'info', '-analyzeduration', '1000000', '-listen', '1', '-i', url, '-t', '1', '-f', 'null', '-'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    listener.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const body = { room_name: room, layout: 'grid', stream_outputs: [{ protocol: 'RTMP', urls: [url] }] };
    // It does not tell when it listens: egress is asked until somebody takes the stream.
    while (listener.exitCode === null) {
      const { egress_id: id } = await start(bench, body);
      while (listener.exitCode === null && (await bench.info(id)).status !== 'EGRESS_FAILED') await delay(50);
    }
    expect(listener.exitCode).toBe(0);
    expect(said).toMatch(/Video: h264/);
    expect(said).toMatch(/Audio: aac/);
  });
});

describe('SRT', () => {
  test('arrives at its receiver, and fails for good where nobody is', async (context) => {
    if (!findFfmpeg({ FFMPEG_PATH: ffmpegPath() })?.hasSrt) return context.skip('this ffmpeg has no SRT');
    const bench = await openBench({ hasFfmpeg: true, timing: { srtConnectMs: 1_500 } });
    const { addresses, arrivals } = await receivers();
    const srt = (url: string) => ({ ...audio([]), stream_outputs: [{ protocol: 'SRT', urls: [url] }] });
    const nobody = await start(bench, srt(`srt://127.0.0.1:${await deadPort()}?passphrase=supersecret12`));
    const first = await start(bench, srt(addresses.srt ?? ''));
    expect(shapes(await bench.follow(nobody, 'EGRESS_FAILED'))).toEqual(course('srtNobody'));
    await expect.poll(() => arrivals()[0]?.bytes ?? 0).toBeGreaterThan(20_000);
    const ending = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    const last = (await bench.follow(ending, 'EGRESS_COMPLETE')).at(-1) as Info;
    expect(streamsOf(last)[0]?.status).toBe('FINISHED');
    await expect.poll(() => arrivals()[0]?.isLive).toBe(false);
  });

  test('goes out under its passphrase and stream id, which no command line and no file shows', async (context) => {
    if (!findFfmpeg({ FFMPEG_PATH: ffmpegPath() })?.hasSrt) return context.skip('this ffmpeg has no SRT');
    // The sender asks again until somebody listens: a listener does not tell when it does.
    const bench = await openBench({ hasFfmpeg: true, timing: { srtConnectMs: 20_000 } });
    const at = `srt://127.0.0.1:${await deadPort()}`;
    const input = ['-f', 'data', '-i', `${at}?mode=listener&passphrase=planted-passphrase`];
    const output = ['-map', '0', '-c', 'copy', '-flush_packets', '1', '-f', 'data', 'pipe:1'];
    const listener = spawn(ffmpegPath(), ['-v', 'error', '-nostdin', ...input, ...output], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    opened.push(async () => void listener.kill('SIGKILL'));
    const url = `${at}?passphrase=planted-passphrase&streamid=planted-id&latency=200000`;
    const first = await start(bench, { ...audio([]), stream_outputs: [{ protocol: 'SRT', urls: [url] }] });
    await once(listener.stdout, 'data');
    if (process.platform === 'linux') {
      const senders = commandLines().filter((line) => line.includes('mode=caller'));
      expect(senders).toHaveLength(1);
      expect(senders[0]).toContain('latency=200000');
      expect(senders[0]).not.toContain('planted');
    }
    const presets = (): string[] =>
      readdirSync(bench.files, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.preset'));
    await expect.poll(presets).toEqual([]);
    const ending = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    await bench.follow(ending, 'EGRESS_COMPLETE');
  });
});
