import { open, unlink, type FileHandle } from 'node:fs/promises';
import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import { fileProblem } from './file-problem.ts';
import { setWavSizes, wavHeader, wavHeaderBytes } from './wav-header.ts';

/** Nearly three minutes of sound: a disk that is slower for longer loses some. */
const maxQueuedBytes = 16 << 20;
/**
 * What was written survives the death of this process at once; of the computer, up to the last `fdatasync`. One each 10 s
 * costs a mechanical disk with 20 files about a fifth of its time.
 */
const syncEveryMs = 10_000;

export interface WavFileOptions {
  /** Must not exist yet. */
  readonly path: string;
  readonly name: string;
  /** When sample 0 was made. */
  readonly startedAtMs: number;
  readonly description: string;
  readonly clock: Clock;
  /** The file takes nothing more. Told once. */
  readonly onProblem: (problem: Problem) => void;
  /** The disk was too slow: this many samples from `at` on are silent. */
  readonly onDropped: (at: number, count: number) => void;
  readonly openFile?: (path: string) => Promise<FileHandle>;
}

type Task =
  | { readonly type: 'write' | 'add'; readonly at: number; readonly samples: Int16Array }
  | { readonly type: 'extend'; readonly to: number };

/**
 * One WAV file, mono S16LE at 48 kHz, that plays up to what was written whenever its writer dies: the sizes in its head
 * follow after every piece, the sound first. Never waits for the disk; a bounded queue stands between. What was never
 * written is silent and takes no room on disks that know holes.
 */
export class WavFile {
  readonly #options: WavFileOptions;
  readonly #head: Buffer;
  readonly #tasks: Task[] = [];
  #handle: FileHandle | null = null;
  #queuedBytes = 0;
  #samples = 0;
  #writtenSamples = 0;
  #sizedSamples = 0;
  #syncedAtMs: number;
  #problem: Problem | null = null;
  #working: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: WavFileOptions) {
    this.#options = options;
    const { startedAtMs, description, clock } = options;
    this.#head = wavHeader({ startedAtMs, description, dataBytes: 0 });
    this.#syncedAtMs = clock.monotonicMs();
    this.#work(); // the file is there from the beginning
  }

  /** How much of it plays if the writer dies now. */
  get samples(): number {
    return this.#sizedSamples;
  }
  get bytes(): number {
    return wavHeaderBytes + this.#sizedSamples * 2;
  }
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Writes samples whose first has the number `at`. The array belongs to the file from now on. */
  write(at: number, samples: Int16Array): void {
    this.#push({ type: 'write', at, samples });
  }
  /** Adds to what is there: sound that came late. The array belongs to the file from now on. */
  add(at: number, samples: Int16Array): void {
    this.#push({ type: 'add', at, samples });
  }
  /** Makes it at least this long, with silence. */
  extend(to: number): void {
    this.#push({ type: 'extend', to });
  }

  /** Writes what is queued and the last sizes. Never rejects: what fails is told by `onProblem`. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #push(task: Task): void {
    if (this.#problem || this.#closing) return;
    const bytes = task.type === 'extend' ? 0 : task.samples.byteLength;
    if (this.#queuedBytes + bytes > maxQueuedBytes && task.type !== 'extend') {
      this.#options.onDropped(task.at, task.samples.length);
      return;
    }
    const last = this.#tasks.at(-1);
    if (task.type === 'extend' && last?.type === 'extend') this.#tasks.pop();
    this.#tasks.push(task);
    this.#queuedBytes += bytes;
    this.#work();
  }

  #work(): void {
    this.#working ??= this.#drain().finally(() => {
      this.#working = null;
      if (this.#tasks.length > 0) this.#work();
    });
  }

  async #drain(): Promise<void> {
    const { openFile = openNew, path, clock } = this.#options;
    try {
      const handle = (this.#handle ??= await openFile(path));
      if (this.#sizedSamples === 0) await writeAll(handle, this.#head, 0);
      for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
        await this.#apply(handle, task);
        if (this.#samples - this.#sizedSamples > 48_000) await this.#size(handle);
      }
      await this.#size(handle);
      if (clock.monotonicMs() - this.#syncedAtMs >= syncEveryMs) {
        this.#syncedAtMs = clock.monotonicMs();
        await handle.datasync();
      }
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #apply(handle: FileHandle, task: Task): Promise<void> {
    if (task.type === 'extend') {
      this.#samples = Math.max(this.#samples, task.to);
      return;
    }
    // All machines that Electron and Node run on are little-endian, as the format is.
    const bytes = Buffer.from(task.samples.buffer, task.samples.byteOffset, task.samples.byteLength);
    this.#queuedBytes -= bytes.length;
    const position = wavHeaderBytes + task.at * 2;
    if (task.type === 'add') await addWhatIsThere(handle, task.samples, position);
    await writeAll(handle, bytes, position);
    this.#samples = Math.max(this.#samples, task.at + task.samples.length);
    this.#writtenSamples = Math.max(this.#writtenSamples, task.at + task.samples.length);
  }

  async #size(handle: FileHandle): Promise<void> {
    if (this.#samples === this.#sizedSamples) return;
    const samples = this.#samples;
    if (samples > this.#writtenSamples) {
      await handle.truncate(wavHeaderBytes + samples * 2);
      this.#writtenSamples = samples;
    }
    setWavSizes(this.#head, samples * 2);
    await writeAll(handle, this.#head, 0);
    this.#sizedSamples = samples;
  }

  async #close(): Promise<void> {
    await Promise.resolve(); // so that #closing is set
    while (this.#working) await this.#working;
    const handle = this.#handle;
    this.#handle = null;
    if (!handle) return;
    try {
      await handle.datasync();
      await handle.close();
    } catch (error) {
      this.#handle = handle;
      await this.#fail(error);
    }
  }

  async #fail(error: unknown): Promise<void> {
    const { onProblem, path, name } = this.#options;
    this.#tasks.length = 0;
    this.#queuedBytes = 0;
    const handle = this.#handle;
    this.#handle = null;
    if (this.#problem) return;
    this.#problem = fileProblem(error, name).problem;
    await handle?.close().catch(() => {}); // it failed already, and that is told
    // A file that holds no sound is of no use to anybody; one that could not be made was not ours.
    if (handle && this.#sizedSamples === 0) await unlink(path).catch(() => {}); // gone is what it should be
    onProblem(this.#problem);
  }
}

const openNew = (path: string): Promise<FileHandle> => open(path, 'wx+');

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function addWhatIsThere(handle: FileHandle, samples: Int16Array, position: number): Promise<void> {
  const there = new Int16Array(samples.length);
  const { bytesRead } = await handle.read(Buffer.from(there.buffer), 0, there.byteLength, position);
  for (let index = 0; index < bytesRead >> 1; index++)
    samples[index] = Math.max(-32_768, Math.min(32_767, (samples[index] as number) + (there[index] as number)));
}
