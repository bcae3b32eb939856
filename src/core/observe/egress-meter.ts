/** One egress as a server told of it. */
export interface MeteredEgress {
  readonly egressId: string;
  readonly kind: string;
  readonly status: string;
  /** Of our error catalogue; null where it did not end badly. */
  readonly code: string | null;
}
export interface EgressFigures {
  started(kind: string): void;
  /** From the call until the server was seen to record. */
  recordedAfter(kind: string, seconds: number): void;
  stopped(kind: string): void;
  /** From the first call until its end was seen. */
  stoppedAfter(kind: string, seconds: number): void;
  failed(kind: string, code: string): void;
}
interface Known {
  readonly kind: string;
  status: string;
  /** Null: of somebody else, or begun before this console. */
  readonly askedAtMs: number | null;
  stopAskedAtMs: number | null;
  /** Looks in which it was not listed: a list may have been asked for before the start. */
  misses: number;
}

const isOver = (status: string): boolean =>
  status === 'complete' || status === 'failed' || status === 'aborted' || status === 'limit-reached';

/**
 * Counts the egress of one server from what was asked and what is listed: whoever started it, each of its steps once.
 * Egress that was over when it was first seen is not counted.
 */
export class EgressMeter {
  readonly #figures: EgressFigures;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, Known>();
  #completed = 0;
  #failed = 0;
  readonly #failedAtMs: number[] = [];

  constructor(figures: EgressFigures, nowMs: () => number) {
    this.#figures = figures;
    this.#nowMs = nowMs;
  }

  /** Running now, by kind. */
  active(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { kind } of this.#known.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts;
  }
  get completed(): number {
    return this.#completed;
  }
  get failed(): number {
    return this.#failed;
  }
  failedSince(sinceMs: number): number {
    return this.#failedAtMs.filter((atMs) => atMs >= sinceMs).length;
  }

  /** A start was asked for; the one who asks tells what came of it. */
  startAsked(kind: string): { began(egress: MeteredEgress): void; refused(code: string): void } {
    const askedAtMs = this.#nowMs();
    return {
      began: (egress) => {
        this.#figures.started(kind);
        this.#known.set(egress.egressId, { kind, status: '', askedAtMs, stopAskedAtMs: null, misses: 0 });
        this.seen(egress);
      },
      refused: (code) => this.#fail(kind, code),
    };
  }
  stopAsked(egressId: string): void {
    const known = this.#known.get(egressId);
    if (known) known.stopAskedAtMs ??= this.#nowMs();
  }

  /** Everything that the server lists. */
  listed(list: readonly MeteredEgress[]): void {
    const ids = new Set(list.map(({ egressId }) => egressId));
    for (const [id, known] of this.#known) {
      if (ids.has(id)) known.misses = 0;
      else if ((known.misses += 1) > 1) this.#end(id, known, 'lost');
    }
    for (const egress of list) this.seen(egress);
  }
  seen({ egressId, kind, status, code }: MeteredEgress): void {
    const known = this.#known.get(egressId);
    if (!known) {
      if (isOver(status) || status === 'unknown') return;
      this.#known.set(egressId, { kind, status, askedAtMs: null, stopAskedAtMs: null, misses: 0 });
      return;
    }
    const before = known.status;
    known.status = status;
    if (status === 'active' && before !== 'active' && known.askedAtMs !== null)
      this.#figures.recordedAfter(known.kind, (this.#nowMs() - known.askedAtMs) / 1000);
    if (!isOver(status)) return;
    // A stop before the first picture ends aborted: that is what was asked for.
    const isAsked = status === 'aborted' && known.stopAskedAtMs !== null;
    const isBad = (status === 'failed' || status === 'aborted') && !isAsked;
    this.#end(egressId, known, isBad ? (code ?? 'egress-failed') : null);
  }

  #end(egressId: string, known: Known, code: string | null): void {
    this.#known.delete(egressId);
    this.#figures.stopped(known.kind);
    if (known.stopAskedAtMs !== null)
      this.#figures.stoppedAfter(known.kind, (this.#nowMs() - known.stopAskedAtMs) / 1000);
    if (code === null) this.#completed += 1;
    else this.#fail(known.kind, code);
  }
  #fail(kind: string, code: string): void {
    this.#failed += 1;
    this.#failedAtMs.push(this.#nowMs());
    if (this.#failedAtMs.length > 100) this.#failedAtMs.shift();
    this.#figures.failed(kind, code);
  }
}
