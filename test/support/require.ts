import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { locateFfmpeg } from '../../src/core/ffmpeg/locate.ts';

type Part = 'ffmpeg' | 'chromium' | 'azurite' | 'redis';
const required = new Set((process.env['CUEDESK_REQUIRE'] ?? '').split(','));

export const ffmpegPath = (): string => locateFfmpeg() ?? 'ffmpeg';
export const chromiumPath = (): string => process.env['CUEDESK_CHROMIUM'] ?? '/usr/bin/chromium';
/** Debian's package of that name has it. */
export const redisPath = (): string => process.env['REDIS_SERVER'] ?? 'redis-server';
/** The program of Azurite; `npm test` installs it into the cache and names it. */
export const azuritePath = (): string =>
  process.env['CUEDESK_AZURITE'] ??
  join(homedir(), '.cache/cuedesk/azurite-3.37.0/node_modules/azurite/dist/src/blob/main.js');
const isHere: Readonly<Record<Part, () => boolean>> = {
  ffmpeg: () => locateFfmpeg() !== null,
  chromium: () => existsSync(chromiumPath()),
  redis: () => spawnSync(redisPath(), ['--version']).status === 0,
  azurite: () => existsSync(azuritePath()),
};

/** Tests that need a part of the machine: skipped loudly where it is missing, failed where CUEDESK_REQUIRE names it. */
export function describeWith(part: Part, name: string, tests: () => void): void {
  if (isHere[part]() || required.has(part)) describe(name, tests);
  else {
    process.stderr.write(`\n==== SKIPPED: ${name}: ${part} is not on this machine ====\n`);
    describe.skip(name, tests);
  }
}
