import { createWriteStream, existsSync, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import type { LogSink } from './live/log.ts';

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
}

/** A disk that stalls must not fill the memory: beyond this, lines are dropped and their number is written later. */
const maxWaitingBytes = 1 << 20;

/** The log of the product: one JSON object a line in `<folder>/cuedesk.log`, readable by its owner alone. */
export function openLogFile(folder: string, options: LogFileOptions = {}): LogFile {
  const { maxBytes = 5 << 20, keptFiles = 4 } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (number: number): string => join(folder, number === 0 ? 'cuedesk.log' : `cuedesk.${number}.log`);
  let sizeBytes = existsSync(path(0)) ? statSync(path(0)).size : 0;
  let stream = open();
  let droppedCount = 0;
  let isClosed = false;

  function open(): WriteStream {
    const fresh = createWriteStream('', { fd: openSync(path(0), 'a', 0o600) }); // opened now: it is to be renamed later
    // A full or lost disk: there is nowhere left to say it but here, and the show must go on.
    fresh.on('error', (error) => process.stderr.write(`The log cannot be written: ${error.message}\n`));
    return fresh;
  }
  function setAside(): void {
    stream.end();
    for (let number = keptFiles; number > 0; number--) {
      if (existsSync(path(number - 1))) renameSync(path(number - 1), path(number));
    }
    sizeBytes = 0;
    stream = open();
  }
  function write(line: string): void {
    if (sizeBytes > 0 && sizeBytes + line.length > maxBytes) setAside();
    sizeBytes += Buffer.byteLength(line) + 1;
    stream.write(`${line}\n`);
  }
  return {
    folder,
    sink(line) {
      if (isClosed) return;
      if (stream.writableLength > maxWaitingBytes) {
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
