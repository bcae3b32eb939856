import type { Problem } from '../../shared/model/common.ts';
import type { Person, Track } from '../../shared/model/room.ts';
import type { Clock } from '../live/clock.ts';
import { Listeners } from '../live/listeners.ts';
import type { Log } from '../live/log.ts';
import type { StateCell } from '../live/state-cell.ts';
import type { AudioFeed, FeedEvent } from './audio-feed.ts';
import { usualLimits, type EgressCalls, type EgressSockets, type TrackSocketLimits } from './track-socket/calls.ts';
import { TrackRunner, type TrackPhase } from './track-socket/track-runner.ts';

export interface TrackSocketFeedOptions {
  readonly roomName: string;
  /** Who is in the room, as somebody else sees it; null until known. */
  readonly people: StateCell<readonly Person[] | null>;
  readonly calls: EgressCalls;
  readonly sockets: EgressSockets;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: TrackSocketLimits;
}

/** The sound of a room by one Track Egress for each microphone, sent to our receiver: about 2.9 s late. */
export class TrackSocketFeed implements AudioFeed {
  readonly kind = 'track-socket';
  readonly #options: TrackSocketFeedOptions;
  readonly #listeners: Listeners<FeedEvent>;
  readonly #runners = new Map<string, TrackRunner>();
  readonly #ending = new Set<Promise<void>>();
  /** By identity: since when somebody is missing, and why. */
  readonly #losses = new Map<string, { readonly fromMs: number; readonly cause: string }>();
  #off: (() => void) | null = null;
  #sourceCount = 0;
  #lastState = '';
  #closing: Promise<void> | null = null;

  constructor(options: TrackSocketFeedOptions) {
    this.#options = options;
    this.#listeners = new Listeners((error) => options.log.error('a listener of a feed failed', {}, error));
  }

  /** The feed begins with its first listener. */
  on(listener: (event: FeedEvent) => void): () => void {
    const off = this.#listeners.on(listener);
    if (!this.#off && !this.#closing) {
      this.#off = this.#options.people.on(() => this.#follow());
      queueMicrotask(() => this.#follow());
    }
    return off;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#off?.();
    await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
    this.#runners.clear();
    while (this.#ending.size > 0) await Promise.all(this.#ending);
    this.#emit({ type: 'state', state: 'ended', text: `Left ${this.#options.roomName}` });
  }

  /** Makes the runners those of the microphones that are there. */
  #follow(): void {
    const people = this.#options.people.value;
    if (this.#closing) return;
    if (people) {
      const wanted = new Map(
        people.flatMap((person) => microphonesOf(person).map((track) => [track.sid, { person, track }])),
      );
      for (const runner of this.#runners.values()) if (!wanted.has(runner.trackSid)) this.#lose(runner, people);
      for (const { person, track } of wanted.values()) if (!this.#runners.has(track.sid)) this.#start(person, track);
      // Who left is not missing.
      const present = new Set(people.map((person) => person.identity));
      for (const identity of this.#losses.keys()) if (!present.has(identity)) this.#losses.delete(identity);
    }
    this.#tellState();
  }

  #start(person: Person, track: Track): void {
    const { identity } = person;
    const runner = new TrackRunner({
      ...this.#options,
      limits: this.#options.limits ?? usualLimits,
      person,
      track,
      nextSourceId: (trackSid) => `${trackSid}#${++this.#sourceCount}`,
      emit: (event) => this.#emit(event),
      onFirst: (sourceId, startedAtMs) => {
        const loss = this.#losses.get(identity);
        this.#losses.delete(identity);
        if (loss && loss.fromMs < startedAtMs)
          this.#emit({ type: 'gap', sourceId, fromMs: loss.fromMs, toMs: startedAtMs, cause: loss.cause });
      },
      onLoss: (fromMs, cause) => {
        if (!this.#losses.has(identity)) this.#losses.set(identity, { fromMs, cause });
      },
      onPhase: (phase, problem) => this.#phased(person, phase, problem),
    });
    this.#runners.set(track.sid, runner);
  }

  #lose(runner: TrackRunner, people: readonly Person[]): void {
    this.#runners.delete(runner.trackSid);
    const isThere = people.some((person) => person.identity === runner.identity);
    const ending = runner.gone(isThere ? 'unpublished' : 'left').finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #phased(person: Person, phase: TrackPhase, problem: Problem | null): void {
    if (this.#closing) return;
    if (problem) {
      const again = problem.retryable ? ' Asking again.' : '';
      const text =
        phase === 'lost'
          ? `The sound of ${person.name} was lost: ${problem.text}${again}`
          : `The sound of ${person.name} was refused: ${problem.text}${again}`;
      this.#lastState = '';
      this.#emit({ type: 'state', state: this.#stateNow(), text, identity: person.identity, problem });
    } else this.#tellState();
  }

  #stateNow(): 'connecting' | 'live' | 'reconnecting' {
    const phases = [...this.#runners.values()].map((runner) => runner.phase);
    if (phases.includes('lost')) return 'reconnecting';
    if (phases.includes('live')) return 'live';
    if (this.#options.people.value === null || phases.length > 0) return 'connecting';
    return 'live';
  }

  #tellState(): void {
    const state = this.#stateNow();
    const heard = [...this.#runners.values()].filter((runner) => runner.phase === 'live').length;
    const text = textOf(state, heard, this.#runners.size);
    if (`${state} ${text}` === this.#lastState) return;
    this.#lastState = `${state} ${text}`;
    this.#emit({ type: 'state', state, text });
  }

  #emit(event: FeedEvent): void {
    this.#listeners.emit(event);
  }
}

function textOf(state: 'connecting' | 'live' | 'reconnecting', heard: number, wanted: number): string {
  if (state === 'live' && wanted === 0) return 'Waiting for somebody with a microphone';
  if (state === 'connecting') return 'Asking LiveKit for the sound';
  return `Sound of ${heard} of ${wanted} arrives`;
}

const microphonesOf = (person: Person): readonly Track[] =>
  person.tracks.filter((track) => track.kind === 'audio' && track.source === 'microphone');
