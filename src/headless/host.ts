import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import type { HostServices, SecretBox } from '../core/host-services.ts';
import type { Log } from '../core/live/log.ts';
import { startProcess } from '../core/live/process.ts';
import { withoutSecrets } from '../core/rehearsal-process.ts';
import { ProblemError } from '../shared/model/problem-error.ts';

/** What plain Node can give to the core. */
export function headlessServices(options: {
  readonly version: string;
  readonly secrets: SecretBox;
  readonly log: Log;
}): HostServices {
  const { log } = options;
  return {
    name: 'headless',
    version: options.version,
    secrets: options.secrets,
    forkNode(program, { env, graceMs, onLine }) {
      const child = startProcess({
        file: process.execPath,
        args: [program],
        env: { ...withoutSecrets(process.env), ...env },
        ask: 'SIGTERM',
        graceMs,
        onLine,
      });
      return {
        pid: child.pid,
        exited: child.exited.then(({ code }) => ({ code })),
        close: () => child.close(),
      };
    },
    reveal: (path) => reveal(path),
    // There is no desktop to speak to; the page shows incidents, and the log keeps this.
    notify: (title, body) => log.info('A notice for the producer', { title, body }),
    // Nothing in plain Node keeps a computer awake; a rack machine does not sleep.
    stayAwake: () => () => {},
  };
}

async function reveal(path: string): Promise<void> {
  const [file, args] =
    process.platform === 'darwin'
      ? ['open', ['-R', path]]
      : process.platform === 'win32'
        ? ['explorer.exe', [`/select,${path}`]]
        : ['xdg-open', [dirname(path)]];
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  const isShown =
    hasDisplay &&
    (await new Promise<boolean>((resolve) => {
      const child = spawn(file, args, { stdio: 'ignore', detached: true });
      child.once('error', () => resolve(false)); // no such program on this machine
      child.once('spawn', () => resolve(true));
      child.unref();
    }));
  if (isShown) return;
  throw new ProblemError({
    code: 'no-file-manager',
    fault: 'yours',
    retryable: false,
    text: `There is no file manager to show it in. It lies at ${path}.`,
  });
}
