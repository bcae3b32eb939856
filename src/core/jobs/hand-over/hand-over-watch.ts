import type { HandOverMark, TakesOver } from '../../../shared/model/hand-over.ts';
import { isRunning, type Job } from '../../../shared/model/job.ts';
import { problemOf } from '../../../shared/model/problem-error.ts';
import type { SessionEnd, SessionLength } from '../../../shared/model/session-length.ts';
import { duration } from '../../../shared/text/figures.ts';
import type { Clock } from '../../live/clock.ts';
import type { Log } from '../../live/log.ts';
import { Scope } from '../../live/scope.ts';
import { beganMs, carriedStop, ownEndMs } from './carried-stop.ts';
import {
  handOver,
  handOverTimes,
  shortestSessionMs,
  type HandOver,
  type HandOverEffect,
  type HandOverSight,
} from './hand-over.ts';
import { endLine, oldLine, plannedLine } from './hand-over-story.ts';
import { nextRequest, nextTitle } from './next-part.ts';
import { bridgeState, hasLeft, isStoppedBySomebody, oldState, successorState } from './part-state.ts';
import { lengthOf, sendsOut } from './session-end.ts';

type Told = Extract<HandOverEffect, { do: 'tell' }>['what'];
interface Order extends Pick<Job, 'serverId' | 'roomName' | 'mode' | 'request' | 'title' | 'autoStop'> {
  readonly takesOver: Pick<TakesOver, 'jobId' | 'as'>;
  /** A refusal that passes is waited for. */
  readonly asksAgain: boolean;
}

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
  /** Keeps where the hand-over of a job stands, with a line of its story: a restart goes on from there. */
  readonly keep: (jobId: string, mark: HandOverMark, told: string) => void;
  /** The same for a job that took over: it stands alone from now on. */
  readonly keepTaken: (jobId: string, told: string) => void;
  readonly onTold: (old: Job, what: Told, successor: Job | null) => void;
  readonly onEnds: (serverId: string, ends: readonly SessionEnd[]) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const lookEveryMs = 1_000;
/** Where media began moves by some 100 ms with the first looks. */
const sameEndMs = 1_000;

/** Looks every second which jobs near the session limit of their server, and has another take over before. */
export class HandOverWatch {
  readonly #options: HandOverOptions;
  readonly #scope: Scope;
  /** Since when the next part of a job was seen to record; after a restart an overlap is counted anew. */
  readonly #runsSinceMs = new Map<string, number>();

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
      const fromMs = beganMs(job);
      if (!isRunning(job) || length?.limitMs == null || fromMs === null || hasLeft(job)) continue;
      const endsAtMs = Math.round(fromMs + length.limitMs);
      const ownMs = ownEndMs(job);
      if (ownMs !== null && ownMs <= endsAtMs) continue; // it is over by the producer's own order before
      const isHandedOver = isOn(serverId) && job.startedBy === 'here' && length.limitMs >= shortestSessionMs;
      ends.push({ jobId: job.id, endsAtMs, ...words(job, length, length.limitMs, isHandedOver) });
      if (!isHandedOver || job.phase !== 'recording') continue;
      const mark = { ...(job.handOver ?? noMark), endsAtMs, limitMs: length.limitMs };
      if (Math.abs(mark.endsAtMs - (job.handOver?.endsAtMs ?? 0)) > sameEndMs)
        this.#keep(job.id, mark, plannedLine(mark));
      if (mark.at === 'waiting') this.#advance(job, mark, all);
    }
    onEnds(serverId, ends);
    for (const job of all) {
      if (job.handOver && job.handOver.at !== 'waiting' && job.handOver.at !== 'over')
        this.#advance(job, job.handOver, all);
    }
  }

  #advance(old: Job, mark: HandOverMark, all: readonly Job[]): void {
    const { clock, free, jobs } = this.#options;
    const find = (id: string | null): Job | null => all.find((job) => job.id === id) ?? null;
    const nowMs = clock.nowMs();
    const successor = find(mark.successorId);
    const successorIs = mark.hasFailed ? 'over' : successorState(successor);
    if (successorIs !== 'runs') this.#runsSinceMs.delete(old.id);
    else if (!this.#runsSinceMs.has(old.id)) this.#runsSinceMs.set(old.id, nowMs);
    // A successor that was refused and records here is the bridge already.
    const isBridge = successor !== null && successor.refusal !== null && bridgeState(successor) === 'runs';
    const bridge = find(mark.bridgeId) ?? (isBridge ? successor : null);
    const sight: HandOverSight = {
      nowMs,
      endsAtMs: mark.endsAtMs,
      limitMs: mark.limitMs,
      free: free(old.serverId),
      mayBridge: old.mode === 'best' && old.roomName !== '',
      sendsOut: sendsOut(old.request),
      old: oldState(old),
      isStopped: isStoppedBySomebody({ old, successor, bridge }, mark, nowMs),
      successor: successorIs,
      successorRunsSinceMs: this.#runsSinceMs.get(old.id) ?? null,
      bridge: bridgeState(bridge),
    };
    const { state, effects } = handOver(mark.at, sight);
    if (state === mark.at && effects.length === 0) return;
    const asked = { ...mark, at: state, bridgeId: bridge?.id ?? null };
    const { next, failure } = this.#started(effects, asked, old);
    const part = jobs(old.serverId).find(({ id }) => id === next.successorId)?.title ?? null;
    const { limitMs } = mark;
    const { mayBridge } = sight;
    const step = { from: mark.at, to: state, effects, limitMs, part, failure, mayBridge, because: whyNoOverlap(sight) };
    this.#keep(old.id, next, oldLine(step));
    if (state === 'over') {
      this.#runsSinceMs.delete(old.id);
      for (const id of new Set([next.successorId, next.bridgeId]))
        if (id !== null && find(id)) this.#options.keepTaken(id, endLine(step, old.title));
    }
    for (const effect of effects) this.#do(effect, old, successor, bridge);
  }

  /** Starts first: what is kept then names them. */
  #started(
    effects: readonly HandOverEffect[],
    mark: HandOverMark,
    old: Job,
  ): { readonly next: HandOverMark; readonly failure: string | null } {
    let next = mark;
    let failure: string | null = null;
    for (const effect of effects) {
      if (effect.do === 'stopOld') next = { ...next, hasStoppedOld: true };
      if (effect.do === 'startBridge' && next.bridgeId === null)
        next = { ...next, bridgeId: this.#startAs('bridge', old, this.#bridgeOrder(old)).id };
      if (effect.do !== 'startSuccessor') continue;
      const part = this.#startAs('part', old, this.#partOrder(old, mark.at));
      failure = part.failure;
      next = { ...next, successorId: part.id ?? next.successorId, hasFailed: failure !== null };
    }
    return { next, failure };
  }

  /** One that an earlier run of the console has started is taken as it is. */
  #startAs(
    as: TakesOver['as'],
    old: Job,
    order: Omit<Order, 'takesOver'>,
  ): { readonly id: string | null; readonly failure: string | null } {
    const { jobs, start, log } = this.#options;
    const isIt = ({ takesOver }: Job): boolean => takesOver?.jobId === old.id && takesOver.as === as;
    const known = jobs(old.serverId).find((job) => isIt(job) && isRunning(job) && job.refusal === null);
    try {
      const { id } = known ?? start({ ...order, takesOver: { jobId: old.id, as } });
      log.info('A job takes over', { jobId: old.id, by: id, as });
      return { id, failure: null };
    } catch (error) {
      log.error('A job that is to take over could not be started', { jobId: old.id, as }, error);
      return { id: null, failure: problemOf(error).text };
    }
  }

  /** A first try that is refused has the other way; with the old one gone there is none. */
  #partOrder(old: Job, at: HandOver): Omit<Order, 'takesOver'> {
    const { serverId, roomName, mode, request, title } = old;
    const autoStop = carriedStop(old, this.#options.clock.nowMs());
    return {
      serverId,
      roomName,
      mode,
      request: nextRequest(request),
      title: nextTitle(title),
      autoStop,
      asksAgain: at === 'succeeding',
    };
  }
  #bridgeOrder(old: Job): Omit<Order, 'takesOver'> {
    const title = `Bridge of ${old.title}`.slice(0, 120);
    return { ...this.#partOrder(old, 'bridging'), mode: 'desk-only', request: { kind: 'room-sound' }, title };
  }

  #keep(jobId: string, mark: HandOverMark, told: string): void {
    this.#options.keep(jobId, mark, told);
  }

  #do(effect: HandOverEffect, old: Job, successor: Job | null, bridge: Job | null): void {
    const { stop, onTold } = this.#options;
    switch (effect.do) {
      case 'startSuccessor':
      case 'startBridge':
        return; // done before it was kept
      case 'stopOld':
        return stop(old.id);
      case 'stopBridge':
        if (bridge && bridge.id !== successor?.id) stop(bridge.id);
        return;
      case 'stopAll':
        for (const job of [old, successor, bridge]) if (job && isRunning(job)) stop(job.id);
        return;
      case 'tell':
        onTold(old, effect.what, successor);
    }
  }
}

const noMark = { at: 'waiting', successorId: null, bridgeId: null, hasStoppedOld: false, hasFailed: false } as const;

function whyNoOverlap({ sendsOut: isSent, free }: HandOverSight): string {
  if (isSent) return 'its addresses take one sender at a time';
  return free === 0 ? 'no session is free' : 'the next part did not start';
}

const outputs = { file: 'a file', segments: 'HLS', stream: 'a stream' } as const;

function words(
  job: Job,
  length: SessionLength,
  limitMs: number,
  isHandedOver: boolean,
): Pick<SessionEnd, 'because' | 'plan'> {
  const because = `${duration(limitMs)} for ${outputs[length.output]}, ${length.from}`;
  if (!isHandedOver)
    return {
      because,
      plan: job.startedBy === 'here' ? 'Nothing takes over.' : 'Started elsewhere: nothing takes over.',
    };
  const { leadMs, bridgeLeadMs } = handOverTimes(limitMs);
  const isSent = sendsOut(job.request);
  const before = Math.round((isSent ? bridgeLeadMs : leadMs) / 1_000);
  return {
    because,
    plan: isSent
      ? `Another takes over ${before} s before; its addresses are silent for some seconds.`
      : `Another takes over ${before} s before, with an overlap where a session is free.`,
  };
}
