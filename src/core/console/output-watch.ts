import { lumaOf } from '../ffmpeg/luma.ts';
import type { JobState } from '../jobs/job-state.ts';
import type { OutputFacts } from '../jobs/watch/facts.ts';
import { growingOutputs, isBlack, newestNumber, type GrowingOutput } from '../jobs/watch/outputs.ts';
import type { Clock } from '../live/clock.ts';
import { withDeadline } from '../live/deadline.ts';
import type { Log } from '../live/log.ts';
import type { Scope } from '../live/scope.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import type { RoleSessions } from '../storage/role-sessions.ts';
import { openOutputPlace, outputsHere, type OutputPlace } from '../storage/output-place.ts';

export interface OutputWatchOptions {
  readonly storages: Pick<StorageBook, 'find' | 'open'>;
  /** Those of the storages. */
  readonly roles: RoleSessions;
  /** A server of this computer may store on this computer. */
  readonly isHere: (serverId: string) => boolean;
  /** Null: no picture is looked at. */
  readonly ffmpegPath: string | null;
  readonly everyMs: number;
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the last look at one output found. */
interface Seen {
  readonly what: GrowingOutput['what'];
  readonly everyMs: number;
  readonly number: number;
  readonly mark: string;
  readonly newAtMs: number;
  readonly lookedAtMs: number;
}
interface Watched {
  askedAtMs: number;
  readonly nextAtMs: Map<GrowingOutput['what'], number>;
  readonly seen: Map<GrowingOutput['what'], Seen>;
  /** Of the picture that was looked at last: one alone may have met a cut. */
  black: { readonly sinceMs: number; readonly isSeenTwice: boolean } | null;
}

const limitMs = 20_000;
/** Of different storages: one that does not answer holds up what lies in it, and nothing else. */
const maxLooks = 4;
/** A picture of 8K at full quality has less; more is none of egress. */
const maxBytes = 16 * 1024 * 1024;
/** A job of which nobody asks any more is over. */
const forgetAfterMs = 60_000;

/** Looks at what running jobs put into their storages, at each storage for one output at a time: whether it grows, and whether its picture is black. */
export class OutputWatch {
  readonly #options: OutputWatchOptions;
  readonly #watched = new Map<string, Watched>();
  /** The storages that are looked at now. */
  readonly #looking = new Set<string>();

  constructor(options: OutputWatchOptions) {
    this.#options = options;
  }

  /** Says what is known, and begins the next look where one is due. */
  of(job: JobState): OutputFacts {
    const { clock, everyMs } = this.#options;
    const nowMs = clock.nowMs();
    for (const [id, { askedAtMs }] of this.#watched) if (nowMs - askedAtMs > forgetAfterMs) this.#watched.delete(id);
    const outputs = growingOutputs(job);
    if (outputs.length === 0) return { growing: [], blackSinceMs: null };
    const known = this.#watched.get(job.id) ?? { askedAtMs: 0, nextAtMs: new Map(), seen: new Map(), black: null };
    this.#watched.set(job.id, known);
    known.askedAtMs = nowMs;
    for (const output of outputs) {
      const place = output.storageId ?? `the worker of ${job.serverId}`;
      if (nowMs < (known.nextAtMs.get(output.what) ?? 0)) continue;
      if (this.#looking.has(place) || this.#looking.size >= maxLooks) continue;
      known.nextAtMs.set(output.what, nowMs + everyMs);
      this.#look(job, output, place, known);
    }
    return { growing: [...known.seen.values()], blackSinceMs: known.black?.isSeenTwice ? known.black.sinceMs : null };
  }

  #look(job: JobState, output: GrowingOutput, place: string, known: Watched): void {
    const { scope, log } = this.#options;
    this.#looking.add(place);
    scope.spawn('look at what a job makes', async (signal) => {
      try {
        await withDeadline('the storage', limitMs, signal, (limited) =>
          this.#lookAt(job.serverId, output, known, limited),
        );
      } catch (error) {
        if (signal.aborted) return;
        const reason = error instanceof Error ? error.name : 'unknown'; // its words may hold an address
        log.debug('What a job makes could not be looked at', { jobId: job.id, reason });
      } finally {
        this.#looking.delete(place);
      }
    });
  }

  async #lookAt(serverId: string, output: GrowingOutput, known: Watched, signal: AbortSignal): Promise<void> {
    const place = await this.#placeOf(serverId, output.storageId, signal);
    try {
      if (place) await this.#lookIn(place, output, known, signal);
    } finally {
      place?.close();
    }
  }

  async #placeOf(serverId: string, storageId: string | null, signal: AbortSignal): Promise<OutputPlace | null> {
    const { storages, roles, isHere } = this.#options;
    const storage = storageId === null ? null : storages.find(storageId);
    if (storage && storage.place.provider !== 'server-local')
      return openOutputPlace({ ...(await storages.open(storage.id)), roles }, signal);
    return isHere(serverId) ? outputsHere : null;
  }

  async #lookIn(place: OutputPlace, output: GrowingOutput, known: Watched, signal: AbortSignal): Promise<void> {
    const { name, what, everyMs } = output;
    const before = known.seen.get(what);
    const numbered = typeof name === 'string' ? null : name;
    const isThere = async (number: number) => (await place.mark(numbered?.(number) ?? '', signal)) !== null;
    const number = numbered ? await newestNumber(before?.number ?? 0, isThere) : 0;
    if (number === null) return; // nothing is there yet, or nobody here knows where it is
    const found = typeof name === 'string' ? name : name(number);
    const mark = numbered ? String(number) : await place.mark(found, signal);
    if (mark === null) return;
    const nowMs = this.#options.clock.nowMs();
    const isNew = before?.mark !== mark;
    try {
      if (isNew && what === 'image') await this.#judge(found, place, known, nowMs, signal);
    } finally {
      const newAtMs = isNew ? nowMs : before.newAtMs; // it has come, also where it is no picture
      known.seen.set(what, { what, everyMs, number, mark, newAtMs, lookedAtMs: nowMs });
    }
  }

  /** The same picture twice is one look. */
  async #judge(name: string, place: OutputPlace, known: Watched, atMs: number, signal: AbortSignal): Promise<void> {
    const { ffmpegPath } = this.#options;
    const jpeg = ffmpegPath === null ? null : await place.read(name, maxBytes, signal);
    if (ffmpegPath === null || !jpeg) return;
    const isDark = isBlack(await lumaOf(ffmpegPath, jpeg, signal));
    const { black } = known;
    known.black = isDark ? { sinceMs: black?.sinceMs ?? atMs, isSeenTwice: black !== null } : null;
  }
}
