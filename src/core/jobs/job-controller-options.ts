import type { Job } from '../../shared/model/job.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { JobEffect } from './job-machine.ts';
import type { JobState } from './job-state.ts';
import type { DeskPort, EgressPort, JobEventStore, JobRow, JobStore } from './ports.ts';
import type { FoundRecording } from './reconcile.ts';
import type { StreamTiming } from './streams/stream-side.ts';
import type { OutputFacts, RoomFacts } from './watch/facts.ts';
import type { WatchTiming } from './watch/timing.ts';

/** What a job tells beside its own state: the console makes incidents and learned limits of it. */
export type JobNotice = Exclude<JobEffect, { do: 'startEgress' | 'stopEgress' | 'openDesk' | 'closeDesk' }>;

export interface JobControllerOptions {
  readonly store: JobStore;
  readonly events: JobEventStore;
  readonly egressOf: (serverId: string) => EgressPort | null;
  readonly desk: DeskPort;
  /** Recordings of this computer that a kill left unfinished, repaired. */
  readonly found: readonly FoundRecording[];
  /** A row of the journal could not be read, and was set aside. */
  readonly onSetAside?: (row: Pick<JobRow, 'id' | 'serverId'>) => void;
  readonly onNotice: (job: Job, notice: JobNotice) => void;
  /** A job began (`from` is null) or went on to another phase. */
  readonly onPhase: (job: Job, from: Job['phase'] | null) => void;
  /** What is known of the room of a job, for its watchdogs. */
  readonly roomFacts?: (job: JobState, withPeople: boolean) => RoomFacts;
  /** What is known of what it makes. */
  readonly outputFacts?: (job: JobState) => OutputFacts;
  readonly watchTiming?: WatchTiming;
  /** A server can be asked again, or for the first time since the console was closed: what had ended meanwhile. */
  readonly onBack?: (serverId: string, sinceMs: number, ended: readonly Job[]) => void;
  /** The warnings of a job have changed. */
  readonly onWarnings?: (job: Job) => void;
  readonly onPresence: (serverId: string, egress: 'present' | 'absent') => void;
  /** An address of the address book without its secret; null where there is none. */
  readonly twinOf?: (addressId: string) => string | null;
  /** The server runs on this computer: a path that it tells may be one of here. */
  readonly isServerHere?: (serverId: string) => boolean;
  readonly streamTiming?: StreamTiming;
  readonly clock: Clock;
  readonly log: Log;
}
