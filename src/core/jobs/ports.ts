import type { Problem } from '../../shared/model/common.ts';
import type { EgressResults } from '../../shared/model/egress-results.ts';
import type { EgressRequest } from '../../shared/model/job-request.ts';
import type { DeskHole } from './job-state.ts';

/** What the server says of one egress at one moment. Times are Unix milliseconds of the server's clock. */
export interface EgressSnapshot {
  readonly egressId: string;
  readonly roomName: string;
  readonly kind: 'room-composite' | 'web' | 'participant' | 'track-composite' | 'track' | 'v2';
  /** `unknown`: its row cannot be read, as that of a newer server; whether it runs nobody here can tell. */
  readonly status: 'starting' | 'active' | 'ending' | 'complete' | 'failed' | 'aborted' | 'limit-reached' | 'unknown';
  /** When the worker took the job. */
  readonly startedAtMs: number | null;
  /** When media began (`*_results[].started_at`); null before. */
  readonly mediaStartedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Nanoseconds; rises with every change at the server. */
  readonly updatedAtNs: bigint;
  readonly error: string;
  readonly errorCode: number;
  readonly details: string;
  /** Why it did not end well, as far as its words are known. */
  readonly problem?: Problem | undefined;
  readonly results: EgressResults;
  /** What was asked for, as far as the server tells it: without addresses and storages. */
  readonly asked?: () => {
    readonly request: EgressRequest;
    /** What it shows where that is no room: the host of a web page. */
    readonly subject: string;
    /** Its sound goes to a program through a WebSocket: a feed of somebody, not a recording. */
    readonly isFeed: boolean;
  } | null;
}

/** It holds one of the server's egress sessions. */
export const isInUse = ({ status }: EgressSnapshot): boolean =>
  status === 'starting' || status === 'active' || status === 'ending';

/** Egress of one server. Every call rejects with a ProblemError. */
export interface EgressPort {
  /** Resolves with the first snapshot; a refusal may take 25 s. */
  start(roomName: string, request: EgressRequest, signal: AbortSignal): Promise<EgressSnapshot>;
  stop(egressId: string, signal: AbortSignal): Promise<EgressSnapshot | null>;
  /**
   * The whole address of a destination, for `updateStream`. Rejects with a ProblemError where it is not kept, or may not be
   * used with this server.
   */
  streamUrl(stream: { readonly addressId: string | null; readonly url: string }): Promise<string>;
  /** Adds, then removes; where it rejects, parts of it may have been done. */
  updateStream(
    egressId: string,
    change: { readonly addUrls: readonly string[]; readonly removeUrls: readonly string[] },
    signal: AbortSignal,
  ): Promise<EgressSnapshot>;
  /** Passes another layout on to the template; the answer does not tell whether it follows. */
  updateLayout(egressId: string, layout: string, signal: AbortSignal): Promise<EgressSnapshot>;
  /** Everything that the server still knows; it forgets ended ones after 24 h. */
  list(signal: AbortSignal): Promise<readonly EgressSnapshot[]>;
}

export interface DeskFile {
  readonly name: string;
  readonly path: string;
  readonly identity: string | null;
  readonly bytes: number;
  readonly durationMs: number;
  readonly startedAtMs: number | null;
}
/** A recording of this computer: the mix and one file per person on one time line. */
export interface DeskRecording {
  files(): readonly DeskFile[];
  peopleCount(): number;
  /** What the mix lacks so far, in order; the last may still grow. */
  holes(): readonly DeskHole[];
  /** Resolves with the wall clock of its first sample; rejects with a ProblemError if it cannot begin. */
  readonly began: Promise<number>;
  /** Settles early only if the recording ends by itself, with the reason. */
  readonly failed: Promise<Problem>;
  /** Finishes the files; safe to repeat. */
  close(): Promise<void>;
}
export interface DeskOrder {
  readonly jobId: string;
  readonly take: number;
  readonly serverId: string;
  readonly roomName: string;
  /** The end of the console cut it off: it goes on only where the room is still open. */
  readonly goesOn: boolean;
}
export interface DeskPort {
  open(order: DeskOrder): DeskRecording;
}

/** One row of the journal. */
export interface JobRow {
  readonly id: string;
  readonly serverId: string;
  readonly requestedAtMs: number;
  readonly isRunning: boolean;
  readonly state: string;
}
/** What the history is searched by; `words` are in lower case. */
export interface JobAbout {
  readonly roomName: string;
  readonly kind: string;
  readonly phase: string;
  readonly words: string;
  readonly egressId: string | null;
}
export interface JobStore {
  save(row: JobRow, about: JobAbout): void;
  /** Of a row that cannot be read: it is kept, and is no job any more. */
  setAside(jobId: string): void;
  running(): readonly JobRow[];
  since(sinceMs: number): readonly JobRow[];
  /** A job of this server had this egress, however long ago. */
  knowsEgress(serverId: string, egressId: string): boolean;
}

/** One thing that happened to a job, as the journal keeps it. */
export interface JobEventRow {
  readonly jobId: string;
  /** Rises within a job. */
  readonly seq: number;
  readonly atMs: number;
  readonly type: string;
  /** What it meant, in a sentence; empty where it is only growth. */
  readonly told: string;
  /** The server's own words; empty where it had none. */
  readonly said: string;
  readonly event: string;
}
export interface JobEventStore {
  save(row: JobEventRow): void;
  of(jobId: string): readonly JobEventRow[];
  /** The number of the newest; 0 where there is none. */
  lastSeq(jobId: string): number;
  forgetBefore(jobId: string, seq: number): void;
}
