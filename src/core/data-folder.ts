import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError } from '../shared/model/problem-error.ts';

/** Where settings, journal, logs and recordings go unless the command line says otherwise: the place that this system has for it. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Cuedesk');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Cuedesk');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'cuedesk');
}

/**
 * Makes the folder, for its owner alone, and holds it until `close`: two consoles on one journal would both write. The
 * hold is SQLite's own file lock, which the system takes back from a process that is killed. Throws `data-folder-in-use`.
 */
export function holdDataFolder(folder: string): { close(): Promise<void> } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, 'lock.db'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new ProblemError(
      {
        code: 'data-folder-in-use',
        fault: 'yours',
        retryable: true,
        text: `Another Cuedesk is using ${folder}.`,
        advice: 'Close it first, or choose another folder with --data.',
      },
      { cause },
    );
  }
  let isOpen = true;
  return {
    async close() {
      if (isOpen) lock.close();
      isOpen = false;
    },
  };
}
