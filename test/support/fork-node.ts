import { fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { HostServices } from '../../src/core/host-services.ts';

/** Forks a Node program as the headless host does, and keeps what it prints. */
export function forkNode(lines: string[] = []): HostServices['forkNode'] {
  return (program, options) => {
    const child = fork(program, [], {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          lines.push(line);
          options.onLine(line);
        });
    const exited = new Promise<{ code: number | null }>((resolve) => child.once('close', (code) => resolve({ code })));
    return {
      pid: child.pid,
      exited,
      async close() {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), options.graceMs);
        await exited;
        clearTimeout(timer);
      },
    };
  };
}
