import { entryKey } from './entry-key.ts';
import type { RuleEntry, RuleStore, SeenJob } from './ports.ts';

/** Entries of people and tracks that have gone are of no use after this. */
const keepMs = 7 * 24 * 3_600_000;

const isOver = (job: SeenJob | undefined): boolean => !job || job.state === 'done' || job.state === 'failed';
const byId = (jobs: readonly SeenJob[]): ReadonlyMap<string, SeenJob> => new Map(jobs.map((job) => [job.id, job]));

/** What rules have started, in memory and in the journal. */
export class RuleEntries {
  readonly #store: RuleStore;
  readonly #entries = new Map<string, RuleEntry>();

  constructor(store: RuleStore, isRule: (ruleId: string) => boolean, nowMs: number) {
    this.#store = store;
    for (const entry of store.entries()) {
      if (isRule(entry.ruleId) && nowMs - entry.atMs < keepMs) this.#hold(entry);
      else store.removeEntry(entry.ruleId, entry.key);
    }
  }

  all(): readonly RuleEntry[] {
    return [...this.#entries.values()];
  }
  keep(entry: RuleEntry): void {
    this.#hold(entry);
    this.#store.saveEntry(entry);
  }

  /** One that leaves for its next part, at the session limit of its server, stands for the entry no more: the part does. */
  followParts(jobs: readonly SeenJob[]): void {
    const known = byId(jobs);
    for (const entry of this.all()) {
      const job = known.get(entry.jobId);
      const next = known.get(job?.nextId ?? '');
      if (next && !isOver(next) && (job?.state === 'stopping' || isOver(job))) this.keep({ ...entry, jobId: next.id });
    }
  }
  /** Of a rule that has changed: who was given up, or has ended, is tried again under what it says now. */
  forgetOver(ruleId: string, jobs: readonly SeenJob[]): void {
    const known = byId(jobs);
    this.#forget((entry) => entry.ruleId === ruleId && isOver(known.get(entry.jobId)));
  }
  forgetRule(ruleId: string): void {
    this.#forget((entry) => entry.ruleId === ruleId);
  }
  forgetJob(jobId: string): void {
    this.#forget((entry) => entry.jobId === jobId);
  }

  #hold(entry: RuleEntry): void {
    this.#entries.set(entryKey(entry.ruleId, entry.key), entry);
  }
  #forget(isGone: (entry: RuleEntry) => boolean): void {
    for (const entry of this.all().filter(isGone)) {
      this.#entries.delete(entryKey(entry.ruleId, entry.key));
      this.#store.removeEntry(entry.ruleId, entry.key);
    }
  }
}
