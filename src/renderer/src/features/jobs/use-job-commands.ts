import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { AutoStop, JobMode } from '../../../../shared/model/job.ts';
import { isRunning } from '../../../../shared/model/job.ts';
import { programRequest, type JobRequest } from '../../../../shared/model/job-request.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { Api } from '../../api.ts';
import { useApi } from '../../api-context.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { endsWith } from './job-words.ts';
import { closeJobsDialog, jobsView } from './jobs-view.ts';

const deafMs = 1_000; // a second press within 1 s starts nothing (console.md, Safety), by whatever way it comes
export const undoMs = 5_000;

export const usualRequest = programRequest('{room_name}-{time}.mp4');
export const soundRequest: JobRequest = { kind: 'room-sound' };

export interface StartOrder {
  readonly mode: JobMode;
  readonly request: JobRequest;
  /** Left out, or empty as of a web page: the room that is open. */
  readonly roomName?: string;
  /** Left out: the usual one. */
  readonly title?: string;
  /** Left out: at once. */
  readonly startAtMs?: number;
  /** What ends it by itself; left out: nothing. */
  readonly autoStop?: AutoStop;
}

let lastStartAtMs = -Infinity;

async function startJob(api: Api, order: StartOrder): Promise<void> {
  const serverId = serversStore.getState().chosenId;
  const roomName = order.roomName || roomsStore.getState().chosenName;
  if (serverId === null || roomName === null) return;
  if (performance.now() - lastStartAtMs < deafMs || jobsView.getState().startingAtMs !== null) return;
  lastStartAtMs = performance.now();
  jobsView.setState({ startingAtMs: Date.now(), problem: null });
  try {
    await api.run((core) => core.startJob({ serverId, ...order, roomName }));
    if (jobsView.getState().dialog?.name === 'start') closeJobsDialog();
  } catch (error) {
    jobsView.setState({ problem: problemOf(error) });
  } finally {
    jobsView.setState({ startingAtMs: null });
  }
}

/** Starts in the chosen room, or the one that the order names. What went wrong is kept in the jobs view; a second call within 1 s does nothing. */
export function useStartJob(): (order: StartOrder) => void {
  const api = useApi();
  return (order) => void startJob(api, order);
}

/** Stops one job, and with it whatever takes part in its hand-over at this moment. Rejects with a ProblemError. */
export function useStopJob(): (jobId: string) => Promise<void> {
  const api = useApi();
  return async (jobId) => {
    const { jobs } = jobsStore.getState();
    const job = jobs.find(({ id }) => id === jobId);
    const ids = job ? endsWith(job, jobs).map(({ id }) => id) : [jobId];
    await Promise.all(ids.map((id) => api.run((core) => core.stopJob({ jobId: id }))));
  };
}

/** Begins the 5 s in which a stop of several can still be taken back. Nothing is sent in them. */
export function beginStopAll(jobIds: readonly string[]): void {
  if (jobIds.length > 0) jobsView.setState({ stopAll: { jobIds, sendAtMs: Date.now() + undoMs }, problem: null });
}

export const undoStopAll = (): void => jobsView.setState({ stopAll: null });

/** Sends the stop of all once its 5 s have passed, or the page goes before: what was held and not taken back happens. Mounted once, in the panel. */
export function useStopAllSender(): void {
  const api = useApi();
  const pending = useStore(jobsView, (state) => state.stopAll);
  useEffect(() => {
    if (pending === null) return;
    const send = (): void => {
      jobsView.setState({ stopAll: null });
      const running = new Set(
        jobsStore
          .getState()
          .jobs.filter(isRunning)
          .map((job) => job.id),
      );
      for (const jobId of pending.jobIds.filter((id) => running.has(id)))
        api
          .run((core) => core.stopJob({ jobId }))
          .catch((error: unknown) => jobsView.setState({ problem: problemOf(error) }));
    };
    const timer = setTimeout(send, pending.sendAtMs - Date.now());
    addEventListener('pagehide', send);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', send);
    };
  }, [api, pending]);
}
