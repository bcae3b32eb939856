import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openMetricsPage } from '../../src/rehearsal/egress/metrics-page.ts';
import { type Bench, type Info, openBench, opened, room } from '../support/egress-bench.ts';

// What a producer must be able to rehearse: hanging, lost and limited jobs, an older server, auto egress.

const mix = { room_name: room, audio_only: true, file_outputs: [{ filepath: 'mix' }] };
const start = (bench: Bench, method = 'StartRoomCompositeEgress', body: object = mix): Promise<Info> =>
  bench.ok(`Egress/${method}`, body);
const refusal = async (bench: Bench, method: string, body: object) => {
  const { status, body: said, tookMs } = await bench.call(`Egress/${method}`, body);
  return { status, ...(said as { code: string; msg: string }), tookMs };
};

describe('drills', () => {
  test('a job hangs in STARTING and in ENDING until it is let go, killed or stopped', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const faults = bench.standIn.egress?.faults;
    faults?.gates.hold('starting');
    const first = await start(bench);
    const stopped = await start(bench);
    await delay(400);
    expect((await bench.info(first.egress_id)).status).toBe('EGRESS_STARTING');
    const aborted = await bench.ok('Egress/StopEgress', { egress_id: stopped.egress_id });
    expect(aborted).toMatchObject({ status: 'EGRESS_ABORTED', error: 'Start signal not received' });
    faults?.gates.open('starting');
    await bench.follow(first, 'EGRESS_ACTIVE');
    faults?.gates.hold('ending');
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    await delay(400);
    const again = await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    expect([again.status, again['file_results']]).toEqual([
      'EGRESS_ENDING',
      [expect.objectContaining({ location: '' })],
    ]);
    faults?.gates.open('ending');
    await bench.follow(again, 'EGRESS_COMPLETE');
  });

  test('a lost worker leaves the row ACTIVE for ever, nobody in the room, and nobody who hears a stop', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const first = await start(bench);
    await bench.follow(first, 'EGRESS_ACTIVE');
    expect(bench.standIn.egress?.faults.orphanOne()).toBe(first.egress_id);
    const stop = await refusal(bench, 'StopEgress', { egress_id: first.egress_id });
    expect(stop).toMatchObject({
      status: 408,
      code: 'deadline_exceeded',
      msg: 'twirp error unknown: request timed out',
    });
    expect(stop.tookMs).toBeGreaterThan(50);
    const update = { egress_id: first.egress_id, add_output_urls: ['rtmp://127.0.0.1/live/x'] };
    expect(await refusal(bench, 'UpdateStream', update)).toMatchObject({
      status: 503,
      code: 'unavailable',
      msg: 'twirp error unknown: no response from servers',
    });
    expect((await bench.info(first.egress_id)).status).toBe('EGRESS_ACTIVE');
    const { participants } = (await bench.ok('RoomService/ListParticipants', { room })) as unknown as {
      participants: { identity: string }[];
    };
    expect(participants.map(({ identity }) => identity)).not.toContain(first.egress_id);
  });

  test('a stop that is not heard changes nothing; the next one is', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const first = await start(bench);
    await bench.follow(first, 'EGRESS_ACTIVE');
    bench.standIn.egress?.faults.armUnheardStop(true);
    expect((await refusal(bench, 'StopEgress', { egress_id: first.egress_id })).status).toBe(408);
    expect((await bench.info(first.egress_id)).status).toBe('EGRESS_ACTIVE');
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    await bench.follow(first, 'EGRESS_COMPLETE');
  });

  test('a session ends at its limit, by drill and by itself, with its file', async () => {
    const limited = await openBench({ hasFfmpeg: true, standIn: { sessionLimitMs: 3_000 } }); // it records by then, on a busy machine too
    const byItself = await start(limited);
    const bench = await openBench({ hasFfmpeg: true });
    const byDrill = await start(bench);
    await bench.follow(byDrill, 'EGRESS_ACTIVE');
    await delay(300);
    expect(bench.standIn.egress?.faults.endOne()).toBe(byDrill.egress_id);
    for (const [where, one] of [
      [limited, byItself],
      [bench, byDrill],
    ] as const) {
      const last = (await where.follow(one, 'EGRESS_LIMIT_REACHED')).at(-1);
      expect(last).toMatchObject({
        error: 'Session limit reached',
        error_code: 413,
        details: 'End reason: Session limit reached',
        file_results: [{ location: expect.stringMatching(/mix\.ogg$/) as string }],
      });
    }
  });

  test('an older server does not know StartEgress', async () => {
    const bench = await openBench();
    bench.standIn.hasV2 = false;
    const body = { room_name: room, template: { layout: 'grid' }, outputs: [{ file: { filepath: 'x' } }] };
    expect(await refusal(bench, 'StartEgress', body)).toMatchObject({
      status: 404,
      code: 'bad_route',
      msg: 'no handler for path "/twirp/livekit.Egress/StartEgress"',
      meta: { twirp_invalid_route: 'POST /twirp/livekit.Egress/StartEgress' },
    });
    bench.standIn.hasV2 = true;
    expect((await bench.call('Egress/StartEgress', body)).status).toBe(200);
  });
});

describe('beside the calls', () => {
  test('auto egress begins with the room, with each person, with each track, and never on a room that is there', async () => {
    const bench = await openBench({ hasFfmpeg: true, people: [], plan: (show) => show.plan(4_000, 'join', 'ada') });
    const create = (name: string, egress: object): Promise<Info> =>
      bench.ok('RoomService/CreateRoom', { name, egress });
    const list = async (): Promise<readonly Info[]> =>
      (await bench.ok('Egress/ListEgress', {}))['items'] as readonly Info[];
    await create(room, { tracks: { filepath: 'ignored' } }); // the room is there
    await bench.ok('RoomService/DeleteRoom', { room });
    await create(room, {
      room: { layout: 'grid', file_outputs: [{ filepath: 'auto-room' }] },
      tracks: { filepath: '{room_name}/{publisher_identity}.ogg', disable_manifest: true },
      participant: { file_outputs: [{ filepath: 'auto-{publisher_identity}' }] },
    });
    const [composite] = await list();
    expect(composite).toMatchObject({ room_name: room, room_composite: { room_name: room, layout: 'grid' } });
    await expect.poll(async () => (await list()).length).toBe(4);
    const others = (await list()).filter((one) => one.egress_id !== composite?.egress_id);
    for (const one of others) await bench.follow(one, 'EGRESS_ACTIVE');
    await delay(200);
    for (const one of others) await bench.ok('Egress/StopEgress', { egress_id: one.egress_id });
    const files: string[] = [];
    for (const one of others) {
      const done = (await bench.follow(one, 'EGRESS_COMPLETE')).at(-1) as Info;
      files.push((done['file_results'] as { filename: string }[])[0]?.filename ?? '');
    }
    const [audio, video] = [await bench.trackOf('ada'), await bench.trackOf('ada', 'VIDEO')];
    expect(files.sort()).toEqual(['auto-ada.mp4', `stage/ada-${audio}.ogg`, `stage/ada-${video}.webm`].sort());
  });

  test('the page of the worker tells what runs, under the names of egress', async () => {
    const bench = await openBench({ hasFfmpeg: true });
    const { egress } = bench.standIn;
    if (!egress) throw new Error('no egress');
    const page = await openMetricsPage(() => egress.figures(2));
    opened.push(() => page.close());
    const value = async (sample: string): Promise<string | undefined> => {
      const text = await (await fetch(page.url)).text();
      const line = text
        .split('\n')
        .find((one) => one.startsWith(sample.split('{')[0] ?? '') && one.includes(sample.split('{')[1] ?? ''));
      return line?.split(' ').at(-1);
    };
    expect(await value('livekit_egress_available')).toBe('1');
    const first = await start(bench);
    const second = await start(bench, 'StartTrackEgress', {
      room_name: room,
      track_id: await bench.trackOf('ada'),
      file: { filepath: 't' },
    });
    expect(await value('livekit_egress_available')).toBe('0');
    expect(await value('livekit_egress_can_accept_request')).toBe('0');
    expect(await value('livekit_egress_requests{type="room_composite"')).toBe('1');
    expect(await value('livekit_egress_requests{type="track"')).toBe('1');
    for (const one of [first, second]) await bench.follow(one, 'EGRESS_ACTIVE');
    bench.standIn.egress?.faults.killOne();
    expect(await value('livekit_egress_handler_results_total{result="process_error"')).toBe('1');
  });

  test('a layout goes to the recorder and not into the info; an egress has webhooks of its own', async () => {
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
    opened.push(async () => {
      hooks.closeAllConnections();
      hooks.close();
    });
    const url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}/own`;
    const bench = await openBench({ hasFfmpeg: true, timing: { chromeLingerMs: 2_000 } });
    const first = await start(bench, 'StartRoomCompositeEgress', {
      room_name: room,
      layout: 'grid',
      file_outputs: [{ filepath: 'l' }],
      webhooks: [{ url, signing_key: 'devkey' }],
    });
    const active = (await bench.follow(first, 'EGRESS_ACTIVE')).at(-1);
    const changed = await bench.ok('Egress/UpdateLayout', { egress_id: first.egress_id, layout: 'speaker' });
    expect(changed).toMatchObject({ room_composite: { layout: 'grid' }, updated_at: active?.['updated_at'] });
    const metadata = async (): Promise<string | undefined> => {
      const { participants } = (await bench.ok('RoomService/ListParticipants', { room })) as unknown as {
        participants: { identity: string; metadata: string }[];
      };
      return participants.find(({ identity }) => identity === first.egress_id)?.metadata;
    };
    expect(await metadata()).toBe('{"layout":"speaker"}');
    await bench.ok('Egress/StopEgress', { egress_id: first.egress_id });
    await bench.follow(first, 'EGRESS_COMPLETE');
    // Chrome's participant stays for a while after the end: until then a layout is taken.
    expect((await bench.call('Egress/UpdateLayout', { egress_id: first.egress_id, layout: 'grid' })).status).toBe(200);
    await expect.poll(metadata).toBeUndefined();
    expect(await refusal(bench, 'UpdateLayout', { egress_id: first.egress_id, layout: 'grid' })).toMatchObject({
      status: 404,
      msg: 'twirp error unknown: participant does not exist',
    });
    const wanted = ['egress_started', 'egress_updated', 'egress_updated', 'egress_ended'];
    await expect.poll(() => events).toEqual(wanted);
  });
});
