// What a job with a stream needs: the address book, the controller and LiveKit's API over the rehearsal's egress and receivers.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobEgress } from '../../src/core/console/egress-ports.ts';
import { ServerAccess } from '../../src/core/console/server-access.ts';
import { JobController } from '../../src/core/jobs/job-controller.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { createLog } from '../../src/core/live/log.ts';
import { parseEndpoint } from '../../src/core/livekit/endpoint.ts';
import { Incidents } from '../../src/core/observe/incidents.ts';
import { openSettings } from '../../src/core/settings/open-settings.ts';
import { openSecretBox } from '../../src/headless/secrets.ts';
import { type Destinations, openDestinations } from '../../src/rehearsal/destinations/destinations.ts';
import type { Ffmpeg } from '../../src/rehearsal/ffmpeg.ts';
import { type Outputs, programRequest } from '../../src/shared/model/job-request.ts';
import { apiKey, opened, room } from './egress-bench.ts';
import { JobEventRows, JobRows } from './job-stores.ts';

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-destinations-'));
  opened.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** SRT comes with an ffmpeg only. */
export async function openReceivers(ffmpeg: Ffmpeg | null = null): Promise<Destinations> {
  const receivers = await openDestinations({
    ffmpeg,
    filesFolder: tempFolder(),
    decode: async () => ({ words: [] }),
  });
  opened.push(() => receivers.close());
  return receivers;
}

const nothing = (): void => {};
const unwatched = { startAsked: () => ({ began: nothing, refused: nothing }), stopAsked: nothing, listed: nothing };

/** A port where nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

export async function openDesk(url: string) {
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
  const keep = (name: string, address: string) => {
    const kind = address.startsWith('srt:') ? 'srt' : 'rtmp';
    return settings.addresses.save({ name, kind, url: address, followsLayout: false, keep: 'stored' });
  };
  return { server, store, events, lines, keep, openController };
}

/** A job with a stream, and maybe a file beside it; it begins without a destination where none is given. */
export function streamJob(
  controller: JobController,
  serverId: string,
  stream: NonNullable<Outputs['stream']>,
  fileName: string | null = null,
): string {
  const program = programRequest(fileName ?? 'none', '');
  const outputs = { ...program.outputs, file: fileName === null ? null : program.outputs.file, stream };
  const request = { ...program, tracks: 'audio', outputs } as const;
  return controller.start({ serverId, roomName: room, mode: 'egress-only', request }).id;
}
