import type { Log } from '../live/log.ts';
import { Listeners } from '../live/listeners.ts';
import type { AudioFeed, FeedEvent } from './audio-feed.ts';
import { DirectSource } from './direct-source.ts';
import type { LinkState, RoomEvent, RoomStream } from './joined-room.ts';
import type { RoomLink } from './room-link.ts';

/** After a restart of the server people come back some seconds after us. Who stays away longer has left by themselves. */
const returnLimitMs = 30_000;

interface Loss {
  readonly fromMs: number;
  readonly cause: string;
  /** Until when a return ends this gap; null while we are away ourselves, or while its person is there. */
  readonly untilMs: number | null;
}

export interface DirectFeedOptions {
  /** Taken over: released when the feed closes. */
  readonly link: RoomLink;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * The sound of a room that we are in: one source for each audio track, about 60 ms after it was made. It begins with its first
 * listener, however late that comes: with the state and the people that there are by then.
 */
export class DirectFeed implements AudioFeed {
  readonly kind = 'direct';
  readonly #options: DirectFeedOptions;
  readonly #listeners: Listeners<FeedEvent>;
  readonly #sources = new Map<number, DirectSource>();
  /** Who was heard until the connection was lost, by identity and kind of track. */
  readonly #lost = new Map<string, Loss>();
  #offs: readonly (() => void)[] | null = null;
  #sourceCount = 0;
  #lastState = '';
  #reconnectingSinceMs: number | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: DirectFeedOptions) {
    this.#options = options;
    this.#listeners = new Listeners((error) => options.log.error('a listener of a feed failed', {}, error));
  }

  on(listener: (event: FeedEvent) => void): () => void {
    const off = this.#listeners.on(listener);
    this.#begin();
    return off;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #begin(): void {
    if (this.#offs || this.#closing) return;
    const { link } = this.#options;
    this.#offs = [
      link.on((event) => this.#take(event)),
      link.state.on((state) => this.#takeState(state)),
      link.people.on(() => this.#takePeople()),
    ];
    queueMicrotask(() => {
      if (this.#closing) return; // closed in the turn that began it
      this.#takeState(link.state.value);
      for (const stream of link.streams.values()) this.#open(stream);
    });
  }

  async #close(): Promise<void> {
    for (const off of this.#offs ?? []) off();
    for (const source of this.#sources.values()) this.#end(source, 'stopped');
    this.#emit({ type: 'state', state: 'ended', text: `Left ${this.#options.link.roomName}` });
    await this.#options.link.release();
  }

  #take(event: RoomEvent): void {
    if (event.type === 'streamOpened') this.#open(event.stream);
    else if (event.type === 'sound') this.#sources.get(event.block.streamId)?.take(event.block);
    else {
      const source = this.#sources.get(event.stream.streamId);
      if (!source) return;
      if (event.reason === 'disconnected' && source.endMs !== null)
        this.#lost.set(this.#keyOf(source.stream), {
          fromMs: source.endMs,
          cause: event.cause,
          untilMs: null,
        });
      this.#end(source, event.reason === 'disconnected' ? 'died' : event.reason);
    }
  }

  #open(stream: RoomStream): void {
    if (this.#sources.has(stream.streamId)) return;
    const person = this.#personOf(stream);
    const track = person?.tracks.find(({ sid }) => sid === stream.trackSid);
    const key = this.#keyOf(stream);
    const source = new DirectSource({
      sourceId: `${stream.trackSid}#${++this.#sourceCount}`,
      stream,
      name: person?.name ?? stream.identity,
      isMuted: track?.isMuted ?? false,
      emit: (event) => this.#emit(event),
      onFirst: (startedAtMs) => {
        const loss = this.#lost.get(key);
        this.#lost.delete(key);
        const isLate = loss && loss.untilMs !== null && loss.untilMs < this.#options.nowMs();
        if (loss && !isLate && loss.fromMs < startedAtMs)
          this.#emit({
            type: 'gap',
            sourceId: source.sourceId,
            fromMs: loss.fromMs,
            toMs: startedAtMs,
            cause: loss.cause,
          });
      },
    });
    this.#sources.set(stream.streamId, source);
  }

  #end(source: DirectSource, reason: 'left' | 'unpublished' | 'died' | 'stopped'): void {
    this.#sources.delete(source.stream.streamId);
    source.end(reason);
  }

  #takeState(state: LinkState): void {
    if (state.state === 'reconnecting') this.#reconnectingSinceMs ??= this.#options.nowMs();
    if (state.state === 'live' && this.#reconnectingSinceMs !== null) {
      // Streams that outlived it sent zeros meanwhile. Those that did not are dated when their person is heard again.
      for (const source of this.#sources.values())
        source.restored(
          this.#reconnectingSinceMs,
          this.#options.nowMs(),
          'The connection to the room was interrupted.',
        );
      this.#reconnectingSinceMs = null;
      this.#takePeople();
    }
    const key = `${state.state} ${state.text}`;
    if (key === this.#lastState) return;
    this.#lastState = key;
    const problem = state.problem ? { problem: state.problem } : {};
    this.#emit({ type: 'state', state: state.state, text: state.text, ...problem });
  }

  #takePeople(): void {
    const { people, state } = this.#options.link;
    for (const source of this.#sources.values()) {
      const track = this.#personOf(source.stream)?.tracks.find(({ sid }) => sid === source.stream.trackSid);
      if (track) source.setMuted(track.isMuted);
    }
    if (state.value.state !== 'live') return;
    const present = new Set((people.value ?? []).map((person) => person.identity));
    const untilMs = this.#options.nowMs() + returnLimitMs;
    for (const [key, loss] of this.#lost) {
      if (!present.has(identityOf(key))) this.#lost.set(key, { ...loss, untilMs: loss.untilMs ?? untilMs });
    }
  }

  #personOf(stream: RoomStream) {
    return this.#options.link.people.value?.find((person) => person.identity === stream.identity);
  }

  /** The same voice before and after a loss: the track's SID changes, its kind does not. */
  #keyOf(stream: RoomStream): string {
    const track = this.#personOf(stream)?.tracks.find(({ sid }) => sid === stream.trackSid);
    return JSON.stringify([stream.identity, track?.source ?? 'microphone']);
  }

  #emit(event: FeedEvent): void {
    this.#listeners.emit(event);
  }
}

const identityOf = (key: string): string => (JSON.parse(key) as [string, string])[0]; // made by #keyOf
