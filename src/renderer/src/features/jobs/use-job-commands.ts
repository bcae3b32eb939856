import type { AutoStop, JobMode } from '../../../../shared/model/job.ts';
import { programRequest, type JobRequest } from '../../../../shared/model/job-request.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import type { Api } from '../../api.ts';
import { useApi } from '../../api-context.ts';
import { roomsStore } from '../../stores/rooms.ts';
import { serversStore } from '../../stores/servers.ts';
import { closeJobsDialog, jobsView } from './jobs-view.ts';

const deafMs = 1_000; // a second press within 1 s starts nothing (console.md, Safety), by whatever way it comes

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
