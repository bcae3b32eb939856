import type { Clock } from '../live/clock.ts';
import { Listeners } from '../live/listeners.ts';
import type { Log } from '../live/log.ts';
import type { AudioFeed, FeedEvent } from './audio-feed.ts';

/** Endings of the room, not of our wish to hear it. To join at once would make anew what somebody has ended. */
export const roomEndings: ReadonlySet<string> = new Set([
  'room-left-room-deleted',
  'room-left-room-closed',
  'room-unknown',
]);
/** After the console was killed: its room is not made anew. */
const goneMeanwhile: FeedEvent = {
  type: 'state',
  state: 'ended',
  text: 'The room was not open any more when Cuedesk was back.',
  problem: {
    code: 'room-gone-meanwhile',
    fault: 'server',
    retryable: false,
    text: 'The console was ended while it recorded, and the room was not open any more when it was back.',
  },
};
const lookEveryMs = 3_000;
/** As long as a server keeps an empty room by default. Later it is another evening, and silence would fill the disk. */
const returnsWithinMs = 300_000;

export interface ReturningFeedOptions {
  readonly open: () => Promise<AudioFeed>;
  /** Whether the room is open now; asked only while it was not. */
  readonly isOpen: (signal: AbortSignal) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The sound of a room that may come back: one that was ended is joined anew where others open it again soon. What was cut
 * off by the end of the console begins with a look, and is over at once where the room is not there.
 */
export class ReturningFeed implements AudioFeed {
  readonly kind = 'direct';
  readonly #options: ReturningFeedOptions;
  readonly #listeners: Listeners<FeedEvent>;
  readonly #stopping = new AbortController();
  /** Null: not looked for yet, after the console was killed. */
  #feed: AudioFeed | null;
  #off: (() => void) | null = null;
  #rooms = 1;
  /** When the room was known last not to be there; what was said since is missing, and told with the first voice. */
  #goneSinceMs: number | null = null;
  #returning: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  private constructor(options: ReturningFeedOptions, feed: AudioFeed | null) {
    this.#options = options;
    this.#feed = feed;
    this.#listeners = new Listeners((error) => options.log.error('a listener of a feed failed', {}, error));
  }

  static async open(options: ReturningFeedOptions): Promise<ReturningFeed> {
    return new ReturningFeed(options, await options.open());
  }
  /** Goes on after the console was killed, where the room is still open. */
  static goOn(options: ReturningFeedOptions): ReturningFeed {
    return new ReturningFeed(options, null);
  }

  on(listener: (event: FeedEvent) => void): () => void {
    const off = this.#listeners.on(listener);
    if (this.#feed) this.#off ??= this.#feed.on((event) => this.#take(event));
    else this.#returning ??= this.#return(goneMeanwhile, true);
    return off;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#stopping.abort(new Error('nobody listens any more'));
    await this.#returning;
    await this.#feed?.close();
    this.#off?.();
  }

  #take(event: FeedEvent): void {
    if (event.type === 'state') {
      const { state, text, problem } = event;
      const isGone = state === 'ended' && problem !== undefined && roomEndings.has(problem.code);
      if (!isGone || this.#closing) return this.#listeners.emit(event);
      this.#goneSinceMs ??= this.#options.clock.nowMs();
      const waits = `${text} It is joined again once it is open.`;
      this.#listeners.emit({ type: 'state', state: 'reconnecting', text: waits, problem });
      this.#returning = this.#return(event);
      return;
    }
    // Each time that we are in the room counts its voices from one.
    const sourceId = `${this.#rooms}:${event.sourceId}`;
    this.#listeners.emit({ ...event, sourceId });
    if (event.type !== 'sourceOpened' || this.#goneSinceMs === null) return;
    const hole = { fromMs: this.#goneSinceMs, toMs: event.startedAtMs, cause: 'The room was ended, and opened again.' };
    this.#goneSinceMs = null;
    this.#listeners.emit({ type: 'gap', sourceId, ...hole });
  }

  async #return(ended: FeedEvent, isAfterKill = false): Promise<void> {
    const { open, isOpen, clock, log } = this.#options;
    const { signal } = this.#stopping;
    this.#off?.();
    await this.#feed?.close();
    let isFirst = true;
    const giveUpAtMs = clock.nowMs() + returnsWithinMs;
    while (!signal.aborted) {
      if (clock.nowMs() > giveUpAtMs) return this.#listeners.emit(ended);
      try {
        if (!isAfterKill || !isFirst) await clock.delay(lookEveryMs, signal);
        isFirst = false;
        const lookedAtMs = clock.nowMs();
        if (!(await isOpen(signal))) {
          if (isAfterKill) return this.#listeners.emit(ended);
          this.#goneSinceMs = lookedAtMs;
          continue;
        }
        this.#feed = await open();
      } catch (error) {
        if (!signal.aborted) log.warn('Whether a room is open again is not known', { reason: String(error) });
        continue; // looked for again, until nobody listens
      }
      this.#rooms++;
      this.#off = this.#feed.on((event) => this.#take(event));
      return;
    }
  }
}
