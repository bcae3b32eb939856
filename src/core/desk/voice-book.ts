import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/model/common.ts';
import type { Clock } from '../live/clock.ts';
import { safeFileName, UniqueNames } from './file-name.ts';
import type { SoundTools } from './ports.ts';
import { Sidecar, sidecarSuffix } from './sidecar.ts';
import { Voice } from './voice.ts';
import { WavTrack } from './wav-track.ts';

/** Each costs a file handle and 0.4 MB while somebody speaks. Beyond, people are in the mix alone. */
const maxPeople = 200;

export interface VoiceBookOptions {
  readonly jobId: string;
  readonly folder: string;
  readonly baseName: string;
  /** The beginnings of names that other recordings of this run have, whether their files are there yet or not. */
  readonly takenBases?: Set<string> | undefined;
  readonly tools: SoundTools;
  readonly clock: Clock;
  readonly onProblem: (problem: Problem, fileName: string) => void;
  readonly onDropped: (identity: string | null, at: number, count: number) => void;
  /** The note beside the files could not be kept. */
  readonly onNoteLost: (error: unknown) => void;
  readonly partSamples?: number | undefined;
  readonly openFile?: ((path: string) => Promise<FileHandle>) | undefined;
}

/** The files of one recording: their names, whose they are, and the note of them that lies beside them while it runs. */
export class VoiceBook {
  readonly base: string;
  readonly #options: VoiceBookOptions;
  readonly #names: UniqueNames;
  readonly #sidecar: Sidecar;
  readonly #people = new Map<string, Voice>();
  readonly #identities = new Map<string, string | null>();
  #mix: Voice | null = null;
  #startedAtMs = 0;

  constructor(options: VoiceBookOptions) {
    this.#options = options;
    const { folder, baseName, takenBases, onNoteLost } = options;
    const isThere = (name: string): boolean => existsSync(join(folder, name));
    const bases = new UniqueNames(
      (base) => isThere(`${base} mix.wav`) || isThere(`${base}${sidecarSuffix}`),
      takenBases,
    );
    this.base = bases.take(safeFileName(baseName, 'Recording', 120));
    this.#names = new UniqueNames((name) => isThere(`${name}.wav`));
    this.#sidecar = new Sidecar(join(folder, `${this.base}${sidecarSuffix}`), onNoteLost);
  }

  /** The mix first; none before the beginning. */
  get all(): readonly Voice[] {
    return this.#mix ? [this.#mix, ...this.#people.values()] : [];
  }

  /** Makes the mix. `startedAtMs`: wall clock of sample 0. */
  begin(startedAtMs: number): Voice {
    this.#startedAtMs = startedAtMs;
    return (this.#mix ??= this.#make(null, 'mix'));
  }

  /** The file of somebody, the same for all their tracks and returns; null where there are too many people. */
  of(identity: string, name: string): Voice | null {
    const known = this.#people.get(identity);
    if (known || this.#people.size >= maxPeople) return known ?? null;
    const voice = this.#make(identity, name || identity);
    this.#people.set(identity, voice);
    return voice;
  }

  /** Finishes every file at the sample `end`, and takes the note away. */
  async close(end: number): Promise<void> {
    await Promise.all(this.all.map((voice) => voice.close(end)));
    await this.#sidecar.remove();
  }

  #make(identity: string | null, name: string): Voice {
    const { folder, clock, tools, partSamples, openFile, onProblem, onDropped } = this.#options;
    const base = this.#names.take(`${this.base} ${safeFileName(name, 'somebody', 70)}`);
    const track = new WavTrack({
      folder,
      nameOf: (part) => (part === 1 ? base : `${base} (part ${part})`),
      description: `${this.base} ${name}`,
      startedAtMs: this.#startedAtMs,
      clock,
      onFile: (fileName) => this.#note(fileName, identity),
      onProblem,
      onDropped: (at, count) => onDropped(identity, at, count),
      ...(partSamples === undefined ? {} : { partSamples }),
      ...(openFile ? { openFile } : {}),
    });
    return new Voice({ identity, tools, track });
  }

  #note(fileName: string, identity: string | null): void {
    this.#identities.set(fileName, identity);
    this.#sidecar.save({
      version: 1,
      jobId: this.#options.jobId,
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      files: [...this.#identities].map(([name, person]) => ({ name, identity: person })),
    });
  }
}
