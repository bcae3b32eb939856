// A stream with several destinations, by the whole way: address book, controller, LiveKit API, the rehearsal's egress and real receivers.
import { expect, test } from 'vitest';
import { findFfmpeg } from '../../src/rehearsal/ffmpeg.ts';
import { openBench } from '../support/egress-bench.ts';
import { playThrough } from '../support/media-check.ts';
import { describeWith, ffmpegPath } from '../support/require.ts';
import { deadPort, openDesk, openReceivers, streamJob } from '../support/stream-desk.ts';

const limit = { timeout: 30_000, interval: 20 };

describeWith('ffmpeg', 'destinations of a running stream', () => {
  test('join and leave it, fail alone, and come back by themselves', async () => {
    const bench = await openBench({ hasFfmpeg: true, timing: { streamRetryMs: 3_000 } });
    const steady = await openReceivers();
    const shaky = await openReceivers();
    const desk = await openDesk(bench.standIn.url);
    const urls = {
      steady: steady.addresses.rtmp[0] ?? '',
      shaky: shaky.addresses.rtmp[0]?.replace('rehearsal-main', 'shaky-secret-key') ?? '',
      dead: `rtmp://127.0.0.1:${await deadPort()}/live/dead-secret-key`,
    };
    const book = {
      steady: await desk.keep('Steady', urls.steady),
      shaky: await desk.keep('Shaky', urls.shaky),
      dead: await desk.keep('Dead', urls.dead),
    };
    let controller = desk.openController();
    const jobId = streamJob(controller, desk.server.id, { protocol: 'rtmp', destinationIds: [book.steady.id] });
    const of = (id: string) => controller.get(jobId).destinations.find((one) => one.id === id);
    const stateOf = (id: string) => of(id)?.state;
    const add = ({ id, url }: { readonly id: string; readonly url: string }) =>
      controller.streams.add(jobId, { addressId: id, protocol: 'rtmp', url });
    const bytesAt = (receivers: typeof steady) => receivers.arrivals()[0]?.bytes ?? 0;

    await expect.poll(() => stateOf(book.steady.id), limit).toBe('live');
    // Added while it is live, a dead one beside it.
    await add(book.shaky);
    await add(book.dead);
    await expect.poll(() => stateOf(book.shaky.id), limit).toBe('live');
    await expect.poll(() => of(book.dead.id)?.tries, limit).toBeGreaterThan(1);
    expect(of(book.dead.id)).toMatchObject({ meaning: 'Nothing listens at its address.' });
    expect(stateOf(book.steady.id)).toBe('live');

    // Its receiver is killed: egress tries by itself, gives it up, and it is added again once it is there.
    await expect.poll(() => bytesAt(shaky), limit).toBeGreaterThan(9_000);
    await shaky.setState('down');
    await expect.poll(() => stateOf(book.shaky.id), limit).toBe('reconnecting');
    expect(of(book.shaky.id)).toMatchObject({ canRetry: false });
    const steadyBytes = bytesAt(steady);
    await expect.poll(() => stateOf(book.shaky.id), limit).toBe('waiting');
    expect(stateOf(book.steady.id)).toBe('live');
    expect(bytesAt(steady)).toBeGreaterThan(steadyBytes);
    await shaky.setState('up');
    await expect.poll(() => stateOf(book.shaky.id), limit).toBe('live');
    expect(shaky.arrivals()[0]).toMatchObject({ isLive: true });

    // The console is ended and opened again: what is wanted and by which address it is taken off are known still.
    await controller.close();
    controller = desk.openController();
    controller.servers.watch(desk.server.id);
    await controller.streams.drop(jobId, book.dead.id);
    await controller.streams.drop(jobId, book.shaky.id);
    await expect.poll(() => [stateOf(book.dead.id), stateOf(book.shaky.id)], limit).toEqual(['dropped', 'dropped']);
    await expect.poll(() => shaky.arrivals()[0]?.isLive, limit).toBe(false);
    expect(stateOf(book.steady.id)).toBe('live');
    controller.stop(jobId);
    await expect.poll(() => controller.get(jobId).phase, limit).toBe('done');
    expect(stateOf(book.steady.id)).toBe('finished');

    const { egressId } = controller.get(jobId).egress ?? {};
    const entries = (await bench.info(egressId ?? ''))['stream_results'] as { url: string; status: string }[];
    expect(entries.filter(({ status }) => status === 'ACTIVE')).toEqual([]); // one added twice would be left so
    const told = JSON.stringify([
      controller.get(jobId),
      [...desk.store.rows.values()],
      desk.events.of(jobId),
      desk.lines,
    ]);
    expect(told).not.toMatch(/(dead|shaky)-secret-key|rehearsal-main/);
  });

  test('an SRT destination is given up at its first error, added again with back-off, and live again', async (context) => {
    const ffmpeg = findFfmpeg({ FFMPEG_PATH: ffmpegPath() });
    if (!ffmpeg?.hasSrt) return context.skip('this ffmpeg has no SRT');
    const bench = await openBench({ hasFfmpeg: true, timing: { srtConnectMs: 1_500 } });
    const receivers = await openReceivers(ffmpeg);
    const desk = await openDesk(bench.standIn.url);
    const url = `${receivers.addresses.srt ?? ''}?streamid=srt-secret`;
    const { id } = await desk.keep('Over the sea', url);
    const controller = desk.openController();
    const jobId = streamJob(controller, desk.server.id, { protocol: 'srt', destinationIds: [id] }, 'beside');
    const destination = () => controller.get(jobId).destinations[0];
    const arrival = () => receivers.arrivals()[0];

    await expect.poll(() => destination()?.state, limit).toBe('live');
    await expect.poll(() => arrival()?.isLive, limit).toBe(true);
    await receivers.setState('down');
    // Nothing connects it again but Cuedesk, each time after a longer wait.
    await expect.poll(() => destination()?.tries, limit).toBeGreaterThan(1);
    await expect.poll(() => destination()?.state, limit).toBe('waiting');
    expect(destination()).toMatchObject({
      meaning: 'Nobody takes the SRT stream there.',
      said: 'Failed to write to SRT socket: Connection does not exist',
      canRetry: true,
    });
    expect(controller.get(jobId).phase).toBe('recording'); // its file goes on
    await receivers.setState('up');
    await expect.poll(() => [destination()?.state, arrival()?.isLive], limit).toEqual(['live', true]);
    expect(arrival()?.connections).toBe(2);

    controller.stop(jobId);
    await expect.poll(() => controller.get(jobId).phase, limit).toBe('done');
    expect(destination()?.state).toBe('finished');
    const story = desk.events.of(jobId);
    expect(story.map(({ told }) => told).join(' ')).toContain('An address is back.');
    const kept = [controller.get(jobId), [...desk.store.rows.values()], story, desk.lines];
    expect(JSON.stringify(kept)).not.toContain('srt-secret');
  });

  test('a receiver that stops reading is told as lost, while the others and the file beside it go on', async () => {
    const bench = await openBench({ hasFfmpeg: true, timing: { streamSilentMs: 1_500, streamRetryMs: 3_000 } });
    const steady = await openReceivers();
    const frozen = await openReceivers();
    const desk = await openDesk(bench.standIn.url);
    const book = {
      steady: await desk.keep('Steady', steady.addresses.rtmp[0] ?? ''),
      frozen: await desk.keep('Frozen', frozen.addresses.rtmp[1] ?? ''),
    };
    const controller = desk.openController();
    const destinationIds = [book.steady.id, book.frozen.id];
    const jobId = streamJob(controller, desk.server.id, { protocol: 'rtmp', destinationIds }, 'beside.mp4');
    const of = (id: string) => controller.get(jobId).destinations.find((one) => one.id === id);
    const bytesAt = (receivers: typeof steady) => receivers.arrivals()[0]?.bytes ?? 0;

    await expect.poll(() => bytesAt(frozen), limit).toBeGreaterThan(20_000);
    await frozen.setState('frozen');
    // It was live until its buffers were full; then egress connects it again, which is accepted and never answered.
    await expect.poll(() => of(book.frozen.id)?.state, limit).toBe('reconnecting');
    expect(of(book.frozen.id)).toMatchObject({ canRetry: false, canDrop: true });
    await expect.poll(() => of(book.frozen.id)?.state, limit).toBe('waiting');
    expect(of(book.frozen.id)).toMatchObject({ meaning: 'It does not answer.', canRetry: true });
    const steadyBytes = bytesAt(steady);
    await expect.poll(() => bytesAt(steady), limit).toBeGreaterThan(steadyBytes);
    expect(of(book.steady.id)).toMatchObject({ state: 'live', said: '' });
    await frozen.setState('up');
    await expect.poll(() => [of(book.frozen.id)?.state, frozen.arrivals()[0]?.isLive], limit).toEqual(['live', true]);

    controller.stop(jobId);
    await expect.poll(() => controller.get(jobId).phase, limit).toBe('done');
    const { egress, files } = controller.get(jobId);
    const egressMs = (egress?.endedAtMs ?? NaN) - (egress?.startedAtMs ?? NaN);
    const { durationMs } = await playThrough(files[0]?.location ?? '');
    expect(Math.abs(durationMs - egressMs)).toBeLessThan(1_000);
  });
});
