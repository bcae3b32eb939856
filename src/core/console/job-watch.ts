import type { JobControllerOptions } from '../jobs/job-controller-options.ts';
import { watchTiming, type WatchTiming } from '../jobs/watch/timing.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { ServerBook } from '../settings/server-book.ts';
import { isServerHere } from './here.ts';
import { tellOfAbsence, tellOfWarnings } from './job-incidents.ts';
import { OutputWatch, type OutputWatchOptions } from './output-watch.ts';
import { RoomsForJobs, type RoomFactsOptions } from './room-facts.ts';

interface JobWatchOptions
  extends Omit<RoomFactsOptions, 'recordersEveryMs'>, Pick<OutputWatchOptions, 'storages' | 'roles' | 'ffmpegPath'> {
  readonly servers: Pick<ServerBook, 'find'>;
  /** In place of the measured times. */
  readonly watchTiming?: Partial<WatchTiming> | undefined;
}

/** What the watchdogs of jobs know of rooms and outputs, and where they tell what they find. */
export function jobWatch(
  incidents: Incidents,
  options: JobWatchOptions,
): Pick<JobControllerOptions, 'roomFacts' | 'outputFacts' | 'watchTiming' | 'onWarnings' | 'onBack'> {
  const timing = { ...watchTiming, ...options.watchTiming };
  const rooms = new RoomsForJobs({ ...options, recordersEveryMs: timing.recordersEveryMs });
  const isHere = (serverId: string): boolean => isServerHere(options.servers.find(serverId));
  const outputs = new OutputWatch({ ...options, isHere, everyMs: timing.outputsEveryMs });
  return {
    roomFacts: (job, isAskedFor) => rooms.of(job, isAskedFor),
    outputFacts: (job) => outputs.of(job),
    watchTiming: timing,
    onWarnings: (job) => tellOfWarnings(job, incidents),
    onBack: (...absence) => tellOfAbsence(incidents, ...absence),
  };
}
