import { existsSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['CUEDESK_OUT'] ?? join(import.meta.dirname, '../../out');

/** A built program, absolute. `npm test` builds before it tests; by hand: `npx electron-vite build`. */
export function builtProgram(name: string): string {
  const path = join(folder, 'main', `${name}.js`);
  if (!existsSync(path)) throw new Error(`${path} is not there: run "npx electron-vite build" first.`);
  return path;
}
