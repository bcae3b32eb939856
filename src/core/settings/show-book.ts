import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Problem } from '../../shared/model/common.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { idsOf } from '../../shared/model/request-ids.ts';
import { maxShowFileChars, Show, ShowFile, type NamedEntry, type ShowJob } from '../../shared/model/show.ts';
import type { KnownEntry } from '../../shared/model/show-job.ts';
import { StateCell } from '../live/state-cell.ts';
import { JsonFile, type JsonFileOptions } from './json-file.ts';

/** What this computer keeps of addresses and storages, by the twins that may be shown. */
export interface ShowEntries {
  readonly addresses: readonly (KnownEntry & { readonly shown: string })[];
  readonly storages: readonly (KnownEntry & { readonly shown: string })[];
}
export interface ShowInput {
  readonly showId?: string | undefined;
  readonly name: string;
  readonly jobs: readonly ShowJob[];
  readonly captions: Show['captions'];
}
export interface ShowList {
  readonly shows: Show[];
  /** The show that the window offers to start. */
  readonly chosenId: string | null;
}

const maxShows = 100;
const StoredShows = z.object({
  version: z.literal(1),
  shows: z.array(Show).max(maxShows),
  chosenId: z.string().nullable(),
});
type StoredShows = z.infer<typeof StoredShows>;
const noShows: StoredShows = { version: 1, shows: [], chosenId: null };

/** The saved shows, in a file of their own: what a show needs is entered by name, and no secret is in it. */
export class ShowBook {
  readonly shows: StateCell<ShowList>;
  readonly #file: JsonFile<StoredShows>;

  private constructor(file: JsonFile<StoredShows>) {
    this.#file = file;
    this.shows = new StateCell(this.#list());
  }

  /** Rejects with a ProblemError (`settings-unreadable`). */
  static async open(
    options: Pick<JsonFileOptions<never>, 'clock' | 'log'> & { readonly folder: string },
  ): Promise<ShowBook> {
    const { folder, clock, log } = options;
    const path = join(folder, 'shows.json');
    const file = await JsonFile.open({ path, what: 'shows', read: readShows, fallback: noShows, clock, log });
    return new ShowBook(file);
  }

  /** What was found at the opening that a producer should know. */
  get problem(): Problem | null {
    return this.#file.problem;
  }

  /** Throws a ProblemError (`no-such-show`). */
  get(showId: string): Show {
    const show = this.shows.value.shows.find((each) => each.id === showId);
    if (show) return show;
    throw new ProblemError({
      code: 'no-such-show',
      fault: 'yours',
      retryable: false,
      text: 'This show is not there any more.',
    });
  }

  /**
   * `here`: what this computer keeps, to label what the jobs name by id. Rejects with a ProblemError (`no-such-show`,
   * `show-exists`, `too-many-shows`, `settings-not-saved`).
   */
  async save({ showId, name, jobs, captions }: ShowInput, here: ShowEntries): Promise<Show> {
    const known = showId === undefined ? null : this.get(showId);
    this.#needFreeName(name.trim(), known);
    const ids = jobs.map((job) => idsOf(job.request));
    const show: Show = {
      id: known?.id ?? `show_${randomUUID().slice(0, 8)}`,
      name: name.trim(),
      jobs: [...jobs],
      captions,
      addresses: named(
        ids.flatMap((each) => each.addressIds),
        here.addresses,
        known?.addresses,
      ),
      storages: named(
        ids.flatMap((each) => each.storageIds),
        here.storages,
        known?.storages,
      ),
    };
    await this.#keep(show);
    return show;
  }

  /** Rejects with a ProblemError (`no-such-show`, `settings-not-saved`). */
  async remove(showId: string): Promise<void> {
    this.get(showId);
    await this.#change(({ shows, chosenId, ...rest }) => ({
      ...rest,
      shows: shows.filter((show) => show.id !== showId),
      chosenId: chosenId === showId ? null : chosenId,
    }));
  }

  /** Null: none. Rejects with a ProblemError (`no-such-show`, `settings-not-saved`). */
  async choose(showId: string | null): Promise<void> {
    if (showId !== null) this.get(showId);
    await this.#change((stored) => ({ ...stored, chosenId: showId }));
  }

  /** The show as one file, without a secret: addresses and storages by name and redacted form. */
  export(showId: string): { readonly fileName: string; readonly text: string } {
    const show = this.get(showId);
    const file: ShowFile = { format: 'cuedesk-show', version: 1, show };
    const name = show.name.replaceAll(/[^\p{L}\p{N} _-]+/gu, '-').slice(0, 60);
    return { fileName: `${name}.cuedesk-show.json`, text: `${JSON.stringify(file, null, 2)}\n` };
  }

  /**
   * Takes a show out of a file and keeps it under a free name. Rejects with a ProblemError (`show-too-large`,
   * `not-a-show`, `too-many-shows`, `settings-not-saved`).
   */
  async import(text: string): Promise<Show> {
    const { show: given } = readFile(text);
    const show: Show = { ...given, id: `show_${randomUUID().slice(0, 8)}`, name: this.#freeName(given.name) };
    await this.#keep(show);
    return show;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #keep(show: Show): Promise<void> {
    return this.#change((stored) => {
      const isKnown = stored.shows.some((each) => each.id === show.id);
      if (!isKnown && stored.shows.length >= maxShows) throw tooMany();
      const shows = isKnown ? stored.shows.map((each) => (each.id === show.id ? show : each)) : [...stored.shows, show];
      return { ...stored, shows };
    });
  }

  async #change(change: (stored: StoredShows) => StoredShows): Promise<void> {
    await this.#file.update(change);
    this.shows.set(this.#list());
  }

  #list(): ShowList {
    const { shows, chosenId } = this.#file.value;
    return { shows: shows.toSorted((a, b) => a.name.localeCompare(b.name)), chosenId };
  }

  #needFreeName(name: string, known: Show | null): void {
    if (!this.shows.value.shows.some((show) => show.name === name && show.id !== known?.id)) return;
    throw new ProblemError({
      code: 'show-exists',
      fault: 'yours',
      retryable: false,
      text: `There is a show of the name ${name} already.`,
      advice: 'Give it another name, or change that one.',
    });
  }

  #freeName(name: string): string {
    const taken = new Set(this.shows.value.shows.map((show) => show.name));
    for (let copy = 1; ; copy++) {
      const next = copy === 1 ? name : `${name.slice(0, 70)} (${copy})`;
      if (!taken.has(next)) return next;
    }
  }
}

/** The labels of what is named; of what is not here, the labels that came with the show. */
function named(
  ids: readonly string[],
  here: ShowEntries['addresses'],
  before: Readonly<Record<string, NamedEntry>> | undefined,
): Record<string, NamedEntry> {
  const labels = ids.flatMap((id) => {
    const entry = here.find((each) => each.id === id);
    const label = entry ? { name: entry.name, kind: entry.kind, shown: entry.shown } : before?.[id];
    return label ? [[id, label] as const] : [];
  });
  return Object.fromEntries(labels);
}

function readFile(text: string): ShowFile {
  if (text.length > maxShowFileChars)
    throw new ProblemError({
      code: 'show-too-large',
      fault: 'yours',
      retryable: false,
      text: `This file has ${text.length} characters, and a show never has more than ${maxShowFileChars}.`,
    });
  const notOne = (advice: string, cause?: unknown): ProblemError =>
    new ProblemError(
      { code: 'not-a-show', fault: 'yours', retryable: false, text: 'This file is no show of Cuedesk.', advice },
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notOne('It is not JSON: perhaps it was cut off on its way.', cause);
  }
  const read = ShowFile.safeParse(value);
  if (read.success) return read.data;
  const [first] = read.error.issues;
  throw notOne(`What is wrong first: ${first?.path.join('.') || 'the whole'}, ${first?.message ?? 'unknown'}.`);
}

/** Takes each show that can be read. */
function readShows(value: unknown): { readonly value: StoredShows; readonly isWhole: boolean } {
  const whole = StoredShows.safeParse(value);
  if (whole.success) return { value: whole.data, isWhole: true };
  const given = z.object({ shows: z.array(z.unknown()) }).safeParse(value);
  const shows = (given.data?.shows ?? []).flatMap((show) => Show.safeParse(show).data ?? []).slice(0, maxShows);
  return { value: { ...noShows, shows }, isWhole: false };
}

const tooMany = (): ProblemError =>
  new ProblemError({
    code: 'too-many-shows',
    fault: 'yours',
    retryable: false,
    text: `No more than ${maxShows} shows can be kept.`,
    advice: 'Remove one that is past.',
  });
