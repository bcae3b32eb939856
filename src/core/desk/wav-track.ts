import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import { samplesPerMs } from './ports.ts';
import { WavFile } from './wav-file.ts';

/** 3.8 GB: a WAV file, and one on FAT32, ends before 4 GiB. Whole hours, so that a new part is easy to find. */
const usualPartSamples = 11 * 3_600_000 * samplesPerMs;
/** How long after a file failed a new part is tried: space may have been made. */
const retryMs = 10_000;

export interface WavTrackOptions {
  readonly folder: string;
  /** A file name without extension for each part, counted from 1; never the same twice. */
  readonly nameOf: (part: number) => string;
  readonly description: string;
  /** Wall clock of sample 0 of the recording. */
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly onProblem: (problem: Problem, fileName: string) => void;
  readonly onDropped: (at: number, count: number) => void;
  readonly onFile: (fileName: string) => void;
  readonly partSamples?: number;
  readonly openFile?: (path: string) => Promise<FileHandle>;
}
export interface TrackFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly durationMs: number;
  readonly startedAtMs: number;
}
interface Part {
  readonly name: string;
  readonly path: string;
  readonly start: number;
  readonly end: number;
  /** The first sample that was meant for it. */
  readonly from: number;
  readonly file: WavFile;
  failedAtMs: number | null;
}

/** One voice (or the mix) on the time line of the recording, in as many files as it takes. Numbers count from its start. */
export class WavTrack {
  readonly #options: WavTrackOptions;
  readonly #partSamples: number;
  readonly #parts: Part[] = [];
  readonly #closing: Promise<void>[] = [];
  #lastProblem: string | null = null;

  constructor(options: WavTrackOptions) {
    this.#options = options;
    this.#partSamples = options.partSamples ?? usualPartSamples;
  }

  /** True from the failure of a file until another has taken some sound. */
  get isFailing(): boolean {
    const file = this.#parts.at(-1)?.file;
    if (file && file.problem === null && file.samples > 0) this.#lastProblem = null;
    return this.#lastProblem !== null;
  }

  files(): TrackFile[] {
    return this.#parts
      .filter(({ file }) => file.problem === null || file.samples > 0)
      .map(({ name, path, start, file }) => ({
        name,
        path,
        bytes: file.bytes,
        durationMs: file.samples / samplesPerMs,
        startedAtMs: this.#options.startedAtMs + start / samplesPerMs,
      }));
  }

  /** Samples in order; the array is not to be touched afterwards. */
  write(at: number, samples: Int16Array): void {
    for (let from = at; from < at + samples.length;) {
      const part = this.#partFor(from);
      const to = Math.min(at + samples.length, part.end);
      if (part.file.problem) this.#miss(part, to);
      else part.file.write(from - part.start, samples.subarray(from - at, to - at));
      from = to;
    }
  }

  /** Sound for a time that was written already. */
  addLate(at: number, samples: Int16Array): void {
    const part = this.#parts.at(-1) ?? this.#partFor(at);
    const isHeld = at >= part.start && at + samples.length <= part.end && !part.file.problem;
    if (isHeld) part.file.add(at - part.start, samples);
    else this.#options.onDropped(at, samples.length); // in a part that is finished
  }

  extend(to: number): void {
    if (to <= 0) return;
    const part = this.#partFor(to - 1);
    if (part.file.problem) this.#miss(part, to);
    else part.file.extend(to - part.start);
  }

  /** All that came after what the file has taken: also what waited for it when it failed, and the silence since. */
  #miss({ start, from, file }: Part, to: number): void {
    const missing = Math.max(from, start + file.samples);
    if (to > missing) this.#options.onDropped(missing, to - missing);
  }

  /** Finishes every file; the last ends at `end`. */
  async close(end: number): Promise<void> {
    const part = this.#parts.at(-1);
    if (part && end > part.start) part.file.extend(Math.min(end, part.end) - part.start);
    if (part) this.#closing.push(part.file.close());
    await Promise.all(this.#closing);
    if (part?.file.problem) this.#miss(part, Math.min(end, part.end)); // it may have failed only now
  }

  /** The part that takes the sample `at`: the last, or a new one where that is full or failed a while ago. */
  #partFor(at: number): Part {
    const last = this.#parts.at(-1);
    if (last) {
      const { failedAtMs } = last;
      const isOver = failedAtMs !== null && this.#options.clock.monotonicMs() - failedAtMs >= retryMs;
      if (at < last.end && !isOver) return last;
      last.file.extend(last.end - last.start);
      this.#closing.push(last.file.close());
      if (isOver && last.file.samples === 0) this.#parts.pop(); // nothing is left of it, not even its name
      return this.#begin(at, isOver ? at : Math.floor(at / this.#partSamples) * this.#partSamples);
    }
    return this.#begin(at, Math.floor(at / this.#partSamples) * this.#partSamples);
  }

  #begin(at: number, start: number): Part {
    const { folder, nameOf, description, startedAtMs, clock, onDropped, onFile, openFile } = this.#options;
    const name = `${nameOf(this.#parts.length + 1)}.wav`;
    const path = join(folder, name);
    const part: Part = {
      name,
      path,
      start,
      end: (Math.floor(at / this.#partSamples) + 1) * this.#partSamples,
      from: at,
      failedAtMs: null,
      file: new WavFile({
        path,
        name,
        startedAtMs: startedAtMs + start / samplesPerMs,
        description,
        clock,
        onProblem: (problem) => {
          part.failedAtMs = clock.monotonicMs();
          if (problem.code !== this.#lastProblem) this.#options.onProblem(problem, name);
          this.#lastProblem = problem.code;
        },
        onDropped: (from, count) => onDropped(start + from, count),
        ...(openFile ? { openFile } : {}),
      }),
    };
    this.#parts.push(part);
    onFile(name);
    return part;
  }
}
