import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder } from './live/make-folder.ts';
import { ProblemError } from '../shared/model/problem-error.ts';

/** Where settings, journal, logs and recordings go unless the command line says otherwise: the place that this system has for it. */
export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Cuedesk');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Cuedesk');
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'cuedesk');
}

/**
 * Makes the folder, for its owner alone, and holds it until `close`: two consoles on one journal would both write. The
 * hold is SQLite's own file lock, which the system takes back from a process that is killed. Throws `data-folder-in-use`
 * or `data-folder-unusable`.
 */
export function holdDataFolder(folder: string): { close(): Promise<void> } {
  let lock: DatabaseSync | undefined;
  try {
    makeFolder(folder, 0o700);
    lock = new DatabaseSync(join(folder, 'lock.db'));
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    throw folderProblem(folder, cause);
  }
  const held = lock;
  let isOpen = true;
  return {
    async close() {
      if (isOpen) held.close();
      isOpen = false;
    },
  };
}

const sqliteBusy = 5;

function folderProblem(folder: string, cause: unknown): ProblemError {
  const isInUse = cause instanceof Error && 'errcode' in cause && cause.errcode === sqliteBusy;
  return new ProblemError(
    isInUse
      ? {
          code: 'data-folder-in-use',
          fault: 'yours',
          retryable: true,
          text: `Another Cuedesk is using ${folder}.`,
          advice: 'Close it first, or choose another folder with --data.',
        }
      : {
          code: 'data-folder-unusable',
          fault: 'yours',
          retryable: true,
          text: `Nothing can be kept in ${folder}.`,
          ...(cause instanceof Error ? { said: cause.message } : {}),
          advice: 'Make it a folder that you may write to, on a disk with room, or choose another with --data.',
        },
    { cause },
  );
}
