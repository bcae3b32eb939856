import type { Problem } from '../../shared/model/common.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Person } from '../../shared/model/room.ts';
import type { Clock } from '../live/clock.ts';
import { Listeners } from '../live/listeners.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import { supervise } from '../live/supervise.ts';
import type { RoomChild } from './room-child.ts';
import { peopleAfter } from './room-people.ts';
import type { SoundBlock } from './wire/framing.ts';
import type { ChildMessage, Hello } from './wire/messages.ts';

/** One track's sound, as long as it comes without a break. */
export interface RoomStream {
  readonly streamId: number;
  readonly identity: string;
  readonly trackSid: string;
  /** When the sound of sample 0 was made. */
  readonly atMs: number;
  /** Which program sends it: its lag is known by that. */
  readonly program: Hello['program'];
}

export interface LinkState {
  readonly state: 'connecting' | 'live' | 'reconnecting' | 'ended';
  readonly text: string;
  /** What made it `reconnecting` or `ended`, where something did. */
  readonly problem?: Problem;
}

export type RoomEvent =
  | { readonly type: 'streamOpened'; readonly stream: RoomStream }
  | { readonly type: 'sound'; readonly block: SoundBlock }
  | {
      readonly type: 'streamEnded';
      readonly stream: RoomStream;
      readonly reason: 'unpublished' | 'left' | 'disconnected';
      /** Why, where it was no decision of the person. */
      readonly cause: string;
    };

/** With what a room is joined. */
export interface JoinTicket {
  /** WebSocket address of the server. */
  readonly url: string;
  /** Of a hidden agent `cuedesk-<random>`, which may hear but not speak. */
  readonly token: string;
}

export interface JoinedRoomOptions {
  readonly roomName: string;
  /** Asked before each join: the server's address or secret may have changed since the last. */
  readonly ticket: () => Promise<JoinTicket>;
  readonly child: RoomChild;
  readonly clock: Clock;
  readonly log: Log;
}

/** One room that we are in, joined anew whenever the join ends for a reason that a new one may mend. */
export class JoinedRoom {
  /** Null until the first join. While it reconnects the last people stay. */
  readonly people = new StateCell<readonly Person[] | null>(null);
  /** Identities, loudest first. */
  readonly speaking = new StateCell<readonly string[]>([]);
  readonly state: StateCell<LinkState>;
  readonly streams = new Map<number, RoomStream>();
  readonly events: Listeners<RoomEvent>;
  readonly #options: JoinedRoomOptions;
  readonly #scope: Scope;

  constructor(options: JoinedRoomOptions) {
    this.#options = options;
    this.events = new Listeners((error) => options.log.error('a listener of a room failed', {}, error));
    this.state = new StateCell<LinkState>({ state: 'connecting', text: `Joining ${options.roomName}` });
    this.#scope = new Scope('joined room', {
      onError: (error) => options.log.error('a room is no longer joined', { roomName: options.roomName }, error),
    });
    this.#scope.spawn('join', (signal) => this.#stay(signal));
  }

  async close(): Promise<void> {
    await this.#scope.close();
    if (this.state.value.state !== 'ended') this.state.set({ state: 'ended', text: `Left ${this.#options.roomName}` });
  }

  async #stay(signal: AbortSignal): Promise<void> {
    const { roomName, log, clock } = this.#options;
    await supervise(
      (until) => this.#joinOnce(until),
      {
        clock,
        backoff: { firstMs: 500, factor: 2, maxMs: 5_000, jitter: 0.3 },
        healthyAfterMs: 15_000,
        onFailure: (error, attempt, nextInMs) => {
          const problem = problemOf(error);
          if (problem.code === 'internal') log.error('joining a room failed', { roomName }, error);
          else log.warn('a join ended', { roomName, code: problem.code, said: problem.said, attempt, nextInMs });
          this.speaking.set([]);
          if (problem.retryable || problem.code === 'internal') {
            this.state.set({ state: 'reconnecting', text: `${problem.text} Joining again, try ${attempt}.`, problem });
            return true;
          }
          this.state.set({ state: 'ended', text: problem.text, problem });
          return false;
        },
      },
      signal,
    );
  }

  async #joinOnce(signal: AbortSignal): Promise<void> {
    const ticket = await this.#options.ticket();
    signal.throwIfAborted();
    let cause = 'The room was left.';
    try {
      await this.#options.child.attend(
        {
          ...ticket,
          onMessage: (message, program) => this.#take(message, program),
          onSound: (block) => this.events.emit({ type: 'sound', block }),
        },
        signal,
      );
    } catch (error) {
      cause = problemOf(error).text;
      throw error;
    } finally {
      for (const stream of this.streams.values()) this.#endStream(stream, 'disconnected', cause);
    }
  }

  #take(message: ChildMessage, program: Hello['program']): void {
    if (message.ev === 'streamOpened') {
      const { streamId, identity, sid: trackSid, atMs } = message;
      const stream = { streamId, identity, trackSid, atMs, program };
      this.streams.set(streamId, stream);
      this.events.emit({ type: 'streamOpened', stream });
      return;
    }
    if (message.ev === 'streamEnded') {
      const stream = this.streams.get(message.streamId);
      if (stream) this.#endStream(stream, message.reason, 'The connection to the room was lost.');
      return;
    }
    if (message.ev === 'connection') {
      if (message.state === 'connected') this.#setLive();
      else
        this.state.set({
          state: 'reconnecting',
          text: `The connection to ${this.#options.roomName} is being restored.`,
        });
      return;
    }
    const people = peopleAfter(this.people.value ?? [], message);
    if (people !== this.people.value) this.people.set(people);
    if (message.ev === 'speakers') this.speaking.set(message.identities);
    if (message.ev === 'joined') this.#setLive();
  }

  #setLive(): void {
    if (this.state.value.state !== 'live') this.state.set({ state: 'live', text: `In ${this.#options.roomName}` });
  }

  #endStream(stream: RoomStream, reason: 'unpublished' | 'left' | 'disconnected', cause: string): void {
    this.streams.delete(stream.streamId);
    this.events.emit({ type: 'streamEnded', stream, reason, cause });
  }
}
