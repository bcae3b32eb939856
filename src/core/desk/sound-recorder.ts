import type { FileHandle } from 'node:fs/promises';
import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { makeFolder } from '../live/make-folder.ts';
import { fileProblem } from './file-problem.ts';
import { GapList, type RecordedGap } from './gap-list.ts';
import { samplesPerMs, type RecordedEvent, type RecordedFeed, type SoundTools } from './ports.ts';
import { SoundSources, type SoundSource } from './sound-sources.ts';
import { voiceWindowSamples, type Voice } from './voice.ts';
import { VoiceBook } from './voice-book.ts';

/** How often sound goes to the disk; with the hold of the sources what a kill can take stays under a second. */
const flushEveryMs = 200;
/** At the end what was spoken before is waited for, as late as the feed is, up to this. */
const maxDrainMs = 4_000;
const drainExtraMs = 30;
const feedEnded = (text: string | undefined): Problem => ({
  code: 'feed-ended',
  fault: 'server',
  retryable: true,
  text: text ?? 'The sound of the room ended.',
});
/** Every file failed for so long: the recording is over. */
const hopelessMs = 30_000;

export interface SoundRecorderOptions {
  readonly jobId: string;
  /** Recorded, not owned: whoever opened it closes it after the recorder. */
  readonly feed: RecordedFeed;
  /** Made where it is missing. */
  readonly folder: string;
  /** How the files begin: "<base> mix.wav", "<base> <name>.wav". */
  readonly baseName: string;
  /** Shared by recordings that may begin in the same second. */
  readonly takenBases?: Set<string>;
  readonly tools: SoundTools;
  readonly clock: Clock;
  readonly log: Log;
  /** One file takes nothing more, or lost something; the others go on. */
  readonly onProblem?: (problem: Problem, fileName: string) => void;
  /** Something is missing; told again when the same gap grew. */
  readonly onGap?: (gap: RecordedGap) => void;
  /** Length of a part; below 4 GiB. */
  readonly partSamples?: number;
  readonly openFile?: (path: string) => Promise<FileHandle>;
}
export interface RecordedFile {
  readonly name: string;
  readonly path: string;
  /** Null: the mix. */
  readonly identity: string | null;
  readonly bytes: number;
  readonly durationMs: number;
  readonly startedAtMs: number;
}
/**
 * Records the sound of a room into files that survive a kill: the mix and one file for each person, all beginning at the
 * same sample. It begins with the first word of the feed that sound can flow, and then runs on through silence.
 */
export class SoundRecorder {
  /** Resolves with the wall clock of the first sample; rejects with a ProblemError if it cannot begin. */
  readonly began: Promise<number>;
  /** Settles only if the recording ends by itself. */
  readonly failed: Promise<Problem>;
  readonly #options: SoundRecorderOptions;
  readonly #began = Promise.withResolvers<number>();
  readonly #failed = Promise.withResolvers<Problem>();
  readonly #stopping = new AbortController();
  readonly #book: VoiceBook;
  readonly #sources = new SoundSources();
  readonly #gaps = new GapList();
  readonly #off: () => void;
  #mix: Voice | null = null;
  /** Sample 0, by the clock that never jumps and by the wall. */
  #originMs = 0;
  #startedAtMs: number | null = null;
  /** Everything before this sample was given to the files. */
  #horizon = 0;
  #lastProblem: Problem | null = null;
  #failingSinceMs: number | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #closing: Promise<void> | null = null;

  private constructor(options: SoundRecorderOptions) {
    this.#options = options;
    this.began = this.#began.promise;
    this.failed = this.#failed.promise;
    this.began.catch(() => {}); // whoever waits for it is told; nobody must
    this.#book = new VoiceBook({
      ...options,
      onProblem: (problem, fileName) => {
        this.#lastProblem = problem;
        options.onProblem?.(problem, fileName);
      },
      onDropped: (identity, at, count) =>
        this.#miss(this.#gapAt(identity, at, at + count, 'The disk did not take the sound.'), true),
      onNoteLost: (error) =>
        options.log.warn('The note beside a recording could not be kept', {
          reason: fileProblem(error, '').problem.text,
        }),
    });
    this.#off = options.feed.on((event) => this.#take(event));
  }

  /** Listens from this turn on. Never throws: what hinders it is told by `began`. */
  static open(options: SoundRecorderOptions): SoundRecorder {
    const recorder = new SoundRecorder(options);
    try {
      makeFolder(options.folder);
    } catch (error) {
      recorder.#began.reject(fileProblem(error, options.folder));
      recorder.#off();
      recorder.#stopping.abort(new Error('the folder cannot be used'));
    }
    return recorder;
  }

  files(): readonly RecordedFile[] {
    return this.#book.all.flatMap((voice) => voice.files.map((file) => ({ ...file, identity: voice.identity })));
  }
  gaps(): readonly RecordedGap[] {
    return this.#gaps.all;
  }
  /** How many people it has heard, whether the disk takes them or not. */
  peopleCount(): number {
    return this.#book.all.filter((voice) => voice.identity !== null).length;
  }
  /** Of what was written last: the mix (identity null) and each person. */
  levels(): readonly { readonly identity: string | null; readonly peakTenths: number; readonly rmsTenths: number }[] {
    return this.#book.all.map((voice) => ({ identity: voice.identity, ...voice.level }));
  }

  /** Waits for what was spoken before, and finishes the files at the time of this call. Safe to repeat. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #take(event: RecordedEvent): void {
    const { clock } = this.#options;
    switch (event.type) {
      case 'state':
        if (event.state === 'live') this.#begin(clock.monotonicMs());
        else if (event.state === 'ended') this.#feedEnded(event.problem ?? feedEnded(event.text));
        return;
      case 'sourceOpened':
        this.#sources.open(event, clock);
        return;
      case 'pcm': {
        const source = this.#sources.find(event.sourceId);
        if (source) this.#record(source, event.firstSample, event.samples);
        return;
      }
      case 'gap': {
        const identity = this.#sources.find(event.sourceId)?.identity ?? null;
        this.#miss({ identity, fromMs: event.fromMs, toMs: event.toMs, cause: event.cause }, true);
        return;
      }
      case 'sourceClosed':
        this.#sources.close(event.sourceId);
        return;
      case 'muted':
        return; // its zeros go on
    }
  }

  #record(source: SoundSource, firstSample: number, samples: Int16Array): void {
    const { clock, tools } = this.#options;
    const nowMs = clock.monotonicMs();
    this.#begin(nowMs - source.lagMs - samples.length / samplesPerMs);
    source.placer ??= tools.placer({ ...source, originMs: this.#originMs });
    source.voice ??= this.#book.of(source.identity, source.name);
    const placed = source.placer.place(firstSample, samples, nowMs);
    if (placed.holeFrom < placed.at)
      this.#miss(this.#gapAt(source.identity, placed.holeFrom, placed.at, 'Sound did not arrive.'), false);
    const early = Math.min(placed.samples.length, Math.max(0, -placed.at)); // from before the recording began
    const block = early > 0 ? placed.samples.subarray(early) : placed.samples;
    const at = placed.at + early;
    const end = at + block.length;
    if (end > this.#horizon + voiceWindowSamples) this.#flushTo(end - voiceWindowSamples);
    source.next = end;
    source.voice?.add(at, block, this.#horizon);
    this.#mix?.add(at, block, this.#horizon);
  }

  #begin(originMs: number): void {
    if (this.#startedAtMs !== null || this.#stopping.signal.aborted) return;
    const { clock, log } = this.#options;
    this.#originMs = originMs;
    this.#startedAtMs = Math.round(clock.nowMs() - (clock.monotonicMs() - originMs));
    this.#mix = this.#book.begin(this.#startedAtMs);
    this.#flushing = this.#run();
    log.info('A recording of sound began', { jobId: this.#options.jobId });
    this.#began.resolve(this.#startedAtMs);
  }

  /** No sound will come any more: a recording that went on would be silence and look like one of the room. */
  #feedEnded(problem: Problem): void {
    this.#began.reject(new ProblemError(problem)); // does nothing where it has begun
    this.#failed.resolve(problem);
  }

  #gapAt(identity: string | null, from: number, to: number, cause: string): RecordedGap {
    const startedAtMs = this.#startedAtMs ?? 0;
    return { identity, fromMs: startedAtMs + from / samplesPerMs, toMs: startedAtMs + to / samplesPerMs, cause };
  }

  #miss(gap: RecordedGap, isTold: boolean): void {
    if (this.#startedAtMs === null || gap.toMs <= this.#startedAtMs) return;
    const within = { ...gap, fromMs: Math.max(gap.fromMs, this.#startedAtMs) };
    const known = this.#gaps.add(within, isTold);
    this.#options.onGap?.(known);
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stopping;
    try {
      for (;;) {
        await clock.delay(flushEveryMs, signal);
        this.#flushTo(this.#sources.dueAt(clock.monotonicMs() - this.#originMs));
        this.#watchFailure(clock.monotonicMs());
      }
    } catch (error) {
      if (signal.aborted) return;
      log.error('A recording stopped writing', { jobId: this.#options.jobId }, error);
      this.#failed.resolve(fileProblem(error, this.#book.base).problem);
    }
  }

  #flushTo(end: number): void {
    const voices = this.#book.all;
    while (this.#horizon < end) {
      const isSilent = !voices.some((voice) => voice.hasSoundWaiting);
      const count = isSilent ? end - this.#horizon : Math.min(end - this.#horizon, voiceWindowSamples / 2);
      for (const voice of voices) voice.flush(this.#horizon, count);
      this.#horizon += count;
    }
    const speaking = this.#sources.identities;
    for (const voice of voices) if (voice.identity !== null && !speaking.has(voice.identity)) voice.rest();
  }

  #watchFailure(nowMs: number): void {
    if (!this.#book.all.every((voice) => voice.isFailing)) this.#failingSinceMs = null;
    else if (nowMs - (this.#failingSinceMs ??= nowMs) >= hopelessMs && this.#lastProblem)
      this.#failed.resolve(this.#lastProblem);
  }

  async #close(): Promise<void> {
    const { clock, log } = this.#options;
    const endMs = clock.monotonicMs();
    if (this.#startedAtMs !== null && this.#sources.size > 0 && !this.#stopping.signal.aborted)
      await clock.delay(Math.min(this.#sources.lagMs, maxDrainMs) + drainExtraMs);
    this.#off();
    this.#stopping.abort(new Error('the recorder closed'));
    await this.#flushing;
    if (this.#startedAtMs === null) {
      this.#began.reject(
        new ProblemError({
          code: 'desk-not-begun',
          fault: 'ours',
          retryable: true,
          text: 'The recording was stopped before any sound could be had.',
        }),
      );
      return;
    }
    const end = Math.max(this.#horizon, Math.round((endMs - this.#originMs) * samplesPerMs));
    this.#flushTo(end);
    await this.#book.close(end);
    log.info('A recording of sound was finished', { jobId: this.#options.jobId, lengthMs: end / samplesPerMs });
  }
}
