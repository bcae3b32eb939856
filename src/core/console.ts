import { join } from 'node:path';
import type { ConsoleContract } from '../shared/contract/index.ts';
import type { Handlers } from '../shared/rpc/contract.ts';
import { CaptionBus } from './audio/caption-bus.ts';
import { CaptionController } from './captions/caption-controller.ts';
import { Attention } from './console/attention.ts';
import { watchBudget } from './console/budget.ts';
import { CaptionAccounts } from './console/caption-accounts.ts';
import { CaptionFeeds } from './console/caption-feeds.ts';
import { tellOfDesk } from './console/desk-incidents.ts';
import { DeskRecordings } from './console/desk-recordings.ts';
import { EgressPages } from './console/egress-pages.ts';
import { jobEgress } from './console/egress-ports.ts';
import { findFfmpeg } from './console/ffmpeg.ts';
import { FileChecks } from './console/file-checks.ts';
import { findRecordings } from './console/found-recordings.ts';
import { consoleHandlers } from './console/handlers.ts';
import { tellOfJob } from './console/job-incidents.ts';
import { jobWatch } from './console/job-watch.ts';
import { tellOfJournal } from './console/journal-trouble.ts';
import { lateFeed } from './console/late-feed.ts';
import { LevelAccess } from './console/level-access.ts';
import { Observability } from './console/observability.ts';
import { measureStart } from './console/planning.ts';
import { RehearsalLink } from './console/rehearsal-link.ts';
import { RoomAccess } from './console/room-access.ts';
import { openRules } from './console/rule-links.ts';
import { runningHere } from './console/running.ts';
import { serverCounts } from './console/server-counts.ts';
import { ServerAccess } from './console/server-access.ts';
import { ServerFollower } from './console/server-follower.ts';
import { tallyOf } from './console/tally.ts';
import type { HostServices, RehearsalConnection } from './host-services.ts';
import { JobHistory } from './jobs/history/job-history.ts';
import { JobController } from './jobs/job-controller.ts';
import { systemClock, type Clock } from './live/clock.ts';
import type { Log } from './live/log.ts';
import { Scope } from './live/scope.ts';
import { parseEndpoint } from './livekit/endpoint.ts';
import { RoomWatchers } from './livekit/rooms/room-watchers.ts';
import { openMediaPlane } from './media-plane/media-plane.ts';
import { Incidents } from './observe/incidents.ts';
import { LimitBook } from './observe/limits.ts';
import { StartTimes } from './observe/start-times.ts';
import { SystemWatch } from './observe/system-state.ts';
import { openSettings } from './settings/open-settings.ts';
import { rehearsalId } from './settings/server-book.ts';
import { openJournal } from './store/journal.ts';

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

/** LiveKit Cloud allows 1,000 API requests a minute; half of them are left to others. A server of one's own has no such limit. */
const cloudRequestsPerMinute = 500;

/** The composition root: builds every part, joins them, and hands out the answers to the page. The only file that knows all parts. */
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
    // What survives: journal and settings. Closed last, since everything else writes to them.
    const journal = owner.use('journal', openJournal({ folder: dataFolder, log, clock }));
    const defaultRecordingsFolder = options.recordingsFolder ?? join(dataFolder, 'recordings');
    const opened = owner.use(
      'settings',
      await openSettings({
        folder: dataFolder,
        box: host.secrets,
        defaultRecordingsFolder,
        rehearsal: connection,
        readUrl: parseEndpoint,
        clock,
        log,
      }),
    );
    const { settings, servers, shows, figures, addresses, storages } = opened;
    const recordingsFolder = (): string => settings.settings.value.recordingsFolder;
    const incidents = new Incidents({ store: journal.incidents, clock });
    for (const problem of [journal.problem, ...opened.problems])
      if (problem) incidents.addProblem(problem, { kind: 'file' });
    owner.add('journal trouble', tellOfJournal(journal, incidents));
    const limits = new LimitBook({
      store: journal.limits,
      kindOf: (serverId) => servers.find(serverId)?.kind ?? null,
      sessionsOf: (serverId) => figures.of(serverId),
      clock,
    });
    const starts = new StartTimes(journal.values, log);
    const plane = owner.use(
      'media plane',
      await openMediaPlane({ log, allowedOrigins: options.allowedOrigins, clock }),
    );

    const observability = owner.use(
      'observability',
      new Observability({
        settings: opened.observability,
        isForced: options.hasMetrics === true,
        servers: () => serverCounts(servers, rooms),
        captionSessions: () => captionsRunning(),
        isJournalWritten: () => journal.trouble.value === null,
        diskLastsMs: () => systemWatch.state.value.diskLastsMs,
        onProblem: (problem) => incidents.addProblem(problem, { kind: 'settings' }),
        clock,
        log,
      }),
    );

    // How servers and their rooms are reached.
    const watcherOf = (serverId: string) => observability.watcherOf(serverId);
    const access = owner.use('server access', new ServerAccess({ servers, watcherOf, clock, log }));
    const roomAccess = owner.use(
      'room access',
      new RoomAccess({
        access,
        rtcChild: options.programs.rtcChild,
        rehearsal: connection,
        fork: (program, fork) => host.forkNode(program, fork),
        onLinkChanged: (serverId) => refresh(serverId),
        clock,
        log,
      }),
    );
    const openDirectFeed = (serverId: string, roomName: string) => roomAccess.openDirectFeed(serverId, roomName);
    const rooms: RoomWatchers = owner.use(
      'rooms',
      new RoomWatchers({
        apiOf: (serverId) => access.api(serverId),
        eventsOf: (serverId, roomName) => roomAccess.find(serverId, roomName),
        tallyOf: (serverId, roomName) => {
          const people = rooms.people(serverId, roomName) ?? [];
          return tallyOf(roomName, people, jobs.jobs(serverId).value.jobs, captions.sessions(serverId).value);
        },
        requestsPerMinuteOf: (serverId) =>
          servers.find(serverId)?.kind === 'cloud' ? cloudRequestsPerMinute : Infinity,
        clock,
        log,
      }),
    );
    const peopleOf = (serverId: string, roomName: string): readonly string[] =>
      (rooms.people(serverId, roomName) ?? []).map((person) => person.identity);
    const levels = owner.use('levels', new LevelAccess({ plane, openFeed: openDirectFeed, peopleOf, clock, log }));

    // Recording.
    const desk = new DeskRecordings({
      openFeed: openDirectFeed,
      recordingsFolder,
      ...tellOfDesk(incidents),
      clock,
      log,
    });
    const found = await findRecordings(recordingsFolder(), { incidents, clock, log });
    const pages = owner.use('egress pages', new EgressPages({ figures, servers, limits, clock, log }));
    const fileChecks = owner.use('file checks', new FileChecks({ storages, incidents, clock, log }));
    const jobs: JobController = owner.use(
      'jobs',
      new JobController({
        store: journal.jobs,
        egressOf: pages.explaining(jobEgress({ servers, access, addresses, storages, incidents })),
        twinOf: (addressId) => addresses.find(addressId)?.url ?? null,
        events: journal.jobEvents,
        desk,
        found: found.recordings,
        onNotice: (job, notice) => {
          tellOfJob(job, notice, incidents, limits);
          if (notice.do === 'tellRefusal') observability.refused(job.refusal?.problem.code ?? 'unknown');
        },
        onPhase: (job, from) => {
          observability.jobChanged(job, from);
          measureStart(starts, job, from);
          fileChecks.jobChanged(job);
        },
        onPresence: (serverId, egress) => servers.setEgress(serverId, egress),
        ...jobWatch(incidents, { access, rooms, openFeed: openDirectFeed, scope: owner, clock, log }),
        clock,
        log,
      }),
    );
    await found.forget();

    // Captions.
    const feeds = owner.use(
      'caption feeds',
      new CaptionFeeds({
        access,
        rooms,
        openDirectFeed,
        socketHost: () => settings.settings.value.socketHost,
        clock,
        log,
      }),
    );
    const accounts = new CaptionAccounts({ servers, settings });
    const captions: CaptionController = owner.use(
      'captions',
      new CaptionController({
        store: observability.counting(journal.captions),
        makeFeed: (serverId, roomName, kind) => lateFeed(kind, () => feeds.open(serverId, roomName, kind), log),
        makeBus: (setup) => new CaptionBus(setup),
        gladia: (serverId) => accounts.of(serverId),
        onIncident: (incident) => incidents.put(incident),
        clock,
        log,
      }),
    );

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

    const serverIds = (): readonly string[] => servers.servers.value.servers.map((server) => server.id);
    const captionsRunning = (): number =>
      serverIds()
        .flatMap((id) => captions.sessions(id).value)
        .filter((session) => session.state !== 'ended').length;
    const running = (): readonly string[] => {
      const ids = serverIds();
      return runningHere(
        ids.flatMap((id) => jobs.jobs(id).value.jobs),
        ids.flatMap((id) => captions.sessions(id).value),
      );
    };
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
      ffmpeg: await findFfmpeg(log),
      settings,
      servers,
      shows,
      access,
      addresses,
      storages,
      fileChecks,
      rooms,
      jobs,
      history: new JobHistory(journal.jobSearch, journal.jobEvents),
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
    return { handlers, running, metricsUrl: observability.state.value.url, close: () => owner.close() };
  }
}
