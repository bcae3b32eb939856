import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { redactSecrets } from '../../shared/text/redact.ts';
import type { Clock } from '../live/clock.ts';
import type { LogSink } from '../live/log.ts';

export interface LogFileOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly keepDays?: number;
  readonly maxBytesPerDay?: number;
}
export interface LogFile {
  /** For `createLog`. Never throws and never waits. */
  readonly sink: LogSink;
  readonly folder: string;
  /** Lines that did not fit or could not be written. */
  readonly droppedLines: number;
  close(): Promise<void>;
}

const keepDays = 14;
/** A busy day of 40 people and 4 jobs writes some 5 MB; more is a fault that must not fill the disk. */
const maxBytesPerDay = 50_000_000;
/** A disk that stalls must not fill the memory. */
const maxWaitingBytes = 1_000_000;
/** After a failure, for instance a full disk. */
const retryMs = 60_000;
const maxLineChars = 16_000;
const namePattern = /^cuedesk-\d{4}-\d{2}-\d{2}\.log$/;

/** Daily files (UTC) of one JSON object a line, mode 0600, of the last 14 days. Secrets known by their form are taken out. */
export function openLogFile(options: LogFileOptions): LogFile {
  return new DailyLog(options);
}

class DailyLog implements LogFile {
  readonly folder: string;
  readonly #options: LogFileOptions;
  #day = '';
  #stream: WriteStream | null = null;
  #writtenBytes = 0;
  #retryAtMs = 0;
  #dropped = 0;
  #isClosed = false;
  readonly #ending = new Set<Promise<void>>();

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.folder = options.folder;
  }
  get droppedLines(): number {
    return this.#dropped;
  }

  readonly sink: LogSink = (line) => {
    if (this.#isClosed) return;
    const stream = this.#streamOfToday();
    const text = `${redactSecrets(line.length > maxLineChars ? `${line.slice(0, maxLineChars)}…` : line)}\n`;
    const bytes = Buffer.byteLength(text);
    const limit = this.#options.maxBytesPerDay ?? maxBytesPerDay;
    if (!stream || stream.writableLength > maxWaitingBytes || this.#writtenBytes + bytes > limit) {
      this.#dropped++;
      return;
    }
    this.#writtenBytes += bytes;
    stream.write(text);
  };

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#end();
    await Promise.all(this.#ending);
  }

  #streamOfToday(): WriteStream | null {
    const nowMs = this.#options.clock.nowMs();
    const day = new Date(nowMs).toISOString().slice(0, 10);
    if (day !== this.#day) {
      this.#end();
      this.#day = day;
      this.#retryAtMs = 0;
    }
    if (this.#stream) return this.#stream;
    if (nowMs < this.#retryAtMs) return null;
    try {
      this.#stream = this.#open(join(this.folder, `cuedesk-${day}.log`));
    } catch {
      this.#retryAtMs = nowMs + retryMs; // there is nowhere to tell it but `droppedLines`
    }
    return this.#stream;
  }

  #open(path: string): WriteStream {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    this.#removeOld();
    this.#writtenBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
    stream.on('error', () => {
      // A full disk, most likely. The log cannot log it; it is tried again later.
      if (this.#stream === stream) this.#stream = null;
      this.#retryAtMs = this.#options.clock.nowMs() + retryMs;
    });
    return stream;
  }

  #end(): void {
    const stream = this.#stream;
    this.#stream = null;
    if (!stream || stream.destroyed) return;
    const ended = new Promise<void>((resolve) => {
      stream.once('close', resolve);
      stream.end();
    }).finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #removeOld(): void {
    const oldest = new Date(this.#options.clock.nowMs() - (this.#options.keepDays ?? keepDays) * 86_400_000);
    const firstKept = `cuedesk-${oldest.toISOString().slice(0, 10)}.log`;
    for (const name of readdirSync(this.folder))
      if (namePattern.test(name) && name <= firstKept) rmSync(join(this.folder, name), { force: true });
  }
}
