import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { WebhookReceiver } from 'livekit-server-sdk';
import type { WebSocket } from 'ws';
import {
  apiKey,
  course,
  type Info,
  ns,
  openBench,
  opened,
  openReceiver,
  recorded,
  room,
  shapeOf,
  shapes,
} from '../support/egress-bench.ts';
import { onQuietMachine } from '../support/quiet-machine.ts';
import { ffmpegPath } from '../support/require.ts';
import { rampAt, rampLength } from '../support/scripted-show.ts';
import type { Answer } from '../support/twirp-call.ts';

describe('track egress to a WebSocket', () => {
  test('goes the recorded course from start to stop, with the measured sound', () =>
    onQuietMachine(async () => {
      const bench = await openBench();
      const receiver = await openReceiver();
      const first = await bench.ok('Egress/StartTrackEgress', {
        room_name: room,
        track_id: await bench.trackOf('ada'),
        websocket_url: receiver.url,
      });
      const { socket, request, atMs: openedAtMs } = await receiver.opened;
      expect(request.rawHeaders.filter((_name, index) => index % 2 === 0)).toEqual([
        'Host',
        'User-Agent',
        'Connection',
        'Content-Type',
        'Sec-WebSocket-Key',
        'Sec-WebSocket-Version',
        'Upgrade',
      ]);
      expect(request.headers).toMatchObject({ 'user-agent': 'Go-http-client/1.1', 'content-type': 'audio/x-raw' });
      expect(request.url).toBe('/in?token=abc');
      const active = bench.follow(first, 'EGRESS_ACTIVE');
      const pong = new Promise<string>((resolve) => socket.once('pong', (data) => resolve(data.toString())));
      socket.ping('whatever');
      expect(await pong).toBe('pong');
      socket.send('ignored');

      const seen = await active;
      await expect.poll(() => receiver.messages.length, { timeout: 20_000 }).toBeGreaterThan(150);
      const stopAtMs = Date.now();
      const ending = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
      const again = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
      expect([ending.status, again.status]).toEqual(['EGRESS_ENDING', 'EGRESS_ENDING']);
      const { code, atMs: closedAtMs } = await receiver.closed;
      const last = (await bench.follow(ending, 'EGRESS_COMPLETE')).slice(-1);
      expect(shapes([...seen, ending, ...last])).toEqual(course('trackStopped'));

      expect(code).toBe(1005);
      expect(closedAtMs - stopAtMs).toBeGreaterThan(2_700);
      expect(closedAtMs - stopAtMs).toBeLessThan(3_200);
      const firstAtMs = receiver.messages[0]?.atMs ?? 0;
      expect(firstAtMs - openedAtMs).toBeGreaterThan(2_750);
      expect(firstAtMs - openedAtMs).toBeLessThan(3_000);
      const lengths = receiver.messages.map(({ data }) => data.length);
      expect(new Set(lengths.slice(0, -1))).toEqual(new Set([1920]));
      expect((lengths.at(-1) ?? 1) % 4).toBe(0);
      expect(lengths.at(-1)).toBeLessThan(1820);
      // Every sample is there once, left as right, and where `started_at` says, within 0.1 s.
      const sound = Buffer.concat(receiver.messages.map(({ data }) => data));
      const anchor = sound.readInt16LE(0);
      for (let frame = 0; frame < sound.length / 4; frame += 1) {
        const wanted = rampAt(anchor + frame);
        if (sound.readInt16LE(frame * 4) !== wanted || sound.readInt16LE(frame * 4 + 2) !== wanted) {
          throw new Error(`frame ${frame} is ${sound.readInt16LE(frame * 4)}, not ${wanted}`);
        }
      }
      const [stream] = (seen.at(-1) as Info)['stream_results'] as { started_at: string }[];
      const startedSample = (ns(stream?.started_at) - bench.show.show.startedAtMs) * 48;
      const lateBy = (((startedSample - anchor) % rampLength) + rampLength) % rampLength;
      expect(lateBy / 48).toBeLessThan(100);
    }));

  test('sends the webhooks of the recording, in order and signed', async () => {
    const bench = await openBench({ timing: { drainMs: 100, firstSoundMs: 50 } });
    const received: { headers: readonly string[]; body: Record<string, unknown> }[] = [];
    const signed: Promise<unknown>[] = [];
    const receiver = new WebhookReceiver(apiKey.key, apiKey.secret);
    const hooks = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        received.push({
          headers: request.rawHeaders.filter((_name, index) => index % 2 === 0),
          body: JSON.parse(text) as Record<string, unknown>,
        });
        signed.push(receiver.receive(text, request.headers.authorization));
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
    bench.standIn.webhooks.addUrl(`http://127.0.0.1:${(hooks.address() as AddressInfo).port}/hook`);
    const sink = await openReceiver();
    const first = await bench.ok('Egress/StartTrackEgress', {
      room_name: room,
      track_id: await bench.trackOf('ada'),
      websocket_url: sink.url,
    });
    await bench.follow(first, 'EGRESS_ACTIVE');
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    await expect.poll(() => received.length).toBe(recorded.webhooks.length);
    await Promise.all(signed); // rejects where a signature or a body hash is wrong
    expect(received[0]?.headers).toEqual([
      'Host',
      'User-Agent',
      'Content-Length',
      'Authorization',
      'Content-Type',
      'Accept-Encoding',
    ]);
    const kinds = (bodies: readonly Record<string, unknown>[]): unknown[] =>
      bodies.filter((body) => 'egressInfo' in body).map((body) => shapeOf({ ...body, id: '', createdAt: '' }));
    expect(kinds(received.map(({ body }) => body))).toEqual(kinds(recorded.webhooks));
    const people = received.filter(({ body }) => 'participant' in body).map(({ body }) => body);
    expect(people.map((body) => body['event'])).toEqual(['participant_joined', 'participant_left']);
    expect(people[0]?.['participant']).toMatchObject({
      identity: first.egress_id,
      kind: 'EGRESS',
      permission: { canSubscribe: true, hidden: true, recorder: true },
    });
  });

  test('tells a mute and an unmute as text, ahead of the sound', async () => {
    const bench = await openBench({
      timing: { mutedTextMs: 200, unmutedTextMs: 20, pingMs: 300 },
      // A mute lasts until the script's next unmute: the second, where a machine took longer than the first to begin.
      plan: (show) => {
        for (const afterMs of [4_000, 12_000]) show.plan(afterMs, 'unmute', 'ada');
      },
    });
    const receiver = await openReceiver();
    const track = await bench.trackOf('ada');
    await bench.ok('Egress/StartTrackEgress', { room_name: room, track_id: track, websocket_url: receiver.url });
    await receiver.opened;
    await bench.ok('RoomService/MutePublishedTrack', { room, identity: 'ada', track_sid: track, muted: true });
    await expect.poll(() => receiver.texts.map(({ text }) => text)).toEqual(['{"muted":true}', '{"muted":false}']);
    await expect.poll(() => receiver.messages.length).toBeGreaterThan(0);
    expect(receiver.messages[0]?.atMs).toBeGreaterThanOrEqual(receiver.texts[0]?.atMs ?? Infinity);
    await expect.poll(() => receiver.pings[0]).toBe('ping');
  });

  test('is over when the person leaves', async () => {
    const bench = await openBench({ timing: { firstSoundMs: 100, sourceClosedDrainMs: 500 } });
    const receiver = await openReceiver();
    const first = await bench.ok('Egress/StartTrackEgress', {
      room_name: room,
      track_id: await bench.trackOf('ada'),
      websocket_url: receiver.url,
    });
    const seen = [...(await bench.follow(first, 'EGRESS_ACTIVE'))];
    await bench.ok('RoomService/RemoveParticipant', { room, identity: 'ada' });
    const rest = await bench.follow(seen.at(-1) as Info, 'EGRESS_COMPLETE');
    expect(shapes([...seen, ...rest.slice(1)])).toEqual(course('trackSourceClosed'));
    expect((await receiver.closed).code).toBe(1005);
  });

  test.each([
    ['trackClosedByReceiver', (socket: WebSocket) => socket.close(1000)],
    ['trackDropped', (socket: WebSocket) => socket.terminate()],
  ] as const)('fails as recorded: %s', async (name, breakIt) => {
    const bench = await openBench({ timing: { firstSoundMs: 50 } });
    const receiver = await openReceiver();
    const first = await bench.ok('Egress/StartTrackEgress', {
      room_name: room,
      track_id: await bench.trackOf('ada'),
      websocket_url: receiver.url,
    });
    const seen = await bench.follow(first, 'EGRESS_ACTIVE');
    breakIt((await receiver.opened).socket);
    const rest = await bench.follow(seen.at(-1) as Info, 'EGRESS_FAILED');
    expect(shapes([...seen, ...rest.slice(1)])).toEqual(course(name));
  });

  test('fails as recorded where nobody listens, where the upgrade is refused, for a picture, and when it is killed', async () => {
    const bench = await openBench({ timing: { firstSoundMs: 50 } });
    const refusing = createServer((_request, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    const { port } = refusing.address() as AddressInfo;
    const start = async (url: string, kind: 'AUDIO' | 'VIDEO' = 'AUDIO'): Promise<Info> =>
      bench.ok('Egress/StartTrackEgress', {
        room_name: room,
        track_id: await bench.trackOf('ada', kind),
        websocket_url: url,
      });
    const badHandshake = await start(`ws://127.0.0.1:${port}/x`);
    expect(shapes(await bench.follow(badHandshake, 'EGRESS_FAILED'))).toEqual(course('trackBadHandshake'));
    refusing.closeAllConnections();
    await new Promise((resolve) => refusing.close(resolve));
    const refused = await start(`ws://127.0.0.1:${port}/x`);
    expect(shapes(await bench.follow(refused, 'EGRESS_FAILED'))).toEqual(course('trackRefused'));
    const video = await start(`ws://127.0.0.1:${port}/x`, 'VIDEO');
    expect(shapes(await bench.follow(video, 'EGRESS_FAILED'))).toEqual(course('trackVideo'));
    const receiver = await openReceiver();
    const killed = await start(receiver.url);
    const seen = await bench.follow(killed, 'EGRESS_ACTIVE');
    expect(bench.standIn.egress?.faults.killOne()).toBe(killed.egress_id);
    const rest = await bench.follow(seen.at(-1) as Info, 'EGRESS_FAILED');
    expect(shapes([...seen, ...rest.slice(1)])).toEqual(course('trackKilled'));
    expect((await receiver.closed).code).toBe(1006);
  });

  test('says what it does not find, after the wait', async () => {
    const bench = await openBench({ timing: { findMs: 300 } });
    const first = await bench.ok('Egress/StartTrackEgress', {
      room_name: room,
      track_id: 'TR_unknown',
      websocket_url: 'ws://127.0.0.1:9/x',
    });
    const last = (await bench.follow(first, 'EGRESS_FAILED')).at(-1);
    expect(last).toMatchObject({
      error: 'track TR_unknown not found',
      error_code: 404,
      details: 'End reason: Failure',
    });
  });
});

describe('room composite', () => {
  const request = { room_name: room, layout: 'grid', file_outputs: [{ filepath: 'shows/{room_name}-{time}' }] };

  test('goes the recorded course and leaves a file of the length it tells', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const first = await bench.ok('Egress/StartRoomCompositeEgress', request);
    const seen = await bench.follow(first, 'EGRESS_ACTIVE');
    const { participants } = (await bench.ok('RoomService/ListParticipants', { room })) as unknown as {
      participants: { identity: string; kind: string; permission: { hidden: boolean; recorder: boolean } }[];
    };
    expect(participants.find((one) => one.identity === first.egress_id)).toMatchObject({
      kind: 'EGRESS',
      permission: { hidden: true, recorder: true },
    });
    await delay(2_000);
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    const rest = await bench.follow(seen.at(-1) as Info, 'EGRESS_COMPLETE');
    const wanted = course('compositeSourceClosed').map((info) => ({
      ...(info as object),
      room_composite: undefined,
      details: undefined,
    }));
    // The recording of the real one ended by itself, and had other settings of picture.
    const got = shapes([...seen, ...rest.slice(-1)]).map((info) => ({
      ...(info as object),
      room_composite: undefined,
      details: undefined,
    }));
    expect(got).toEqual(wanted);
    const info = rest.at(-1) as Info;
    const [file] = info['file_results'] as { location: string; duration: string; size: string; filename: string }[];
    expect(file?.filename).toMatch(/^shows\/stage-\d{4}-\d\d-\d\dT\d{6}\.mp4$/);
    const { spawnSync } = await import('node:child_process');
    const probe = spawnSync(ffmpegPath(), ['-hide_banner', '-i', file?.location ?? ''], { encoding: 'utf8' });
    const [, seconds] = /Duration: 00:00:([\d.]+)/.exec(probe.stderr) ?? [];
    expect(Math.abs(Number(seconds) - ns(file?.duration) / 1000)).toBeLessThan(0.2);
    expect(probe.stderr).toMatch(/Video: h264.*640x360/);
    expect(probe.stderr).toMatch(/Audio: aac.*44100 Hz, stereo/);
    expect(readdirSync(bench.files).sort()).toEqual([expect.stringMatching(/^\.egress-/), 'shows']);
    await bench.standIn.close();
    expect(readdirSync(bench.files)).toEqual(['shows']);
  });

  test('leaves no file when it is killed', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const first = await bench.ok('Egress/StartRoomCompositeEgress', request);
    await bench.follow(first, 'EGRESS_ACTIVE');
    await delay(300);
    bench.standIn.egress?.faults.killOne();
    const info = await bench.info(first.egress_id);
    expect(info).toMatchObject({ status: 'EGRESS_FAILED', error: 'signal: killed', error_code: 500, details: '' });
    expect(existsSync(join(bench.files, 'shows'))).toBe(false);
  });

  test('waits for somebody, and a stop before that is an abort as recorded', async () => {
    const bench = await openBench({ hasFfmpeg: true, people: [] });
    const first = await bench.ok('Egress/StartRoomCompositeEgress', {
      ...request,
      advanced: { width: 320, height: 180, framerate: 10, video_bitrate: 200 },
    });
    await delay(400);
    expect((await bench.info(first.egress_id)).status).toBe('EGRESS_STARTING');
    const aborted = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    expect(shapes([first, aborted])).toEqual(course('compositeAborted'));
    const late = await bench.call('Egress/StopEgress', { egress_id: first.egress_id });
    expect([late.status, late.body]).toEqual([
      412,
      { code: 'failed_precondition', msg: 'egress with status EGRESS_ABORTED cannot be stopped' },
    ]);
    expect(late.tookMs).toBeGreaterThan(50);
  });

  test('says at the end that it may not write outside its folder', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const first = await bench.ok('Egress/StartRoomCompositeEgress', {
      ...request,
      file_outputs: [{ filepath: '/proc/nope/x.mp4' }],
    });
    await bench.follow(first, 'EGRESS_ACTIVE');
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    const last = (await bench.follow(first, 'EGRESS_FAILED')).at(-1);
    expect(last).toMatchObject({ error_code: 400, details: 'End reason: StopEgress API' });
    expect(last?.['error']).toMatch(/^Local upload failed: mkdir \/proc\/nope\/: /);
  });
});

describe('refusals', () => {
  const file = { file_outputs: [{ filepath: 'x.mp4' }] };
  const bad = 'request has missing or invalid field: ';
  test.each([
    ['StartTrackEgress', { websocket_url: 'http://127.0.0.1:1/h' }, 'invalid url http://127.0.0.1:1/h: invalid scheme'],
    ['StartTrackEgress', { websocket_url: '' }, 'invalid url : invalid scheme'],
    ['StartTrackEgress', {}, `${bad}output`],
    ['StartRoomCompositeEgress', {}, `${bad}output`],
    ['StartRoomCompositeEgress', { file_outputs: [{}, {}] }, `${bad}multiple file outputs`],
    ['StartRoomCompositeEgress', { ...file, advanced: { width: 321, height: 240 } }, `${bad}width`],
    ['StartRoomCompositeEgress', { ...file, audio_only: true, video_only: true }, `${bad}audio_only and video_only`],
    ['StartRoomCompositeEgress', { ...file, custom_base_url: 'nonsense' }, `${bad}template base url`],
    ['StartRoomCompositeEgress', { audio_only: true, image_outputs: [{}] }, `${bad}audio_only images`],
    [
      'StartRoomCompositeEgress',
      { file_outputs: [{ file_type: 'OGG', filepath: 'g.ogg' }] },
      'no supported codec is compatible with all outputs',
    ],
    [
      'StartRoomCompositeEgress',
      {
        audio_only: true,
        file_outputs: [{ file_type: 'OGG' }],
        stream_outputs: [{ protocol: 'RTMP', urls: ['rtmp://127.0.0.1/live/k'] }],
      },
      'format audio/ogg incompatible with codec audio/aac',
    ],
    [
      'StartRoomCompositeEgress',
      { stream_outputs: [{ protocol: 'RTMP', urls: ['rtmp://host/key'] }] },
      'invalid url rtmp://host/key: rtmp urls must be of format rtmp(s)://{host}(/{path})/{app}/{stream_key}( live=1)',
    ],
    [
      'StartRoomCompositeEgress',
      { audio_only: true, stream_outputs: [{ protocol: 'WEBSOCKET', urls: ['ws://127.0.0.1:1/v'] }] },
      'invalid url ws://127.0.0.1:1/v: invalid scheme',
    ],
    ['StartParticipantEgress', file, `${bad}identity`],
    ['StartTrackCompositeEgress', file, `${bad}audio_track_id or video_track_id`],
    ['StartWebEgress', { ...file, url: 'ftp://x' }, `${bad}web url`],
    ['StartEgress', { outputs: [{ file: {} }] }, `${bad}source`],
    ['StartEgress', { media: {}, outputs: [{ file: {} }] }, `${bad}audio or video`],
    ['StartEgress', { media: { audio: { capture_all: true } } }, `${bad}output`],
    [
      'StartEgress',
      {
        media: { audio: { capture_all: true } },
        outputs: [{ stream: { protocol: 'WEBSOCKET', urls: ['ws://127.0.0.1:1/w'] } }, { file: {} }],
      },
      'format  incompatible with codec audio/x-raw',
    ],
  ])('%s %j', async (method, fields, text) => {
    const bench = await openBench();
    const answer = await bench.call(`Egress/${method}`, { room_name: room, ...fields });
    expect([answer.status, answer.body]).toEqual([
      400,
      { code: 'invalid_argument', msg: `twirp error unknown: ${text}` },
    ]);
  });

  test('an address outside of this computer is refused with that reason, and without repeating it', async () => {
    const bench = await openBench();
    const outside = [
      bench.call('Egress/StartTrackEgress', {
        room_name: room,
        track_id: 'TR_x',
        websocket_url: 'wss://example.com/in?token=secret',
      }),
      bench.call('Egress/StartRoomCompositeEgress', {
        room_name: room,
        stream_outputs: [{ protocol: 'RTMP', urls: ['rtmp://a.rtmp.youtube.com/live2/secret'] }],
      }),
      bench.call('Egress/StartRoomCompositeEgress', {
        room_name: room,
        file_outputs: [{ filepath: 'x.mp4', s3: { bucket: 'b', secret: 'secret' } }],
      }),
    ];
    for (const answer of await Promise.all(outside)) {
      expect(answer.status).toBe(400);
      expect(JSON.stringify(answer.body)).toContain('this is a rehearsal');
      expect(JSON.stringify(answer.body)).not.toContain('secret');
    }
  });

  test('the limit counts what runs, and a drill refuses the next start alone', async () => {
    const bench = await openBench({ limit: 1, people: [] });
    const start = (): Promise<Answer> => bench.call('Egress/StartRoomCompositeEgress', { room_name: room, ...file });
    const limit = { code: 'resource_exhausted', msg: 'concurrent egress sessions limit exceeded' };
    bench.standIn.armRefusal(429);
    const refused = await start();
    expect([refused.status, refused.body]).toEqual([429, limit]);
    const [one, two] = await Promise.all([start(), start()]);
    expect(new Set([one?.status, two?.status])).toEqual(new Set([200, 429]));
  });
});
