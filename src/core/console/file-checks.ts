import type { FileCheck, FileLink } from '../../shared/model/file-check.ts';
import { storageOfFile } from '../../shared/model/file-storage.ts';
import { isRunning, type Job, type JobFile } from '../../shared/model/job.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Server } from '../../shared/model/server.ts';
import { isPath, isStored } from '../../shared/text/file-place.ts';
import { keyAt } from '../../shared/text/object-key.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { lookBeforeLink } from '../storage/key-there.ts';
import type { OpenStoreOptions } from '../storage/open-store.ts';
import type { RoleSessions } from '../storage/role-sessions.ts';
import { withStore } from '../storage/with-store.ts';
import { lookForFile, type Looked } from './file-look.ts';

/** Long enough to hand it over on the same day; a link that lasts is one that leaks. */
const linkLastsS = 24 * 3600;
const maxChecks = 500;

export interface StoredPlace {
  readonly storage: OpenStoreOptions;
  readonly key: string;
  /** Ends what is asked of it with the console. */
  readonly signal: AbortSignal;
}

interface FileCheckParts {
  readonly storages: StorageBook;
  /** Those of the storages. */
  readonly roles: RoleSessions;
  readonly serverOf: (serverId: string) => Server | null;
  /** The journal. */
  readonly store: { save(check: FileCheck): void; newest(limit: number): FileCheck[] };
  readonly incidents: Incidents;
  /** When a file that is not there is looked for again: a storage may show it late. */
  readonly againAfterMs?: readonly number[];
  readonly clock: Clock;
  readonly log: Log;
}
const againAfterMs = [5_000, 30_000, 120_000, 600_000];

/** After the end of a job: is each file where egress said that it is? */
export class FileChecks {
  readonly #parts: FileCheckParts;
  readonly #scope: Scope;
  /** Looked for again and again now, by job and file. */
  readonly #following = new Set<string>();
  readonly checks: StateCell<{ readonly checks: FileCheck[] }>;
  constructor(parts: FileCheckParts) {
    this.#parts = parts;
    this.checks = new StateCell({ checks: parts.store.newest(maxChecks) });
    this.#scope = new Scope('file checks', {
      onError: (error, name) => parts.log.error('A file could not be looked for', { name }, error),
    });
  }

  /** A job went on to another phase: once it is over, its files are looked for. */
  jobChanged(job: Job): void {
    if (isRunning(job)) return;
    for (const file of job.files) if (isToFind(file)) this.#follow(job, file);
  }

  /** After a start: goes on with what was still looked for when the console was closed. */
  goOn(jobOf: (jobId: string) => Job | null): void {
    for (const { jobId, fileId, againAtMs } of this.checks.value.checks) {
      if (againAtMs === null) continue;
      const job = jobOf(jobId);
      const file = job?.files.find(({ id }) => id === fileId);
      if (job && file) this.#follow(job, file);
    }
  }

  /** Looks now. Never rejects for what is found; a file that no profile fits is `unknown`. */
  check(job: Job, file: JobFile): Promise<FileCheck> {
    return this.#look(job, file, null);
  }

  /** An address that opens the file for who knows it, until it ends. Rejects with a ProblemError. */
  async link(job: Job, file: JobFile): Promise<FileLink> {
    const { storage, key, signal } = await this.openPlace(job, file);
    const nowMs = this.#parts.clock.nowMs();
    const { place, secrets } = storage; // a role of its own: the link ends with it
    const { url, lastsS, endsWith, doubt } = await withStore({ place, secrets }, signal, async (store, limited) => {
      // Nothing else asks the storage, which may refuse the key, or the clock.
      const found = await lookBeforeLink(store, key, limited);
      return { ...(await store.link(found.key, linkLastsS)), doubt: found.doubt };
    });
    return { url, expiresAtMs: nowMs + lastsS * 1000, endsWith, doubt };
  }

  /** The storage that a file lies in, with its keys, and its key there. Rejects with a ProblemError (`no-link`, ...). */
  async openPlace(job: Job, file: JobFile): Promise<StoredPlace> {
    const profile = storageOfFile(job, file, this.#parts.storages.storages.value.storages);
    const key = profile && keyAt(profile.place, file.location);
    if (!profile || key === null) throw noLink();
    const storage = { ...(await this.#parts.storages.open(profile.id)), roles: this.#parts.roles };
    return { storage, key, signal: this.#scope.signal };
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  #follow(job: Job, file: JobFile): void {
    const key = `${job.id} ${file.id}`;
    if (this.#following.has(key) || this.#following.size >= maxChecks) return;
    this.#following.add(key);
    this.#scope.spawn('look for a file', async (signal) => {
      try {
        for (const waitMs of [...(this.#parts.againAfterMs ?? againAfterMs), null]) {
          const { againAtMs } = await this.#look(job, file, waitMs);
          if (againAtMs === null || waitMs === null) return;
          await this.#parts.clock.delay(waitMs, signal);
        }
      } finally {
        this.#following.delete(key);
      }
    });
  }

  /** What is not there is said to be missing once it is not looked for again. */
  async #look(job: Job, file: JobFile, waitMs: number | null): Promise<FileCheck> {
    const { signal } = this.#scope;
    const looked = await lookForFile(this.#parts, job, file, signal);
    signal.throwIfAborted(); // what was cut off says nothing
    const { state, text, checksum, bytes, durationMs, storage, problem } = looked;
    const atMs = this.#parts.clock.nowMs();
    const isAgain = waitMs !== null && (state === 'missing' || problem?.retryable === true);
    const about = { jobId: job.id, fileId: file.id, atMs, checksum, bytes, durationMs, storage };
    if (isAgain) {
      const later = `${text}; it is looked for again`;
      return this.#keep({ ...about, state: 'unknown', text: later, againAtMs: atMs + waitMs });
    }
    if (state === 'missing' || state === 'differs') this.#tell(job, file, looked);
    return this.#keep({ ...about, state, text, againAtMs: null });
  }

  #tell(job: Job, file: JobFile, { where, text }: Looked): void {
    this.#parts.incidents.add({
      kind: 'file',
      state: 'trouble',
      serverId: job.serverId,
      roomName: job.roomName,
      jobId: job.id,
      what: `${file.name} of "${job.title}" is ${text}.`,
      detail: `Looked for in ${where}.`,
      done: 'Look whether somebody moved it or a rule of the bucket took it, and keep what was recorded here.',
    });
  }

  /** Journal first, then the pages. */
  #keep(check: FileCheck): FileCheck {
    this.#parts.store.save(check);
    this.checks.update(({ checks }) => ({
      checks: [check, ...checks.filter(({ jobId, fileId }) => jobId !== check.jobId || fileId !== check.fileId)].slice(
        0,
        maxChecks,
      ),
    }));
    return check;
  }
}

/** Egress told a place for it, or, of images, how their names begin. */
const isToFind = ({ engine, isComplete, content, location }: JobFile): boolean =>
  engine === 'egress' && isComplete && (content === 'images' || isStored(location) || isPath(location));

const noLink = (): ProblemError =>
  new ProblemError({
    code: 'no-link',
    fault: 'yours',
    retryable: false,
    text: 'No storage profile with a key fits where this file lies.',
    advice: 'Enter the storage under Storage; a link is signed with its key.',
  });
