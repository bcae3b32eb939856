import type { Problem } from '../../shared/model/common.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import { isSqliteError } from './sqlite-errors.ts';

/** Some hours of a busy show; what is waiting is rows of text. */
const maxWaiting = 20_000;

/**
 * Writes to the journal that a full or failing disk does not stop: a recording must not end because its state cannot be
 * written down. What is refused waits in memory, the newest state of each row, and is written in the old order as soon as
 * the disk takes it; the next write tries. Errors that no disk is to blame for are thrown; of a row that waited, logged.
 */
export class PatientWrites {
  /** Null while the disk takes everything. */
  readonly trouble = new StateCell<Problem | null>(null);
  readonly #log: Log;
  readonly #waiting = new Map<string, () => void>();
  #lostCount = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  /** `row` names what is written: a later write of the same row replaces one that waits. */
  write(row: string, work: () => void): void {
    if (this.#waiting.size === 0) {
      try {
        work();
        return;
      } catch (error) {
        this.#refused(error);
      }
    }
    if (this.#waiting.has(row) || this.#waiting.size < maxWaiting) this.#waiting.set(row, work);
    else this.#lostCount++;
    if (this.trouble.value === null) this.trouble.set(diskRefuses);
    else this.retry();
  }

  /** Tries what is waiting. */
  retry(): void {
    for (const [row, work] of this.#waiting) {
      try {
        work();
      } catch (error) {
        if (isOfDisk(error)) return;
        // Whoever writes now is not to blame, and the rows behind it must not wait for ever.
        this.#lostCount++;
        this.#log.error('A row that waited cannot be written', { row }, error);
      }
      this.#waiting.delete(row);
    }
    if (this.trouble.value === null) return;
    this.#log.info('The journal can be written again', { lostCount: this.#lostCount });
    this.#lostCount = 0;
    this.trouble.set(null);
  }

  /** The last try before the file is closed. */
  finish(): void {
    this.retry();
    const lostCount = this.#waiting.size + this.#lostCount;
    if (lostCount > 0) this.#log.error('The journal was closed without its last rows', { lostCount });
    this.#waiting.clear();
  }

  #refused(error: unknown): void {
    if (!isOfDisk(error)) throw error;
    if (this.trouble.value === null) this.#log.error('The journal cannot be written', {}, error);
  }
}

const isOfDisk = (error: unknown): boolean =>
  isSqliteError(error, 'busy', 'readOnly', 'ioFailed', 'full', 'cannotOpen');

const diskRefuses: Problem = {
  code: 'journal-not-written',
  fault: 'yours',
  retryable: true,
  text: 'The journal cannot be written: the disk is full or refuses.',
  advice:
    'Recordings and captions go on. Free some space: what waits in memory is then written, and is lost if Cuedesk ends before.',
};
