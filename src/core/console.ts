import { join } from 'node:path';
import type { ConsoleContract } from '../shared/contract/index.ts';
import type { Handlers } from '../shared/rpc/contract.ts';
import { Attention } from './console/attention.ts';
import { watchBudget } from './console/budget.ts';
import { openCaptioning, type Captioning } from './console/captioning.ts';
import { findFfmpeg } from './console/ffmpeg.ts';
import { consoleHandlers } from './console/handlers.ts';
import { openKept } from './console/kept.ts';
import { openKeptPlane } from './console/kept-plane.ts';
import { Observability } from './console/observability.ts';
import { openRecording, type Recording } from './console/recording.ts';
import { RehearsalLink } from './console/rehearsal-link.ts';
import { openRooms, type Rooms } from './console/rooms.ts';
import { openRules } from './console/rule-links.ts';
import { captionsRunning, runningHere } from './console/running.ts';
import { serverCounts } from './console/server-counts.ts';
import { ServerFollower } from './console/server-follower.ts';
import type { HostServices, RehearsalConnection } from './host-services.ts';
import type { WatchTiming } from './jobs/watch/timing.ts';
import { systemClock, type Clock } from './live/clock.ts';
import type { Log } from './live/log.ts';
import { Scope } from './live/scope.ts';
import { SystemWatch } from './observe/system-state.ts';
import { rehearsalId } from './settings/server-book.ts';

export interface ConsoleOptions {
  readonly dataFolder: string;
  /** Where recordings made here go until the producer says otherwise; left out: a folder in the data folder. */
  readonly recordingsFolder?: string;
  /** Absolute paths of the built programs that are forked. */
  readonly programs: { readonly rtcChild: string };
  readonly host: HostServices;
  readonly rehearsal: RehearsalConnection | null;
  /** Origins of the host's own pages: the media plane answers no other page. */
  readonly allowedOrigins: readonly string[];
  /** Choose the saved server of this address at the start; null: the one chosen last. */
  readonly serverUrl: string | null;
  /** Serve the metrics of the console on the loopback address. */
  readonly hasMetrics?: boolean;
  readonly clock?: Clock;
  /** Other times of the watchdogs than the measured ones. */
  readonly watchTiming?: Partial<WatchTiming>;
  readonly log: Log;
}

export interface Console {
  readonly handlers: Handlers<ConsoleContract>;
  /** Null where they are off. */
  readonly metricsUrl: string | null;
  /** What would end here if the console closed now, a line each: "Recording of town-hall". Empty: nothing would. */
  running(): readonly string[];
  close(): Promise<void>;
}

/** The composition root: opens one subject after the other, joins them, and hands out the answers to the page. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const { dataFolder, host, log } = options;
  const clock = options.clock ?? systemClock;
  const scope = new Scope('console', {
    onError: (error, name) => log.error('A part of the console failed', { name }, error),
  });
  try {
    return await build({ ...options, clock }, scope);
  } catch (error) {
    await scope.close();
    throw error;
  }

  async function build({ rehearsal: connection }: ConsoleOptions, owner: Scope): Promise<Console> {
    const kept = await openKept(owner, { ...options, clock });
    const { journal, opened, incidents, limits, starts, recordingsFolder } = kept;
    const { settings, servers, shows, figures, addresses, storages } = opened;
    const plane = owner.use(
      'media plane',
      await openKeptPlane(journal.values, { log, allowedOrigins: options.allowedOrigins, clock }),
    );
    const observability = owner.use(
      'observability',
      new Observability({
        settings: opened.observability,
        isForced: options.hasMetrics === true,
        servers: () => serverCounts(servers, rooms),
        captionSessions: () => captionsRunning({ servers, jobs, captions }),
        isJournalWritten: () => journal.trouble.value === null,
        diskLastsMs: () => systemWatch.state.value.diskLastsMs,
        onProblem: (problem) => incidents.addProblem(problem, { kind: 'settings' }),
        clock,
        log,
      }),
    );

    const reached: Rooms = openRooms(owner, {
      servers,
      watcherOf: (serverId) => observability.watcherOf(serverId),
      plane,
      rtcChild: options.programs.rtcChild,
      rehearsal: connection,
      host,
      jobsOf: (serverId) => jobs.jobs(serverId).value.jobs,
      captionsOf: (serverId) => captions.sessions(serverId).value,
      onLinkChanged: (serverId) => refresh(serverId),
      clock,
      log,
    });
    const { access, rooms, levels } = reached;
    const parts = { ...kept, ...reached, observability, clock, log };
    const ffmpeg = await findFfmpeg(log);
    const { jobs, history, desk, pages, fileChecks }: Recording = await openRecording(owner, {
      ...parts,
      ffmpegPath: ffmpeg.found?.path ?? null,
      watchTiming: options.watchTiming,
    });
    const { captions, accounts }: Captioning = openCaptioning(owner, parts);

    const systemWatch = owner.use(
      'system',
      new SystemWatch({
        recordingsFolder,
        writtenBytes: () => desk.writtenBytes(),
        onWoke: () => captions.wokeUp(),
        clock,
        log,
      }),
    );
    owner.add(
      'disk limits',
      systemWatch.state.on(({ diskFreeBytes, diskLastsMs }) =>
        limits.setDisk({ freeBytes: diskFreeBytes, lastsMs: diskLastsMs }),
      ),
    );
    const rehearsal = new RehearsalLink({ connection, clock, log });
    owner.spawn('rehearsal', (signal) => rehearsal.run(signal));
    const running = (): readonly string[] => runningHere({ servers, jobs, captions });
    const attention = owner.use('attention', new Attention({ host, incidents, running }));
    function refresh(serverId: string): void {
      rooms.refresh(serverId);
      levels.refresh(serverId);
      attention.refresh();
    }

    const follower = owner.use(
      'servers',
      new ServerFollower({ servers, access, rooms, jobs, captions, limits, plane, observability, refresh, clock, log }),
    );
    owner.use('budget', watchBudget({ servers, jobs, captions, figures, limits, incidents, clock, log }));
    if (connection)
      owner.spawn('rehearsal webhooks', (signal) => rehearsal.sendWebhooksTo(follower.webhookUrl(rehearsalId), signal));
    const wanted = servers.servers.value.servers.find((server) => server.url === options.serverUrl);
    if (wanted) await servers.choose(wanted.id);

    const ruled = { store: journal.rules, servers, rooms, jobs, limits, incidents, clock, log };
    const rules = owner.use('rules', openRules(ruled));
    await observability.apply();

    const handlers = consoleHandlers({
      host,
      dataFolder,
      logsFolder: join(dataFolder, 'logs'),
      ffmpeg,
      settings,
      servers,
      shows,
      access,
      addresses,
      storages,
      fileChecks,
      rooms,
      jobs,
      history,
      rules,
      limits,
      starts,
      figures,
      pages,
      captions,
      accounts,
      levels,
      plane,
      incidents,
      systemWatch,
      rehearsal,
      observability,
      observabilitySettings: opened.observability,
      clock,
      log,
    });
    owner.add('waiting jobs', () => jobs.holdWaiting()); // first of all: nothing falls due while the others end
    return {
      handlers,
      running,
      metricsUrl: observability.state.value.url,
      close: () => owner.close(),
    };
  }
}
