import type { EgressPage } from '../../shared/model/capacity.ts';
import type { Limit, Limits } from '../../shared/model/limit.ts';
import type { SessionEnd } from '../../shared/model/session-length.ts';
import type { ShowCost } from '../../shared/model/price.ts';
import type { ServerKind } from '../../shared/model/server.ts';
import { minuteUtc } from '../../shared/text/utc.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';
import { costLimit } from './cost-limit.ts';
import { diskLimit, type DiskFigures } from './disk-limit.ts';
import { sessionLengths, type DeclaredSessions } from './session-lengths.ts';

type LimitedId = 'egress' | 'captions';
/** A limit that was declared or learned; at most one of each per server and subject. */
export interface LimitRow {
  readonly serverId: string;
  readonly id: LimitedId;
  readonly source: 'declared' | 'learned';
  readonly limit: number;
  readonly atMs: number;
  readonly note: string;
}
export interface LimitStore {
  save(row: LimitRow): void;
  remove(serverId: string, id: LimitedId, source: LimitRow['source']): void;
  list(serverId: string): readonly LimitRow[];
}
export interface LimitBookOptions {
  readonly clock: Clock;
  readonly store: LimitStore;
  readonly kindOf: (serverId: string) => ServerKind | null;
  /** What was declared of the length of sessions; left out: nothing. */
  readonly sessionsOf?: (serverId: string) => DeclaredSessions;
}
/** The smallest plan of LiveKit Cloud; the rehearsal plays it. Taken until the producer declares another. */
const planOfCloud = 2;

/** Limits of every server with what is in use. No API tells a limit: each is declared by the producer or learned from a refusal. */
export class LimitBook {
  readonly #options: LimitBookOptions;
  readonly #cells = new Map<string, StateCell<Limits>>();
  readonly #inUse = new Map<string, number | null>();
  readonly #costs = new Map<string, ShowCost>();
  readonly #pages = new Map<string, EgressPage>();
  readonly #ends = new Map<string, readonly SessionEnd[]>();
  #disk: DiskFigures = { freeBytes: null, lastsMs: null };
  constructor(options: LimitBookOptions) {
    this.#options = options;
  }

  limits(serverId: string): StateCell<Limits> {
    const known = this.#cells.get(serverId);
    if (known) return known;
    const cell = new StateCell(this.#view(serverId));
    this.#cells.set(serverId, cell);
    return cell;
  }
  /** The limit that counts now. */
  find(serverId: string, id: Limit['id']): Limit | null {
    return this.#view(serverId).limits.find((limit) => limit.id === id) ?? null;
  }

  /** `null` takes a declaration back. */
  declare(serverId: string, id: LimitedId, limit: number | null): void {
    const { store, clock } = this.#options;
    if (limit === null) store.remove(serverId, id, 'declared');
    else store.save({ serverId, id, source: 'declared', limit, atMs: clock.nowMs(), note: 'declared by you' });
    this.#publish(serverId);
  }
  /** A start was refused for lack of room: what is in use now is the limit. */
  learn(serverId: string, id: LimitedId, inUse: number = this.#used(serverId, id) ?? 0): void {
    const { store, clock } = this.#options;
    // Where nothing of ours runs, others have taken what there is: that says nothing of how much it is.
    if (inUse === 0) return;
    const atMs = clock.nowMs();
    const note = `learned ${minuteUtc(atMs)} UTC from a refusal`;
    store.save({ serverId, id, source: 'learned', limit: inUse, atMs, note });
    this.#publish(serverId);
  }
  /** What runs now; null where the server has not told yet. More than a learned limit proves it wrong. */
  setInUse(serverId: string, id: LimitedId | 'desk', inUse: number | null): void {
    const key = keyOf(serverId, id);
    if (this.#inUse.get(key) === inUse) return;
    this.#inUse.set(key, inUse);
    if (id !== 'desk' && inUse !== null) {
      const learned = this.#options.store.list(serverId).find((row) => row.id === id && row.source === 'learned');
      if (learned && inUse > learned.limit) this.#options.store.remove(serverId, id, 'learned');
    }
    this.#publish(serverId);
  }
  setDisk(disk: DiskFigures): void {
    if (disk.freeBytes === this.#disk.freeBytes && disk.lastsMs === this.#disk.lastsMs) return;
    this.#disk = disk;
    for (const serverId of this.#cells.keys()) this.#publish(serverId);
  }

  setCost(serverId: string, cost: ShowCost): void {
    this.#costs.set(serverId, cost);
    this.#publish(serverId);
  }

  /** When the running jobs of a server meet its session limit. */
  setEnds(serverId: string, ends: readonly SessionEnd[]): void {
    if (ends.length === 0 && !this.#ends.has(serverId)) return;
    this.#ends.set(serverId, ends);
    this.#publish(serverId);
  }
  /** What was declared of a server has changed. */
  refresh(): void {
    for (const serverId of this.#cells.keys()) this.#publish(serverId);
  }
  /** What the page of the server's egress worker says; null: none is read. */
  setPage(serverId: string, page: EgressPage | null): void {
    if (page) this.#pages.set(serverId, page);
    else this.#pages.delete(serverId);
    this.#publish(serverId);
  }

  /** The server was removed: neither what was declared or learned of it stays, nor what is in use. */
  forget(serverId: string): void {
    const { store } = this.#options;
    for (const { id, source } of store.list(serverId)) store.remove(serverId, id, source);
    for (const id of ['egress', 'captions', 'desk']) this.#inUse.delete(keyOf(serverId, id));
    for (const map of [this.#cells, this.#costs, this.#pages, this.#ends]) map.delete(serverId);
  }

  /** A cell is told only of what has changed. */
  #publish(serverId: string): void {
    const cell = this.#cells.get(serverId);
    if (!cell) return;
    const next = this.#view(serverId);
    if (JSON.stringify(next) !== JSON.stringify(cell.value)) cell.set(next);
  }
  /** Captions and recordings here are all of our own; of egress the server has to tell first. */
  #used(serverId: string, id: Limit['id']): number | null {
    return this.#inUse.get(keyOf(serverId, id)) ?? (id === 'egress' ? null : 0);
  }

  #view(serverId: string): Limits {
    const rows = this.#options.store.list(serverId);
    const kind = this.#options.kindOf(serverId);
    const cost = this.#costs.get(serverId) ?? null;
    const declared = this.#options.sessionsOf?.(serverId) ?? { lengthsMs: {}, handsOver: true };
    const hasPlan = kind === 'cloud' || kind === 'rehearsal';
    const plan: Figure = hasPlan
      ? {
          limit: planOfCloud,
          source: 'declared',
          atMs: null,
          note: kind === 'cloud' ? 'declared for the smallest plan; yours may be larger' : 'declared by the rehearsal',
        }
      : unknown;
    return {
      serverId,
      limits: [
        this.#counted(
          serverId,
          'egress',
          'Egress sessions',
          newest(rows, 'egress') ?? plan,
          'The next recording will be refused, and runs here.',
        ),
        this.#counted(
          serverId,
          'captions',
          'Captions',
          newest(rows, 'captions') ?? unknown,
          'The next caption session will be refused.',
        ),
        this.#counted(serverId, 'desk', 'Desk engine', { ...unknown, note: 'sound only; never refused' }, ''),
        diskLimit(this.#disk),
        ...(cost ? [costLimit(cost)] : []),
      ],
      cost,
      page: this.#pages.get(serverId) ?? null,
      lengths: sessionLengths(kind, declared.lengthsMs),
      handsOver: declared.handsOver,
      ends: [...(this.#ends.get(serverId) ?? [])],
    };
  }
  #counted(serverId: string, id: 'egress' | 'captions' | 'desk', label: string, figure: Figure, full: string): Limit {
    const inUse = this.#used(serverId, id);
    const isFull = figure.limit !== null && inUse !== null && inUse >= figure.limit;
    return { id, label, inUse, unit: 'sessions', ...figure, full: isFull ? full : null };
  }
}

type Figure = Pick<Limit, 'limit' | 'source' | 'atMs' | 'note'>;
const unknown: Figure = { limit: null, source: 'unknown', atMs: null, note: 'never refused' };
const keyOf = (serverId: string, id: string): string => JSON.stringify([serverId, id]);

/** What was said last counts: a refusal after a declaration, and a declaration after a refusal. */
function newest(rows: readonly LimitRow[], id: LimitedId): Figure | null {
  const [last] = rows.filter((row) => row.id === id).toSorted((a, b) => b.atMs - a.atMs);
  return last ? { limit: last.limit, source: last.source, atMs: last.atMs, note: last.note } : null;
}
