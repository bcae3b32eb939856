import { app, Notification, powerSaveBlocker, shell, utilityProcess, type UtilityProcess } from 'electron';
import { createInterface } from 'node:readline';
import type { HostServices, NodeChild, SecretBox } from '../core/host-services.ts';
import type { Log } from '../core/live/log.ts';
import { withoutSecrets } from '../core/rehearsal-process.ts';

/** What Electron can give to the core. */
export function electronServices(options: { readonly secrets: SecretBox; readonly log: Log }): HostServices {
  const { log } = options;
  return {
    name: 'electron',
    version: app.getVersion(),
    secrets: options.secrets,
    forkNode,
    async reveal(path) {
      shell.showItemInFolder(path);
    },
    notify(title, body) {
      if (Notification.isSupported()) new Notification({ title, body }).show();
      else log.info('A notice for the producer', { title, body });
    },
    stayAwake(reason) {
      const id = powerSaveBlocker.start('prevent-app-suspension');
      log.info('The computer is kept awake', { reason });
      return () => void powerSaveBlocker.stop(id);
    },
  };
}

const forkNode: HostServices['forkNode'] = (program, { env, graceMs, onLine }): NodeChild => {
  // Not child_process.fork: a packaged Electron does not run as Node.
  const child = utilityProcess.fork(program, [], {
    env: { ...withoutSecrets(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: 'Cuedesk child',
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream as NodeJS.ReadableStream }).on('line', onLine);
  }
  let isGone = false;
  // V8 has given up, and 'exit' follows. Nobody would listen otherwise, and this process would die of it; the report that
  // comes with it holds the environment, and is not kept.
  child.on('error', (type, location) => onLine(`${type} in ${location}`));
  const exited = new Promise<{ readonly code: number }>((resolve) => {
    child.once('exit', (code) => {
      isGone = true;
      resolve({ code });
    });
  });
  let closing: Promise<void> | null = null;
  return {
    get pid() {
      return child.pid;
    },
    exited,
    close: () => (closing ??= end(child, exited, graceMs, () => isGone)),
  };
};

async function end(
  child: UtilityProcess,
  exited: Promise<unknown>,
  graceMs: number,
  isGone: () => boolean,
): Promise<void> {
  if (isGone()) return;
  child.kill(); // SIGTERM, where the system has it
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
  }, graceMs);
  await exited;
  clearTimeout(timer);
}
