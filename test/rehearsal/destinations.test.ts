// A stream with several destinations, by the whole way: address book, controller, LiveKit API, the rehearsal's egress and real receivers.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jobEgress } from '../../src/core/console/egress-ports.ts';
import { ServerAccess } from '../../src/core/console/server-access.ts';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { openSettings } from '../../src/core/settings/open-settings.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { openDestinations } from '../../src/rehearsal/destinations/destinations.ts';
import type { JobDestination } from '../../src/shared/model/job-destination.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { apiKey, openBench, opened, room } from '../support/egress-bench.ts';
import { JobEventRows, JobRows } from '../support/job-stores.ts';
import { describeWith } from '../support/require.ts';

const limit = { timeout: 15_000, interval: 20 };

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-destinations-'));
  opened.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function openReceivers() {
  const receivers = await openDestinations({
    ffmpeg: null,
    filesFolder: tempFolder(),
    decode: async () => ({ words: [] }),
  });
  opened.push(() => receivers.close());
  return receivers;
}

const nothing = (): void => {};
const unwatched = { startAsked: () => ({ began: nothing, refused: nothing }), stopAsked: nothing, listed: nothing };

/** A port where nobody listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function openDesk(url: string) {
  const lines: string[] = [];
  const log = createLog((line) => void lines.push(line), { level: 'debug' });
  const settings = await openSettings({
    folder: tempFolder(),
    box: openSecretBox('a passphrase'),
    defaultRecordingsFolder: tempFolder(),
    rehearsal: null,
    readUrl: parseEndpoint,
    clock: systemClock,
    log,
  });
  const server = await settings.servers.save({
    name: 'Bench',
    url,
    apiKey: apiKey.key,
    apiSecret: apiKey.secret,
    keep: 'this-run',
  });
  const access = new ServerAccess({ servers: settings.servers, watcherOf: () => unwatched, clock: systemClock, log });
  const incidents = new Incidents({ clock: systemClock });
  const store = new JobRows();
  const events = new JobEventRows();
  const openController = (): JobController => {
    const controller = new JobController({
      store,
      events,
      egressOf: jobEgress({ ...settings, access, incidents }),
      twinOf: (id) => settings.addresses.find(id)?.url ?? null,
      desk: { open: () => Promise.reject(new Error('the desk is not asked')) as never },
      found: [],
      onNotice: () => {},
      onPhase: () => {},
      onPresence: () => {},
      // The same order of waits as in a show, shortened like those of the egress below.
      streamTiming: {
        provenAfterMs: 900,
        reconnectMs: 1_200,
        steadyAfterMs: 60_000,
        unsureMs: 500,
        againAfterMs: [300, 600, 1_000],
      },
      clock: systemClock,
      log,
    });
    opened.push(() => controller.close());
    return controller;
  };
  opened.push(async () => {
    await access.close();
    await settings.close();
  });
  return { settings, server, store, events, lines, openController };
}

describeWith('ffmpeg', 'destinations of a running stream', () => {
  test('join and leave it, fail alone, and come back by themselves', { timeout: 60_000 }, async () => {
    const bench = await openBench({ hasFfmpeg: true, timing: { streamRetryMs: 1_000 } });
    const steady = await openReceivers();
    const shaky = await openReceivers();
    const desk = await openDesk(bench.standIn.url);
    const { addresses } = desk.settings;
    const keep = (name: string, url: string) =>
      addresses.save({ name, kind: 'rtmp', url, followsLayout: false, keep: 'stored' });
    const urls = {
      steady: steady.addresses.rtmp[0] ?? '',
      shaky: shaky.addresses.rtmp[0]?.replace('rehearsal-main', 'shaky-secret-key') ?? '',
      dead: `rtmp://127.0.0.1:${await deadPort()}/live/dead-secret-key`,
    };
    const book = {
      steady: await keep('Steady', urls.steady),
      shaky: await keep('Shaky', urls.shaky),
      dead: await keep('Dead', urls.dead),
    };
    let controller = desk.openController();
    const program = programRequest('run');
    const job = controller.start({
      serverId: desk.server.id,
      roomName: room,
      mode: 'egress-only',
      request: {
        ...program,
        layout: '',
        tracks: 'audio',
        outputs: { ...program.outputs, stream: { protocol: 'rtmp', destinationIds: [book.steady.id] } },
      },
    });
    const all = (): readonly JobDestination[] => controller.get(job.id).destinations;
    const of = (id: string) => all().find((one) => one.id === id);
    const stateOf = (id: string) => of(id)?.state;
    const add = ({ id, url }: { readonly id: string; readonly url: string }) =>
      controller.streams.add(job.id, { addressId: id, protocol: 'rtmp', url });
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
    controller.watch(desk.server.id);
    await controller.streams.drop(job.id, book.dead.id);
    await controller.streams.drop(job.id, book.shaky.id);
    await expect.poll(() => [stateOf(book.dead.id), stateOf(book.shaky.id)], limit).toEqual(['dropped', 'dropped']);
    await expect.poll(() => shaky.arrivals()[0]?.isLive, limit).toBe(false);
    expect(stateOf(book.steady.id)).toBe('live');
    controller.stop(job.id);
    await expect.poll(() => controller.get(job.id).phase, limit).toBe('done');
    expect(stateOf(book.steady.id)).toBe('finished');

    const { egressId } = controller.get(job.id).egress ?? {};
    const entries = (await bench.info(egressId ?? ''))['stream_results'] as { url: string; status: string }[];
    expect(entries.filter(({ status }) => status === 'ACTIVE')).toEqual([]); // one added twice would be left so
    const told = JSON.stringify([
      controller.get(job.id),
      [...desk.store.rows.values()],
      desk.events.of(job.id),
      desk.lines,
    ]);
    expect(told).not.toMatch(/(dead|shaky)-secret-key|rehearsal-main/);
  });
});
