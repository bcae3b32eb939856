import type { Problem } from '../../../shared/model/common.ts';
import { ProblemError, problemOf } from '../../../shared/model/problem-error.ts';
import type { Person, Track } from '../../../shared/model/room.ts';
import { Scope } from '../../live/scope.ts';
import { supervise } from '../../live/supervise.ts';
import type { FeedEvent } from '../audio-feed.ts';
import { runEgress, type EgressRunOptions } from './egress-run.ts';
import { EgressSource } from './egress-source.ts';

/** `lost`: was heard and is asked for again. `refused`: LiveKit said no; asked for again only where that may help. */
export type TrackPhase = 'starting' | 'live' | 'lost' | 'refused';

export interface TrackRunnerOptions extends Omit<EgressRunOptions, 'source' | 'isGone' | 'trackSid'> {
  readonly person: Person;
  readonly track: Track;
  readonly nextSourceId: (trackSid: string) => string;
  readonly emit: (event: FeedEvent) => void;
  /** A source of this person opened: when its first sound was made. */
  readonly onFirst: (sourceId: string, startedAtMs: number) => void;
  /** This person is not heard any more, or not yet: since when, and why. */
  readonly onLoss: (fromMs: number, cause: string) => void;
  readonly onPhase: (phase: TrackPhase, problem: Problem | null) => void;
}

/** Keeps one microphone heard: an egress, and another one whenever that dies. */
export class TrackRunner {
  readonly identity: string;
  readonly trackSid: string;
  phase: TrackPhase = 'starting';
  readonly #options: TrackRunnerOptions;
  readonly #scope: Scope;
  readonly #wantedSinceMs: number;
  #gone: 'left' | 'unpublished' | null = null;

  constructor(options: TrackRunnerOptions) {
    this.#options = options;
    this.identity = options.person.identity;
    this.trackSid = options.track.sid;
    this.#wantedSinceMs = options.clock.nowMs();
    this.#scope = new Scope(`track ${options.track.sid}`, {
      onError: (error, name) => options.log.error('a track is no longer followed', { name }, error),
    });
    this.#scope.spawn('egress', (signal) => this.#stay(signal));
  }

  /** The track is not in the room any more: its egress ends by itself, after the last words. */
  async gone(how: 'left' | 'unpublished'): Promise<void> {
    this.#gone = how;
    await this.#scope.close();
  }

  /** Stops its egress and waits for the last words. */
  close(): Promise<void> {
    return this.#scope.close();
  }

  async #stay(signal: AbortSignal): Promise<void> {
    await supervise(
      (until) => this.#runOnce(until),
      {
        clock: this.#options.clock,
        backoff: { firstMs: 300, factor: 2, maxMs: 20_000, jitter: 0.2 },
        healthyAfterMs: 10_000,
        onFailure: (error, attempt, nextInMs) => this.#failed(error, attempt, nextInMs),
      },
      signal,
    );
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    const { person, track, clock, emit, nextSourceId, onFirst } = this.#options;
    if (track.isEncrypted) throw encrypted();
    const sourceId = nextSourceId(track.sid);
    const source = new EgressSource({
      sourceId,
      identity: person.identity,
      name: person.name,
      trackSid: track.sid,
      clock,
      emit,
      onFirst: (startedAtMs) => {
        this.#setPhase('live', null);
        onFirst(sourceId, startedAtMs);
      },
    });
    try {
      await runEgress({ ...this.#options, trackSid: track.sid, source, isGone: () => this.#gone !== null }, signal);
      source.close(this.#gone ?? 'stopped');
    } catch (error) {
      if (source.endMs !== null) this.#options.onLoss(source.endMs, problemOf(error).text);
      source.close('died');
      throw error;
    }
  }

  /** Returns whether it is tried again. */
  #failed(error: unknown, attempt: number, nextInMs: number): boolean {
    const { log, roomName, onLoss } = this.#options;
    const problem = problemOf(error);
    const fields = { roomName, trackSid: this.trackSid, code: problem.code, said: problem.said, attempt, nextInMs };
    if (problem.code === 'internal') log.error('a track egress failed', fields, error);
    else log.warn('a track egress failed', fields);
    if (this.phase === 'starting') onLoss(this.#wantedSinceMs, problem.text);
    const wasHeard = this.phase === 'live' || this.phase === 'lost';
    this.#setPhase(wasHeard && problem.retryable ? 'lost' : 'refused', problem);
    return problem.retryable || problem.code === 'internal';
  }

  #setPhase(phase: TrackPhase, problem: Problem | null): void {
    this.phase = phase;
    this.#options.onPhase(phase, problem);
  }
}

const encrypted = (): ProblemError =>
  new ProblemError({
    code: 'track-encrypted',
    fault: 'yours',
    retryable: false,
    text: 'It is encrypted end to end, and LiveKit has no key for its egress.',
  });
