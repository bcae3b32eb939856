import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where unfinished files lie, on the same disk as the finished ones. The name tells whose it is. */
const prefix = '.egress-';

/** A fresh folder of this process inside `filesFolder`; the caller removes it. */
export function makeWorkFolder(filesFolder: string): string {
  return mkdtempSync(join(filesFolder, `${prefix}${process.pid}-`));
}

/** Removes what rehearsals left that were killed; those that run keep theirs. */
export function removeLeftovers(filesFolder: string): void {
  for (const name of readdirSync(filesFolder)) {
    const pid = new RegExp(`^\\${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid && !isRunning(Number(pid))) rmSync(join(filesFolder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's process, but there
  }
}
