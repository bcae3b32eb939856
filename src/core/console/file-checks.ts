import type { FileCheck, FileLink } from '../../shared/model/file-check.ts';
import { storageOfFile } from '../../shared/model/file-storage.ts';
import type { Job, JobFile } from '../../shared/model/job.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import type { Storage } from '../../shared/model/storage.ts';
import { isStored } from '../../shared/text/file-place.ts';
import { keyAt } from '../../shared/text/object-key.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { lookUp, type Found } from '../storage/look-up.ts';
import type { OpenStoreOptions } from '../storage/open-store.ts';
import { linkTo } from '../storage/with-store.ts';

/** Long enough to hand it over on the same day; a link that lasts is one that leaks. */
const linkLastsS = 24 * 3600;
const maxChecks = 500;

interface StoredPlace {
  readonly storage: OpenStoreOptions;
  readonly key: string;
  /** Ends what is asked of it with the console. */
  readonly signal: AbortSignal;
}

/** After the end of a job: is each file in the storage that egress named? */
export class FileChecks {
  readonly #parts: {
    readonly storages: StorageBook;
    readonly incidents: Incidents;
    readonly clock: Clock;
    readonly log: Log;
  };
  readonly #scope: Scope;
  readonly checks = new StateCell<{ readonly checks: FileCheck[] }>({ checks: [] });
  constructor(parts: {
    readonly storages: StorageBook;
    readonly incidents: Incidents;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#parts = parts;
    this.#scope = new Scope('file checks', {
      onError: (error, name) => parts.log.error('A file could not be looked for', { name }, error),
    });
  }

  /** A job went on to another phase: once it is over, its files are looked for. */
  jobChanged(job: Job): void {
    if (job.phase !== 'done' && job.phase !== 'failed') return;
    for (const file of job.files)
      if (isToFind(file)) this.#scope.spawn('look for a file', async () => void (await this.check(job, file)));
  }

  /** Looks now. Never rejects for what is found; a file that no profile fits is `unknown`. */
  async check(job: Job, file: JobFile): Promise<FileCheck> {
    const storage = this.#storageOf(job, file);
    const about = { jobId: job.id, fileId: file.id, atMs: this.#parts.clock.nowMs() };
    if (!storage) {
      const text = 'no storage profile fits where it lies';
      return this.#keep({ ...about, state: 'unknown', text, checksum: null, storage: null });
    }
    const found = await this.#lookUp(storage, file);
    if (found.state === 'missing' || found.state === 'differs') this.#tell(job, file, storage, found.text);
    const { state, text, checksum } = found;
    return this.#keep({ ...about, state, text, checksum, storage: storage.name });
  }

  /** An address that opens the file for who knows it, until it ends. Rejects with a ProblemError. */
  async link(job: Job, file: JobFile): Promise<FileLink> {
    const { storage, key, signal } = await this.openPlace(job, file);
    const nowMs = this.#parts.clock.nowMs();
    const { url, lastsS, endsWith } = await linkTo(storage, key, linkLastsS, signal);
    return { url, expiresAtMs: nowMs + lastsS * 1000, endsWith };
  }

  /** The storage that a file lies in, with its keys, and its key there. Rejects with a ProblemError (`no-link`, ...). */
  async openPlace(job: Job, file: JobFile): Promise<StoredPlace> {
    const profile = this.#storageOf(job, file);
    const key = profile && keyAt(profile.place, file.location);
    if (!profile || key === null) throw noLink();
    return { storage: await this.#parts.storages.open(profile.id), key, signal: this.#scope.signal };
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  async #lookUp(storage: Storage, file: JobFile): Promise<Found> {
    try {
      return await lookUp(await this.#parts.storages.open(storage.id), file, this.#scope.signal);
    } catch (error) {
      const problem = problemOf(error); // its keys are not kept, or cannot be opened
      return { state: 'unknown', text: `could not be looked at: ${problem.text}`, checksum: null, problem };
    }
  }

  #storageOf(job: Job, file: JobFile): Storage | null {
    return storageOfFile(job, file, this.#parts.storages.storages.value.storages);
  }

  #tell(job: Job, file: JobFile, storage: Storage, text: string): void {
    this.#parts.incidents.add({
      kind: 'file',
      state: 'trouble',
      serverId: job.serverId,
      roomName: job.roomName,
      jobId: job.id,
      what: `${file.name} of "${job.title}" is ${text}.`,
      detail: `Looked for in ${storage.name} (${storage.shown}).`,
      done: 'Look whether somebody moved it or a rule of the bucket took it, and keep what was recorded here.',
    });
  }

  #keep(check: FileCheck): FileCheck {
    this.checks.update(({ checks }) => ({
      checks: [check, ...checks.filter(({ jobId, fileId }) => jobId !== check.jobId || fileId !== check.fileId)].slice(
        0,
        maxChecks,
      ),
    }));
    return check;
  }
}

/** Egress told a place in a storage for it; a set of images has none. */
const isToFind = (file: JobFile): boolean => file.engine === 'egress' && file.isComplete && isStored(file.location);

const noLink = (): ProblemError =>
  new ProblemError({
    code: 'no-link',
    fault: 'yours',
    retryable: false,
    text: 'No storage profile with a key fits where this file lies.',
    advice: 'Enter the storage under Storage; a link is signed with its key.',
  });
