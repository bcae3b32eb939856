import {
  appendFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  type WriteStream,
} from 'node:fs';
import { join } from 'node:path';
import { redactSecrets } from '../shared/text/redact.ts';
import type { Log, LogSink } from './live/log.ts';

export interface LogFile {
  readonly folder: string;
  readonly sink: LogSink;
  /** Writes what is left. */
  close(): Promise<void>;
}

export interface LogFileOptions {
  /** The file is set aside at this size, as `cuedesk.1.log` and so on. */
  readonly maxBytes?: number;
  readonly keptFiles?: number;
  /** How long after the disk refused it is tried again. */
  readonly tryAgainAfterMs?: number;
}

/** A disk that stalls must not fill the memory: beyond this, lines are dropped and their number is written later. */
const maxWaitingBytes = 1 << 20;

/** The log of the product: one JSON object a line in `<folder>/cuedesk.log`, readable by its owner alone. */
export function openLogFile(folder: string, options: LogFileOptions = {}): LogFile {
  const { maxBytes = 5 << 20, keptFiles = 4, tryAgainAfterMs = 10_000 } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (number: number): string => join(folder, number === 0 ? 'cuedesk.log' : `cuedesk.${number}.log`);
  let sizeBytes = existsSync(path(0)) ? statSync(path(0)).size : 0;
  let stream = open();
  let droppedCount = 0;
  let tryAgainAtMs = 0;
  let isClosed = false;

  function open(): WriteStream {
    const fresh = createWriteStream('', { fd: openSync(path(0), 'a', 0o600) }); // opened now: it is to be renamed later
    fresh.on('error', (error) => {
      tryAgainAtMs = performance.now() + tryAgainAfterMs;
      complain(error);
    });
    return fresh;
  }
  /** A stream that has failed once takes nothing more, also when the disk has room again. */
  function isWritable(): boolean {
    if (!stream.destroyed) return true;
    if (performance.now() < tryAgainAtMs) return false;
    try {
      stream = open();
      return true;
    } catch (error) {
      tryAgainAtMs = performance.now() + tryAgainAfterMs;
      complain(error);
      return false;
    }
  }
  function setAside(): void {
    sizeBytes = 0;
    try {
      for (let number = keptFiles; number > 0; number--) {
        if (existsSync(path(number - 1))) renameSync(path(number - 1), path(number));
      }
      const fresh = open();
      stream.end();
      stream = fresh;
    } catch (error) {
      complain(error); // and goes on in the file that is open
    }
  }
  function write(line: string): void {
    makeRoom(line);
    stream.write(`${line}\n`);
  }
  /** Written before it returns: it may be the last line that this process writes. */
  function writeNow(line: string): void {
    makeRoom(line);
    try {
      appendFileSync(path(0), `${line}\n`);
    } catch (error) {
      complain(error);
    }
  }
  function makeRoom(line: string): void {
    if (sizeBytes > 0 && sizeBytes + line.length > maxBytes) setAside();
    sizeBytes += Buffer.byteLength(line) + 1;
  }
  return {
    folder,
    sink(given, level) {
      if (isClosed) return;
      const line = redactSecrets(given); // the last guard; what is logged should need none
      if (level === 'error') {
        writeNow(line);
        return;
      }
      if (!isWritable() || stream.writableLength > maxWaitingBytes) {
        droppedCount++;
        return;
      }
      if (droppedCount > 0)
        write(JSON.stringify({ level: 'warn', message: 'Lines of the log were dropped', droppedCount }));
      droppedCount = 0;
      write(line);
    },
    close() {
      isClosed = true;
      return new Promise((resolve) => stream.end(() => resolve()));
    },
  };
}

/** A full or lost disk: there is nowhere left to say it but here, and the show must go on. */
function complain(error: unknown): void {
  process.stderr.write(`The log cannot be written: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** A terminal that was closed, or a pipe that nobody reads any more, must not end a show: what is said there is lost. */
export function outliveTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** Keeps in the log why this process died, where it dies of an error that nobody caught. */
export function logCrashes(log: Log): void {
  process.on('uncaughtExceptionMonitor', (error) =>
    log.error('Cuedesk ends by an error that nobody caught', {}, error),
  );
}
