import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { fileStampUtc } from '../../shared/text/utc.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';

export interface JsonFileOptions<T> {
  readonly path: string;
  /** What it is, for the producer: "settings", "secrets". */
  readonly what: string;
  /** What is understood of a parsed file, and whether that is all of it. */
  readonly read: (value: unknown) => { readonly value: T; readonly isWhole: boolean };
  /** Where there is no file yet, or nothing can be read. */
  readonly fallback: T;
  readonly clock: Clock;
  readonly log: Log;
}

/** Far more than a hundred servers need; what is larger was not written by Cuedesk. */
const maxFileBytes = 4 << 20;

/**
 * One JSON file that is written whole (beside it, then renamed, mode 0600), so that a crash leaves the old or the new one. A
 * file that cannot be read is kept aside under a dated name and never written over.
 */
export class JsonFile<T> {
  /** What was found at the opening that a producer should know. */
  readonly problem: Problem | null;
  readonly #options: JsonFileOptions<T>;
  #value: T;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(options: JsonFileOptions<T>, value: T, problem: Problem | null) {
    this.#options = options;
    this.#value = value;
    this.problem = problem;
  }

  /** Throws a ProblemError (`settings-unreadable`) where a file exists that may not be read: it must not be written over. */
  static async open<T>(options: JsonFileOptions<T>): Promise<JsonFile<T>> {
    const { path, what, fallback, log } = options;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const found = await readText(path, what);
    if (found === null) return new JsonFile(options, fallback, null);
    const { value, isWhole } =
      found.text === null ? { value: fallback, isWhole: false } : understand(found.text, options);
    if (isWhole) return new JsonFile(options, value, null);
    const keptAs = await keepAside(path, options.clock);
    log.error('A file could not be read and was kept aside', { what, keptAs });
    const problem: Problem = {
      code: 'settings-damaged',
      fault: 'ours',
      retryable: false,
      text: `The file of the ${what} was damaged. What could be read of it is in use, the rest is as on the first day.`,
      advice: `The damaged file was kept as ${keptAs}.`,
    };
    const file = new JsonFile(options, value, problem);
    await file.update((kept) => kept); // so that what could be read is not lost with the next start
    return file;
  }

  get value(): T {
    return this.#value;
  }

  /** Writes, then counts: a change that could not be written has not happened. Rejects with a ProblemError (`settings-not-saved`). */
  update(change: (value: T) => T): Promise<T> {
    const done = this.#writing.then(() => this.#apply(change));
    this.#writing = done.catch(() => {}); // the caller has it; the next change is not to blame
    return done;
  }

  /** Resolves when nothing is being written. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #apply(change: (value: T) => T): Promise<T> {
    const next = change(this.#value);
    await this.#write(next);
    this.#value = next;
    return next;
  }

  async #write(value: T): Promise<void> {
    const { path, what } = this.#options;
    const beside = `${path}.${process.pid}.new`;
    try {
      const handle = await open(beside, 'w', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(value, null, 2)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await chmod(beside, 0o600); // a file that was left over keeps its old mode
      await rename(beside, path);
    } catch (cause) {
      await rm(beside, { force: true });
      const said = codeOf(cause);
      throw new ProblemError(
        {
          code: 'settings-not-saved',
          fault: 'yours',
          retryable: true,
          text: `The ${what} could not be written to ${path}.`,
          ...(said ? { said } : {}),
          advice: 'Check that the disk has room and the folder may be written.',
        },
        { cause },
      );
    }
  }
}

/** Null: there is no file. A null text: it is too large. */
async function readText(path: string, what: string): Promise<{ readonly text: string | null } | null> {
  try {
    if ((await stat(path)).size > maxFileBytes) return { text: null };
    return { text: await readFile(path, 'utf8') };
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT') return null;
    throw new ProblemError(
      {
        code: 'settings-unreadable',
        fault: 'yours',
        retryable: false,
        text: `The file of the ${what} at ${path} may not be read.`,
        ...(code ? { said: code } : {}),
        advice: 'Give this user the right to read and write it, or choose another data folder.',
      },
      { cause },
    );
  }
}

function understand<T>(text: string, options: JsonFileOptions<T>): { readonly value: T; readonly isWhole: boolean } {
  try {
    return options.read(JSON.parse(text));
  } catch {
    return { value: options.fallback, isWhole: false }; // no JSON: it is kept aside and told, which says all there is
  }
}

/** `settings.json` becomes `settings.damaged-2026-11-21T03-14-05.json` in the same folder. */
async function keepAside(path: string, clock: Clock): Promise<string> {
  const date = fileStampUtc(clock.nowMs());
  const extension = extname(path);
  const stem = basename(path, extension);
  for (let copy = 1; ; copy++) {
    const keptAs = join(dirname(path), `${stem}.damaged-${date}${copy > 1 ? `-${copy}` : ''}${extension}`);
    const isTaken = await stat(keptAs).then(
      () => true,
      () => false, // nothing there
    );
    if (isTaken) continue;
    await rename(path, keptAs);
    return keptAs;
  }
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
