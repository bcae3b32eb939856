import type { SceneShow } from '../scene/show.ts';
import type { EgressRow, EndReason } from './row.ts';
import type { EgressTiming } from './timing.ts';

/** What one running egress knows of the world. The simulator makes it, a runner plays its course to the end. */
export interface JobContext {
  readonly row: EgressRow;
  readonly show: SceneShow;
  readonly room: string;
  readonly timing: EgressTiming;
  readonly now: () => number;
  /** The time that stands in the names of its files. */
  readonly namedAtMs: number;
  /** Fires with the EndReason once it shall end. */
  readonly ending: AbortSignal;
  /** Fires when the handler is killed or the rehearsal closes: everything is let go at once, nothing is told. */
  readonly killed: AbortSignal;
  /** The recorder leaves the room; done before the end is told, as SDK recorders do. */
  leaveRoom(): void;
}

const reasons: readonly EndReason[] = ['Source closed', 'All streams stopped', 'Session limit reached'];

export function endReason(job: JobContext): EndReason {
  return reasons.find((reason) => reason === job.ending.reason) ?? 'StopEgress API';
}

export const isEnding = (job: JobContext): boolean => job.ending.aborted || job.killed.aborted;

/** Settles when one of the signals has fired. */
export function firstOf(...signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals]);
  if (any.aborted) return Promise.resolve();
  return new Promise((resolve) => any.addEventListener('abort', () => resolve(), { once: true }));
}
