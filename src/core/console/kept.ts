import { join } from 'node:path';
import type { HostServices, RehearsalConnection } from '../host-services.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import { parseEndpoint } from '../livekit/endpoint.ts';
import { Incidents } from '../observe/incidents.ts';
import { LimitBook } from '../observe/limits.ts';
import { StartTimes } from '../observe/start-times.ts';
import { openSettings, type OpenedSettings } from '../settings/open-settings.ts';
import { openJournal, type Journal } from '../store/journal.ts';
import { tellOfJournal } from './journal-trouble.ts';

export interface Kept {
  readonly journal: Journal;
  readonly opened: OpenedSettings;
  readonly incidents: Incidents;
  readonly limits: LimitBook;
  readonly starts: StartTimes;
  readonly recordingsFolder: () => string;
}

/** What survives the console, journal and settings, and what is read from them. Closed last: everything else writes to them. */
export async function openKept(
  scope: Scope,
  options: {
    readonly dataFolder: string;
    readonly recordingsFolder?: string | undefined;
    readonly host: HostServices;
    readonly rehearsal: RehearsalConnection | null;
    readonly clock: Clock;
    readonly log: Log;
  },
): Promise<Kept> {
  const { dataFolder, host, rehearsal, clock, log } = options;
  const journal = scope.use('journal', openJournal({ folder: dataFolder, log, clock }));
  const opened = scope.use(
    'settings',
    await openSettings({
      folder: dataFolder,
      box: host.secrets,
      defaultRecordingsFolder: options.recordingsFolder ?? join(dataFolder, 'recordings'),
      rehearsal,
      readUrl: parseEndpoint,
      clock,
      log,
    }),
  );
  const { settings, servers, figures } = opened;
  const incidents = new Incidents({ store: journal.incidents, clock });
  for (const problem of [journal.problem, ...opened.problems])
    if (problem) incidents.addProblem(problem, { kind: 'file' });
  scope.add('journal trouble', tellOfJournal(journal, incidents));
  const limits = new LimitBook({
    store: journal.limits,
    kindOf: (serverId) => servers.find(serverId)?.kind ?? null,
    sessionsOf: (serverId) => figures.of(serverId),
    clock,
  });
  const starts = new StartTimes(journal.values, log);
  const recordingsFolder = (): string => settings.settings.value.recordingsFolder;
  return { journal, opened, incidents, limits, starts, recordingsFolder };
}
