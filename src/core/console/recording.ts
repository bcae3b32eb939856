import { JobHistory } from '../jobs/history/job-history.ts';
import { JobController } from '../jobs/job-controller.ts';
import type { WatchTiming } from '../jobs/watch/timing.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import { tellOfDesk } from './desk-incidents.ts';
import { DeskRecordings } from './desk-recordings.ts';
import { EgressPages } from './egress-pages.ts';
import { jobEgress } from './egress-ports.ts';
import { FileChecks } from './file-checks.ts';
import { findRecordings, foldersToLookThrough } from './found-recordings.ts';
import { isServerHere } from './here.ts';
import { tellOfJob, tellOfUnreadable } from './job-incidents.ts';
import { jobWatch } from './job-watch.ts';
import type { Kept } from './kept.ts';
import type { Observability } from './observability.ts';
import { measureStart } from './planning.ts';
import type { Rooms } from './rooms.ts';
import { rolesOf } from './storage-roles.ts';

export interface Recording {
  readonly jobs: JobController;
  readonly history: JobHistory;
  readonly desk: DeskRecordings;
  readonly pages: EgressPages;
  readonly fileChecks: FileChecks;
}

/** Recording: jobs at servers and here, what a kill left unfinished, the workers' pages, and what became of files. */
export async function openRecording(
  scope: Scope,
  parts: Kept &
    Pick<Rooms, 'access' | 'rooms' | 'heard' | 'openReturningFeed'> & {
      readonly observability: Observability;
      /** Null where there is none. */
      readonly ffmpegPath: string | null;
      readonly watchTiming?: Partial<WatchTiming> | undefined;
      readonly clock: Clock;
      readonly log: Log;
    },
): Promise<Recording> {
  const { journal, opened, incidents, limits, starts, recordingsFolder, observability, clock, log } = parts;
  const { servers, figures, addresses, storages } = opened;
  const { access, openReturningFeed } = parts;
  const desk = new DeskRecordings({
    openFeed: openReturningFeed,
    recordingsFolder,
    ...tellOfDesk(incidents),
    clock,
    log,
  });
  const found = await findRecordings(foldersToLookThrough(recordingsFolder(), journal.jobs), { incidents, clock, log });
  const pages = scope.use('egress pages', new EgressPages({ figures, servers, limits, clock, log }));
  const roles = rolesOf(storages, scope);
  const fileChecks = scope.use(
    'file checks',
    new FileChecks({
      storages,
      roles,
      serverOf: (serverId) => servers.find(serverId),
      store: journal.fileChecks,
      incidents,
      clock,
      log,
    }),
  );
  const jobs = scope.use(
    'jobs',
    new JobController({
      store: journal.jobs,
      egressOf: pages.explaining(jobEgress({ servers, access, addresses, storages, incidents })),
      twinOf: (addressId) => addresses.find(addressId)?.url ?? null,
      isServerHere: (serverId) => isServerHere(servers.find(serverId)),
      events: journal.jobEvents,
      desk,
      found: found.recordings,
      onSetAside: (row) => tellOfUnreadable(row, incidents),
      onNotice: (job, notice) => {
        tellOfJob(job, notice, incidents, limits, (addressId) => addresses.find(addressId)?.name ?? null);
        if (notice.do === 'tellRefusal') observability.refused(job.refusal?.problem.code ?? 'unknown');
      },
      onPhase: (job, from) => {
        observability.jobChanged(job, from);
        measureStart(starts, job, from);
        fileChecks.jobChanged(job);
      },
      onPresence: (serverId, egress) => servers.setEgress(serverId, egress),
      ...jobWatch(incidents, { ...parts, servers, storages, roles, openFeed: openReturningFeed, scope }),
      clock,
      log,
    }),
  );
  const history = new JobHistory(journal.jobSearch, journal.jobEvents, journal.fileChecks, (serverId) =>
    isServerHere(servers.find(serverId)),
  );
  fileChecks.goOn((jobId) => jobs.find(jobId) ?? history.job(jobId));
  await found.forget();
  return { jobs, history, desk, pages, fileChecks };
}
