import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { LevelEvent } from './feed-event.ts';
import { noSound } from './levels.ts';
import { Meter } from './meter.ts';
import { MixWindow } from './mix.ts';
import { samplesPerMs } from './sound-format.ts';
import { SourceTimeline } from './timeline.ts';

const frameMs = 50;
/** Somebody of whom nothing came for so long has no level. Zeros do come through mute and silence. */
const silentAfterMs = 250;
/** How far behind the foremost source the mix is measured: others of one feed differ by up to 60 ms. */
const mixBehindSamples = 80 * samplesPerMs;
const mixSliceSamples = 10 * samplesPerMs;
const mixWindowSamples = 2_000 * samplesPerMs;

interface LevelSource {
  readonly identity: string;
  readonly timeline: SourceTimeline;
}
interface PersonLevel {
  readonly meter: Meter;
  lastPushMs: number;
}

export interface LevelsHubOptions {
  /** Subscribes to the sound of the room; called when somebody looks, and the returned function when nobody does any more. */
  readonly listen: (listener: (event: LevelEvent) => void) => () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The levels of one room at 20 Hz, in the format of the contract: first and whenever the set changes the people as text,
 * then binary frames. Nobody looks: no work.
 */
export class LevelsHub {
  readonly #options: LevelsHubOptions;
  readonly #subscribers = new Set<(data: string | Uint8Array) => void>();
  readonly #sources = new Map<string, LevelSource>();
  readonly #levels = new Map<string, PersonLevel>();
  readonly #mixMeter = new Meter();
  readonly #slice = new Int16Array(mixSliceSamples);
  #mix = new MixWindow(mixWindowSamples);
  #mixPushMs = -Infinity;
  #originMs = 0;
  #order: readonly string[] = [];
  #people: readonly string[] = [];
  #watch: { readonly stop: () => void; readonly ended: Promise<void> } | null = null;
  #isClosed = false;

  constructor(options: LevelsHubOptions) {
    this.#options = options;
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  /** Who is in the room, in the order of the frames. People who are heard without being listed come after them. */
  setPeople(identities: readonly string[]): void {
    this.#order = identities;
    this.#updatePeople();
  }

  /** `send` gets every message; one that throws is not called again. Returns the function that ends it. */
  subscribe(send: (data: string | Uint8Array) => void): () => void {
    if (this.#isClosed) return () => {};
    this.#subscribers.add(send);
    this.#watch ??= this.#start();
    this.#sendTo(send, this.#peopleText());
    return () => this.#leave(send);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#subscribers.clear();
    const watch = this.#watch;
    watch?.stop();
    await watch?.ended;
  }

  #leave(send: (data: string | Uint8Array) => void): void {
    this.#subscribers.delete(send);
    if (this.#subscribers.size === 0) this.#watch?.stop();
  }

  #start(): { readonly stop: () => void; readonly ended: Promise<void> } {
    const { clock, listen } = this.#options;
    const stopping = new AbortController();
    this.#originMs = clock.monotonicMs() - 10_000; // before any sound that may still come
    this.#mix = new MixWindow(mixWindowSamples);
    this.#mixMeter.reset();
    this.#mixPushMs = -Infinity;
    const off = listen((event) => this.#take(event));
    const stop = (): void => {
      if (stopping.signal.aborted) return;
      off();
      stopping.abort(new Error('nobody looks at the levels'));
      this.#watch = null;
      this.#sources.clear();
      this.#levels.clear();
      this.#updatePeople();
    };
    return { stop, ended: this.#tick(stopping.signal) };
  }

  #take(event: LevelEvent): void {
    if (event.type === 'pcm') this.#push(event.sourceId, event.firstSample, event.samples);
    else if (event.type === 'sourceOpened') {
      const { clock } = this.#options;
      const { identity, startedAtMs, lagMs, sourceId } = event;
      const ageMs = clock.nowMs() - startedAtMs;
      const timeline = new SourceTimeline({
        originMs: this.#originMs,
        startedAtMs: clock.monotonicMs() - ageMs,
        lagMs,
      });
      this.#sources.set(sourceId, { identity, timeline });
      if (!this.#levels.has(identity)) this.#levels.set(identity, { meter: new Meter(), lastPushMs: -Infinity });
      this.#updatePeople();
    } else if (event.type === 'sourceClosed') {
      const source = this.#sources.get(event.sourceId);
      this.#sources.delete(event.sourceId);
      if (source && ![...this.#sources.values()].some(({ identity }) => identity === source.identity))
        this.#levels.delete(source.identity);
      this.#updatePeople();
    }
  }

  #push(sourceId: string, firstSample: number, samples: Int16Array): void {
    const source = this.#sources.get(sourceId);
    const level = source && this.#levels.get(source.identity);
    if (!level) return;
    const nowMs = this.#options.clock.monotonicMs();
    level.meter.add(samples);
    level.lastPushMs = nowMs;
    this.#mixPushMs = nowMs;
    const { at, samples: block } = source.timeline.place(firstSample, samples, nowMs);
    const end = at + block.length;
    const mix = this.#mix;
    if (end > mix.base + mixWindowSamples) mix.skip(end - mixBehindSamples - mix.base); // the first block, or after a pause
    mix.add(at, block);
    while (mix.filledTo - mix.base >= mixBehindSamples + mixSliceSamples) {
      mix.take(mixSliceSamples, this.#slice);
      this.#mixMeter.add(this.#slice);
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    try {
      for (let dueMs = clock.monotonicMs() + frameMs; ; dueMs += frameMs) {
        const nowMs = clock.monotonicMs();
        if (nowMs > dueMs + frameMs) dueMs = nowMs; // frames that were missed are not made up for
        await clock.delay(Math.max(0, dueMs - nowMs), signal);
        const frame = this.#frame(clock.monotonicMs());
        for (const send of this.#subscribers) this.#sendTo(send, frame);
      }
    } catch (error) {
      if (!signal.aborted) log.error('The levels of a room ended', {}, error);
    }
  }

  #frame(nowMs: number): Uint8Array {
    const frame = Buffer.alloc(4 * (this.#people.length + 1));
    write(frame, 0, nowMs - this.#mixPushMs < silentAfterMs ? this.#mixMeter : null);
    this.#people.forEach((identity, index) => {
      const level = this.#levels.get(identity);
      write(frame, index + 1, level && nowMs - level.lastPushMs < silentAfterMs ? level.meter : null);
    });
    return frame;
  }

  #updatePeople(): void {
    const listed = new Set(this.#order);
    const people = [...this.#order, ...[...this.#levels.keys()].filter((identity) => !listed.has(identity))];
    if (people.length === this.#people.length && people.every((identity, index) => identity === this.#people[index]))
      return;
    this.#people = people;
    const text = this.#peopleText();
    for (const send of this.#subscribers) this.#sendTo(send, text);
  }

  #peopleText(): string {
    return JSON.stringify({ people: this.#people });
  }

  #sendTo(send: (data: string | Uint8Array) => void, data: string | Uint8Array): void {
    try {
      send(data);
    } catch (error) {
      this.#options.log.warn('Levels could not be sent', {
        reason: error instanceof Error ? error.message : 'unknown',
      });
      this.#leave(send);
    }
  }
}

function write(frame: Buffer, index: number, meter: Meter | null): void {
  frame.writeInt16LE(meter ? meter.peakTenths : noSound, 4 * index);
  frame.writeInt16LE(meter ? meter.rmsTenths : noSound, 4 * index + 2);
  meter?.read();
}
