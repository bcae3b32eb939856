import { isRunning, type Job } from '../../../shared/model/job.ts';
import type { SessionEnd, SessionLength } from '../../../shared/model/session-length.ts';
import { duration } from '../../../shared/text/figures.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import { Scope } from '../../live/scope.ts';
import { carriedStop, ownEndMs } from './carried-stop.ts';
import { handOver, leadMs, type HandOver, type HandOverEffect } from './hand-over.ts';
import { nextRequest, nextTitle } from './next-part.ts';
import { hasLeft, isStoppedBySomebody, bridgeState, oldState, successorState } from './part-state.ts';
import { lengthOf, sendsOut } from './session-end.ts';

type Told = Extract<HandOverEffect, { do: 'tell' }>['what'];
type Order = Pick<Job, 'serverId' | 'roomName' | 'mode' | 'request' | 'title' | 'autoStop'>;

export interface HandOverOptions {
  readonly serverIds: () => readonly string[];
  readonly jobs: (serverId: string) => readonly Job[];
  readonly lengths: (serverId: string) => readonly SessionLength[];
  /** Whether jobs of this server are handed over at all. */
  readonly isOn: (serverId: string) => boolean;
  /** Egress sessions that are free; null where the limit is not known. */
  readonly free: (serverId: string) => number | null;
  readonly start: (order: Order) => Job;
  readonly stop: (jobId: string) => void;
  readonly onTold: (old: Job, what: Told, successor: Job | null) => void;
  readonly onEnds: (serverId: string, ends: readonly SessionEnd[]) => void;
  readonly clock: Clock;
  readonly log: Log;
}

interface Record {
  readonly jobId: string;
  readonly serverId: string;
  readonly endsAtMs: number;
  state: HandOver;
  successorId: string | null;
  successorRunsSinceMs: number | null;
  bridgeId: string | null;
  hasStoppedOld: boolean;
  /** A start that threw: nothing came of it. */
  hasFailed: boolean;
}

const lookEveryMs = 1_000;

/** Looks every second which jobs near the session limit of their server, and has another take over before. */
export class HandOverWatch {
  readonly #options: HandOverOptions;
  readonly #scope: Scope;
  readonly #records = new Map<string, Record>();

  constructor(options: HandOverOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#scope = new Scope('hand-over', {
      onError: (error) => log.error('Session limits are no longer watched', {}, error),
    });
    this.#scope.spawn('look', async (signal) => {
      while (!signal.aborted) {
        for (const serverId of options.serverIds()) this.#look(serverId);
        await clock.delay(lookEveryMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
      }
    });
  }
  close(): Promise<void> {
    return this.#scope.close();
  }

  #look(serverId: string): void {
    const { jobs, lengths, isOn, onEnds } = this.#options;
    const all = jobs(serverId);
    const limits = lengths(serverId);
    const ends: SessionEnd[] = [];
    for (const job of all) {
      const length = lengthOf(job.request, limits);
      const startedAtMs = job.egress?.startedAtMs ?? null;
      if (!isRunning(job) || length?.limitMs == null || startedAtMs === null || hasLeft(job)) continue;
      const endsAtMs = Math.round(startedAtMs + length.limitMs);
      const ownMs = ownEndMs(job);
      if (ownMs !== null && ownMs <= endsAtMs) continue; // it is over by the producer's own order before
      const isHandedOver = isOn(serverId) && job.startedBy === 'here' && length.limitMs > leadMs;
      ends.push({ jobId: job.id, endsAtMs, ...words(job, length, isHandedOver) });
      const record = this.#records.get(job.id);
      if (isHandedOver && job.phase === 'recording' && (!record || record.endsAtMs !== endsAtMs))
        this.#records.set(job.id, record ? { ...record, endsAtMs } : newRecord(job, endsAtMs));
    }
    onEnds(serverId, ends);
    for (const record of this.#records.values()) if (record.serverId === serverId) this.#advance(record, all);
  }

  #advance(record: Record, all: readonly Job[]): void {
    const { clock, free } = this.#options;
    const find = (id: string | null): Job | null => all.find((job) => job.id === id) ?? null;
    const old = find(record.jobId);
    if (!old) {
      this.#records.delete(record.jobId);
      return;
    }
    const nowMs = clock.nowMs();
    const successor = find(record.successorId);
    const successorIs = record.hasFailed ? 'over' : successorState(successor);
    if (successorIs !== 'runs') record.successorRunsSinceMs = null;
    else record.successorRunsSinceMs ??= nowMs;
    // A successor that was refused and records here is the bridge already.
    if (successor?.refusal && bridgeState(successor) === 'runs') record.bridgeId ??= successor.id;
    const { state, effects } = handOver(record.state, {
      nowMs,
      endsAtMs: record.endsAtMs,
      free: free(record.serverId),
      mayBridge: old.mode === 'best' && old.roomName !== '',
      sendsOut: sendsOut(old.request),
      old: oldState(old),
      isStopped: isStoppedBySomebody(old, record, successor, nowMs),
      successor: successorIs,
      successorRunsSinceMs: record.successorRunsSinceMs,
      bridge: bridgeState(find(record.bridgeId)),
    });
    if (state.at !== record.state.at)
      this.#options.log.info('Hand-over of a job', { jobId: old.id, from: record.state.at, to: state.at });
    record.state = state;
    for (const effect of effects) this.#do(effect, record, old, successor);
    if (state.at === 'over' && !isRunning(old)) this.#records.delete(record.jobId);
  }

  #orderOf(old: Job): Order {
    const { serverId, roomName, mode, request, title } = old;
    return { serverId, roomName, mode, request, title, autoStop: carriedStop(old, this.#options.clock.nowMs()) };
  }

  #do(effect: HandOverEffect, record: Record, old: Job, successor: Job | null): void {
    const { start, stop, onTold, jobs, log } = this.#options;
    switch (effect.do) {
      case 'startSuccessor': {
        record.hasFailed = false;
        const title = nextTitle(old.title);
        // One that an earlier run of the console has started already.
        const known = jobs(old.serverId).find(
          (job) => isRunning(job) && job.roomName === old.roomName && job.title === title && job.refusal === null,
        );
        try {
          record.successorId = (known ?? start({ ...this.#orderOf(old), title, request: nextRequest(old.request) })).id;
        } catch (error) {
          record.hasFailed = true;
          log.error('The successor of a job could not be started', { jobId: old.id }, error);
        }
        return;
      }
      case 'startBridge':
        if (record.bridgeId !== null) return;
        try {
          const title = `Bridge of ${old.title}`.slice(0, 120);
          const request = { kind: 'room-sound' } as const;
          record.bridgeId = start({ ...this.#orderOf(old), mode: 'desk-only', request, title }).id;
        } catch (error) {
          log.error('The bridge of a job could not be started', { jobId: old.id }, error);
        }
        return;
      case 'stopOld':
        record.hasStoppedOld = true;
        stop(old.id);
        return;
      case 'stopBridge':
        if (record.bridgeId !== null && record.bridgeId !== record.successorId) stop(record.bridgeId);
        return;
      case 'tell':
        onTold(old, effect.what, successor);
    }
  }
}

const newRecord = ({ id, serverId }: Job, endsAtMs: number): Record => ({
  jobId: id,
  serverId,
  endsAtMs,
  state: { at: 'waiting' },
  successorId: null,
  successorRunsSinceMs: null,
  bridgeId: null,
  hasStoppedOld: false,
  hasFailed: false,
});

const outputs = { file: 'a file', segments: 'HLS', stream: 'a stream' } as const;

function words(job: Job, length: SessionLength, isHandedOver: boolean): Pick<SessionEnd, 'because' | 'plan'> {
  const because = `${duration(length.limitMs ?? 0)} for ${outputs[length.output]}, ${length.from}`;
  if (!isHandedOver)
    return {
      because,
      plan: job.startedBy === 'here' ? 'Nothing takes over.' : 'Started elsewhere: nothing takes over.',
    };
  return {
    because,
    plan: sendsOut(job.request)
      ? 'Another takes over 30 s before; its addresses are silent for some seconds.'
      : 'Another takes over 90 s before, with an overlap where a session is free.',
  };
}
