import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

export interface ProcessOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** `pipe`: the child reads media or commands from us, and dies with us. */
  readonly stdin?: 'pipe' | 'ignore';
  /** `lines` gives stdout to `onLine` too; `pipe` leaves it to the caller as `stdout`. */
  readonly stdout?: 'lines' | 'pipe' | 'ignore';
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
  /** The way to ask that this program understands. */
  readonly ask: 'stdin-end' | 'SIGTERM' | 'SIGTERM-twice' | 'q';
  /** How long it may take after being asked, before SIGKILL. */
  readonly graceMs: number;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** We asked for it: then it is no failure. */
  readonly wasAsked: boolean;
  readonly wasKilled: boolean;
  /** Why it never ran, where it did not. */
  readonly error: Error | null;
  readonly lastLines: readonly string[];
}

export interface RunningProcess {
  readonly pid: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly isRunning: boolean;
  /** Settles after the output was drained. Never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Asks, waits `graceMs`, tells, and waits until it is gone. */
  close(): Promise<void>;
}

const keptLines = 40;
const maxLineChars = 4_000;

/** One launcher for every child that is not Node: a child is asked, then told, then waited for. */
export function startProcess(options: ProcessOptions): RunningProcess {
  const stdout = options.stdout ?? 'lines';
  const child = spawn(options.file, [...options.args], {
    stdio: [options.stdin ?? 'ignore', stdout === 'ignore' ? 'ignore' : 'pipe', 'pipe'],
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
    // A group of its own: Ctrl-C in the terminal is for us, who ask our children in our order. Windows has no such groups.
    detached: process.platform !== 'win32',
  });
  const lastLines: string[] = [];
  const keep =
    (from: 'stdout' | 'stderr') =>
    (line: string): void => {
      lastLines.push(line);
      if (lastLines.length > keptLines) lastLines.shift();
      options.onLine?.(line, from);
    };
  if (child.stderr) readLines(child.stderr, keep('stderr'));
  if (child.stdout && stdout === 'lines') readLines(child.stdout, keep('stdout'));
  child.stdin?.on('error', () => {}); // EPIPE of a child that died: its exit tells more

  let wasAsked = false;
  let wasKilled = false;
  let startError: Error | null = null;
  const exited = new Promise<ProcessExit>((resolve) => {
    const done = (code: number | null, signal: NodeJS.Signals | null): void =>
      resolve({ code, signal, wasAsked, wasKilled, error: startError, lastLines });
    child.once('error', (error) => {
      startError = error;
      if (child.pid === undefined) done(null, null); // never started: no 'close' will come
    });
    child.once('close', done);
  });

  let closing: Promise<void> | null = null;
  const isRunning = (): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  const end = async (): Promise<void> => {
    if (isRunning()) {
      wasAsked = true;
      ask(child, options.ask);
      const timer = setTimeout(() => {
        wasKilled = true;
        child.kill('SIGKILL');
      }, options.graceMs);
      await exited;
      clearTimeout(timer);
    }
    await exited;
  };
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: stdout === 'pipe' ? child.stdout : null,
    get isRunning() {
      return isRunning();
    },
    exited,
    close: () => (closing ??= end()),
  };
}

function ask(child: ChildProcess, way: ProcessOptions['ask']): void {
  if (way === 'stdin-end') child.stdin?.end();
  else if (way === 'q') child.stdin?.write('q\n');
  else child.kill('SIGTERM');
  // livekit-server drains without limit on the first SIGTERM and ends on the second.
  if (way === 'SIGTERM-twice')
    void once(child, 'exit', { signal: AbortSignal.timeout(100) }).catch(() => child.kill('SIGTERM'));
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split(/\r\n|\n|\r/);
    rest = (parts.pop() ?? '').slice(-maxLineChars); // a line without end must not grow for ever
    for (const line of parts) onLine(line.slice(0, maxLineChars));
  });
  stream.on('end', () => {
    if (rest) onLine(rest);
  });
}
