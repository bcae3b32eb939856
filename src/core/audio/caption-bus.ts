import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { BusSource } from './bus-source.ts';
import { ChannelMap, type CaptionFit } from './channel-map.ts';
import { MixWindow } from './mix.ts';
import { Resampler48To16, resampleFactor } from './resample.ts';
import { samplesPerMs } from './sound-format.ts';

const captionChunkMs = 100;
const chunkSamples = captionChunkMs * samplesPerMs;
const chunkFrames = chunkSamples / resampleFactor;
/** How long a chunk waits for the slower channels once the first is there, where nothing else is wanted. */
const usualHoldMs = 40;
/** A source that has sent nothing for so long is not waited for. */
const stalledMs = 500;
const tickMs = 25;
/** Time that passed in one step of more than this passed while this computer stood still: nobody can be blamed for it. */
const longestStepMs = 30;
/** A burst of this length after a stall of this computer is kept whole. */
const windowSamples = 5_000 * samplesPerMs;

/** 100 ms of every channel, interleaved S16LE at 16 kHz, silence as zeros. */
export interface CaptionChunk {
  /** Counts from 0 without a hole. */
  readonly index: number;
  /** Session time of its first sample. */
  readonly startMs: number;
  readonly pcm: Buffer;
}

/** Sound of somebody that is missing in the chunks. Session time. */
export interface CaptionHole {
  readonly identity: string;
  readonly startMs: number;
  readonly endMs: number;
  /** `late`: it came when its chunk was gone. `missing`: it never came. */
  readonly cause: 'late' | 'missing';
}

export interface CaptionBusOptions {
  /** 1 to 8; fixed while the bus lives. An assigned channel without sound carries zeros. */
  readonly channels: number;
  /** How much later than made the sound of this feed usually arrives. */
  readonly lagMs: number;
  /** How long a chunk waits for the slower channels once the first is there: as much as the ways of a feed differ. */
  readonly holdMs?: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onChunk: (chunk: CaptionChunk) => void;
  readonly onHole?: (hole: CaptionHole) => void;
  /** Speakers have outgrown the channels, or fit them again. */
  readonly onFit?: (fit: CaptionFit) => void;
}

/** One track of somebody, as a feed opens it. Wall clock times. */
export interface BusSourceOptions {
  readonly sourceId: string;
  readonly identity: string;
  readonly startedAtMs: number;
  readonly lagMs: number;
}

/**
 * Makes the one stream that a transcriber takes of the sound of many people. Its clock is the arriving sound: a chunk leaves
 * when everybody's part is there, at the latest `holdMs` after the first; where no sound arrives at all, this computer's clock
 * goes on with zeros. The resampler makes words 3 ms late.
 */
export class CaptionBus {
  readonly #options: CaptionBusOptions;
  readonly #channels: ChannelMap;
  /** 1 MB each, made when somebody is first heard on the channel. */
  readonly #windows: (MixWindow | null)[];
  readonly #resamplers: readonly Resampler48To16[];
  /** Channels whose filter holds nothing but zeros. */
  readonly #isSettled: boolean[];
  readonly #slice = new Int16Array(chunkSamples);
  readonly #sources = new Map<string, BusSource>();
  readonly #stopping = new AbortController();
  readonly #holdMs: number;
  /** Clock that never jumps at session time zero plus the usual lag: when the sound of session time t arrives, minus t. */
  readonly #beganMs: number;
  readonly #startedAtMs: number;
  readonly #ticking: Promise<void>;
  #index = 0;
  /** Time in which this computer ran, and when it was looked at. */
  #ranMs = 0;
  #lookedMs: number;
  /** In time run. */
  #firstThereMs: number | null = null;
  #lateSamples = 0;

  constructor(options: CaptionBusOptions) {
    if (!Number.isInteger(options.channels) || options.channels < 1 || options.channels > 8)
      throw new RangeError('A caption session has 1 to 8 channels.');
    this.#options = options;
    this.#holdMs = options.holdMs ?? usualHoldMs;
    this.#channels = new ChannelMap(options.channels, (fit) => options.onFit?.(fit));
    this.#windows = Array.from({ length: options.channels }, () => null);
    this.#resamplers = this.#windows.map(() => new Resampler48To16());
    this.#isSettled = this.#windows.map(() => true);
    this.#beganMs = this.#lookedMs = options.clock.monotonicMs();
    this.#startedAtMs = options.clock.nowMs() - options.lagMs;
    this.#ticking = this.#tick();
  }

  /** Wall clock of session time zero: when the sound that arrived at the opening was made. */
  get startedAtMs(): number {
    return this.#startedAtMs;
  }
  get channels(): number {
    return this.#options.channels;
  }
  /** `mix`: there are more speakers than channels, and all are heard on channel 0. */
  get fit(): CaptionFit {
    return this.#channels.fit;
  }
  /** How much sound came too late so far, of all sources. */
  get lateMs(): number {
    return this.#lateSamples / samplesPerMs;
  }

  /** The channel of somebody, from now on; sources that open assign theirs by themselves. 0 for all while `fit` is `mix`. */
  assign(identity: string): number {
    this.#channels.assign(identity);
    return this.#channels.of(identity);
  }
  /** Gives the channel of somebody to whoever comes next. */
  release(identity: string): void {
    this.#channels.release(identity);
  }
  /** Who is heard on a channel alone; null for an empty channel and for a mix. */
  speakerOf(channel: number): string | null {
    return this.#channels.speakerOf(channel);
  }

  open(source: BusSourceOptions): void {
    this.closeSource(source.sourceId);
    this.#channels.assign(source.identity);
    const { clock, lagMs } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#sources.set(
      source.sourceId,
      new BusSource({
        identity: source.identity,
        originMs: this.#beganMs - lagMs,
        startedAtMs: nowMs - (clock.nowMs() - source.startedAtMs), // by its age: the wall clock may be set meanwhile
        lagMs: source.lagMs,
        onHole: (hole) => this.#options.onHole?.(hole),
      }),
    );
  }

  /** Takes a block of 48 kHz mono. Sound of an unknown source is not heard: open it first. */
  push(sourceId: string, firstSample: number, samples: Int16Array): void {
    const source = this.#sources.get(sourceId);
    if (!source || this.#stopping.signal.aborted) return;
    const nowMs = this.#options.clock.monotonicMs();
    this.#run(nowMs);
    const { at, samples: block } = source.place(firstSample, samples, nowMs, this.#base);
    source.lastPushMs = this.#ranMs;
    // A burst after a stall of one source: what the window cannot hold leaves without the others.
    while (at + block.length > this.#base + windowSamples) this.#emit();
    const channel = this.#channels.of(source.identity);
    const window = (this.#windows[channel] ??= new MixWindow(windowSamples, this.#base));
    this.#lateSamples += window.add(at, block);
    this.#emitReady(nowMs);
  }

  closeSource(sourceId: string): void {
    this.#sources.get(sourceId)?.close();
    if (this.#sources.delete(sourceId)) this.#emitReady(this.#options.clock.monotonicMs());
  }

  /** Ends it; what is not a whole chunk yet is dropped. Safe to repeat. */
  close(): Promise<void> {
    this.#stopping.abort(new Error('the caption bus closed'));
    for (const source of this.#sources.values()) source.close();
    this.#sources.clear();
    return this.#ticking;
  }

  get #base(): number {
    return this.#index * chunkSamples;
  }

  #run(nowMs: number): void {
    this.#ranMs += Math.min(longestStepMs, nowMs - this.#lookedMs);
    this.#lookedMs = nowMs;
  }

  /** Emits every chunk that all have, or that has waited long enough. */
  #emitReady(nowMs: number): void {
    this.#run(nowMs);
    while (!this.#stopping.signal.aborted) {
      const end = this.#base + chunkSamples;
      let waitedFor = 0;
      let there = 0;
      for (const source of this.#sources.values()) {
        if (source.lastPushMs === null || this.#ranMs - source.lastPushMs >= stalledMs) continue;
        waitedFor++;
        if (source.next >= end) there++;
      }
      if (there > 0 && this.#firstThereMs === null) {
        this.#firstThereMs = this.#ranMs;
        if (there < waitedFor) this.#armHold();
      }
      const isDue =
        waitedFor === 0
          ? nowMs >= this.#clockDueMs()
          : there === waitedFor || (this.#firstThereMs !== null && this.#ranMs >= this.#firstThereMs + this.#holdMs);
      if (!isDue) return;
      this.#emit();
    }
  }

  #emit(): void {
    const { channels, onChunk } = this.#options;
    const pcm = Buffer.alloc(chunkFrames * channels * 2); // a new one: the socket keeps it until it is sent
    const out = new Int16Array(pcm.buffer, pcm.byteOffset, chunkFrames * channels);
    for (let channel = 0; channel < channels; channel++) {
      const window = this.#windows[channel];
      if (!window) continue;
      window.take(chunkSamples, this.#slice);
      const isSilent = isZero(this.#slice);
      // Zeros through a filter that holds zeros are the zeros of a new buffer; most channels are silent at any time.
      if (isSilent && this.#isSettled[channel]) continue;
      this.#isSettled[channel] = isSilent;
      (this.#resamplers[channel] as Resampler48To16).process(this.#slice, out, channel, channels);
    }
    const index = this.#index++;
    this.#firstThereMs = null;
    onChunk({ index, startMs: index * captionChunkMs, pcm });
  }

  /** When the present chunk leaves if no sound arrives: not before sound that comes as late as any did could be there. */
  #clockDueMs(): number {
    let extraMs = 0;
    for (const source of this.#sources.values()) extraMs = Math.max(extraMs, source.lateMs - this.#options.lagMs);
    return this.#beganMs + (this.#index + 1) * captionChunkMs + extraMs + this.#holdMs;
  }

  /** Looks again when the wait for the slower channels is over. */
  #armHold(): void {
    const { clock } = this.#options;
    clock.delay(this.#holdMs, this.#stopping.signal).then(
      () => this.#emitReady(clock.monotonicMs()),
      () => {}, // only the closing rejects, and then nothing is left to do
    );
  }

  /** What no arriving sound can tell: that none arrives. */
  async #tick(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    try {
      for (;;) {
        await clock.delay(tickMs, signal);
        this.#emitReady(clock.monotonicMs());
      }
    } catch (error) {
      if (!signal.aborted) log.error('The caption bus lost its clock', {}, error);
    }
  }
}

function isZero(samples: Int16Array): boolean {
  for (const sample of samples) if (sample !== 0) return false;
  return true;
}
