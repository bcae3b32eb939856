import { useEffect } from 'react';
import { useStore } from 'zustand';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { problemOf } from '../../../../shared/model/problem-error.ts';
import { useApi } from '../../api-context.ts';
import { jobsStore } from '../../stores/jobs.ts';
import { jobsWords } from '../../text/jobs-messages.ts';
import { jobsView } from './jobs-view.ts';

export const undoMs = 5_000;

/** How long until it is sent; the clock of the window lags by up to a second. */
export const leftMs = (sendAtMs: number, nowMs: number): number => Math.min(undoMs, Math.max(0, sendAtMs - nowMs));

/** Begins the 5 s in which a stop can still be taken back; nothing is sent in them. One that waits already waits on with it. */
export function beginStop(jobs: readonly Job[]): void {
  if (jobs.length === 0) return;
  const before = jobsView.getState().pendingStop?.jobIds ?? [];
  const jobIds = [...new Set([...before, ...jobs.map((job) => job.id)])];
  jobsView.setState({ pendingStop: { jobIds, sendAtMs: Date.now() + undoMs }, problem: null });
}

export const undoStop = (): void => jobsView.setState({ pendingStop: null });

/** What must not be recorded a second longer is not: the rest of the 5 s is left out. */
export const sendStopNow = (): void =>
  jobsView.setState(({ pendingStop }) => ({ pendingStop: pendingStop && { ...pendingStop, sendAtMs: Date.now() } }));

/** Sends what was held and not taken back once its 5 s have passed, or the page goes before. Mounted once, in the panel. */
export function useStopSender(): void {
  const api = useApi();
  const pending = useStore(jobsView, (state) => state.pendingStop);
  useEffect(() => {
    if (pending === null) return;
    const stop = ({ id: jobId, title }: Job): void => {
      api
        .run((core) => core.stopJob({ jobId }))
        .catch((error: unknown) => {
          const problem = problemOf(error);
          jobsView.setState({ problem: { ...problem, text: jobsWords.notStoppedOf(title, problem.text) } });
        });
    };
    const send = (): void => {
      undoStop();
      const { jobs } = jobsStore.getState();
      for (const job of jobs) if (isRunning(job) && pending.jobIds.includes(job.id)) stop(job);
    };
    const timer = setTimeout(send, pending.sendAtMs - Date.now());
    addEventListener('pagehide', send);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', send);
    };
  }, [api, pending]);
}
