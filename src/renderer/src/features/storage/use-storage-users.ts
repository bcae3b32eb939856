import { useStore } from 'zustand';
import { isRunning } from '../../../../shared/model/job.ts';
import { idsOf } from '../../../../shared/model/request-ids.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { showsStore } from '../../stores/shows.ts';

/** Who uses a storage: jobs of the chosen server that run, and shows. */
export function useStorageUsers(): (storageId: string) => readonly string[] {
  const jobs = useStore(jobsStore, (state) => state.jobs);
  const shows = useStore(showsStore, (state) => state.shows);
  return (storageId) => [
    ...jobs
      .filter((job) => isRunning(job) && idsOf(job.request).storageIds.includes(storageId))
      .map((job) => job.title),
    ...shows
      .filter((show) => show.jobs.some((job) => idsOf(job.request).storageIds.includes(storageId)))
      .map((show) => show.name),
  ];
}
