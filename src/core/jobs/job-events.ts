import { isRunning } from '../../shared/model/job.ts';
import { redactSecrets } from '../../shared/text/redact.ts';
import { readJobEvent, writeJobEvent, type JobEvent } from './job-event.ts';
import { advance, type JobEffect } from './job-machine.ts';
import type { JobState } from './job-state.ts';
import { tell } from './job-story.ts';
import type { JobEventStore } from './ports.ts';

/** An hour of a stream that breaks each second would write more: then the story begins anew with the job as it is. */
const maxEvents = 400;

/**
 * Keeps what happened to each job: enough to tell its story, and to come to the same state again. What only grows (sizes,
 * counts) replaces the growth before it.
 */
export class JobEvents {
  readonly #store: JobEventStore;
  readonly #last = new Map<
    string,
    { readonly seq: number; readonly firstSeq: number; readonly growth: string | null }
  >();

  constructor(store: JobEventStore) {
    this.#store = store;
  }

  /** A job that was not known before, or whose story has become too long: a replay begins here. */
  keep(job: JobState, atMs: number, told = ''): void {
    const seq = (this.#last.get(job.id)?.seq ?? this.#store.lastSeq(job.id)) + 1;
    this.#save(job.id, seq, { type: 'kept', atMs, state: job }, { told, said: '' });
    this.#last.set(job.id, { seq, firstSeq: seq, growth: null });
  }

  record(before: JobState, event: JobEvent, after: JobState, effects: readonly JobEffect[]): void {
    const { id } = before;
    const last = this.#last.get(id) ?? { seq: this.#store.lastSeq(id), firstSeq: 1, growth: null };
    const growth = growthOf(before, event, after, effects);
    const replaces = growth !== null && growth === last.growth;
    const seq = replaces ? last.seq : last.seq + 1;
    this.#save(id, seq, event, tell(before, event, after, effects));
    if (!isRunning(after)) this.#last.delete(id);
    else this.#last.set(id, { seq, firstSeq: last.firstSeq, growth });
    if (seq - last.firstSeq < maxEvents) return;
    this.keep(after, event.atMs);
    this.#store.forgetBefore(id, seq - maxEvents / 2); // the newest half of the story stays to be read
  }

  #save(
    jobId: string,
    seq: number,
    event: Parameters<typeof writeJobEvent>[0],
    { told, said }: { readonly told: string; readonly said: string },
  ): void {
    this.#store.save({
      jobId,
      seq,
      atMs: event.atMs,
      type: event.type,
      told: redactSecrets(told),
      said: redactSecrets(said),
      event: writeJobEvent(event, redactSecrets),
    });
  }
}

/** Names what only grew, and how; null where more than that happened. */
function growthOf(before: JobState, event: JobEvent, after: JobState, effects: readonly JobEffect[]): string | null {
  if (effects.length > 0 || before.phase !== after.phase) return null;
  if (JSON.stringify(before.streams) !== JSON.stringify(after.streams)) return null;
  if (event.type === 'deskGrew') return 'desk';
  if (event.type !== 'egressSeen' || before.egress.at !== after.egress.at) return null;
  const mediaOf = ({ egress }: JobState): number | null =>
    'mediaStartedAtMs' in egress ? egress.mediaStartedAtMs : null;
  return mediaOf(before) === mediaOf(after) ? `egress ${after.egress.at}` : null;
}

/** The job that comes of its recorded events, from the last time that it was kept whole; null where that cannot be read. */
export function replay(rows: readonly { readonly event: string }[]): JobState | null {
  let job: JobState | null = null;
  for (const row of rows) {
    const event = readJobEvent(row.event);
    if (!event) return job;
    if (event.type === 'kept') job = event.state;
    else if (job) job = advance(job, event).state;
  }
  return job;
}
