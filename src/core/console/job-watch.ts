import type { JobControllerOptions } from '../jobs/job-controller.ts';
import type { Incidents } from '../observe/incidents.ts';
import { tellOfAbsence, tellOfWarnings } from './job-incidents.ts';
import { RoomsForJobs, type RoomFactsOptions } from './room-facts.ts';

/** What the watchdogs of jobs know of rooms, and where they tell what they find. */
export function jobWatch(
  incidents: Incidents,
  options: RoomFactsOptions,
): Pick<JobControllerOptions, 'roomFacts' | 'onWarnings' | 'onBack'> {
  const rooms = new RoomsForJobs(options);
  return {
    roomFacts: (job) => rooms.of(job),
    onWarnings: (job) => tellOfWarnings(job, incidents),
    onBack: (...absence) => tellOfAbsence(incidents, ...absence),
  };
}
