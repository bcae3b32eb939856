import { fork, type ChildProcess, type StdioOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { Readable } from 'node:stream';

interface ForkOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdio?: readonly ('ignore' | 'pipe' | 'inherit')[];
}

class UtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;
  constructor(program: string, args: readonly string[], options: ForkOptions) {
    super();
    const stdio = options.stdio ?? ['ignore', 'inherit', 'inherit'];
    if (stdio[0] !== 'ignore') throw new Error('utilityProcess.fork: stdin must be ignored');
    this.#child = fork(program, [...args], {
      execArgv: [], // without the stand-in
      stdio: [...stdio, 'ipc'] as StdioOptions,
      ...(options.env ? { env: options.env } : {}),
    });
    this.#child.on('spawn', () => this.emit('spawn'));
    this.#child.on('exit', (code, signal) => {
      if (signal === 'SIGABRT') this.emit('error', 'FatalError', 'Heap::Allocate', '{"environmentVariables":{}}');
      this.emit('exit', code ?? 1);
    });
  }
  get pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }
  get stdout(): Readable | null {
    return this.#child.stdout;
  }
  get stderr(): Readable | null {
    return this.#child.stderr;
  }
  kill(): boolean {
    return this.#child.kill('SIGTERM');
  }
}

export const utilityProcess = {
  fork: (program: string, args: readonly string[] = [], options: ForkOptions = {}) =>
    new UtilityProcess(program, args, options),
};
