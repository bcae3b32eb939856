import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { redactSecrets } from '../../shared/text/redact.ts';
import { fileStampUtc, stampUtc } from '../../shared/text/utc.ts';
import { makeFolder } from '../live/make-folder.ts';
import { zipOf, type ZipEntry } from './zip.ts';

/** One file of a bundle. */
export interface BundlePart {
  readonly name: string;
  /** In a sentence, for the list of what the bundle holds. */
  readonly holds: string;
  /** Its text in pieces of whole lines: a secret that is cut in two is not known by its form. */
  readonly text: () => Iterable<string> | AsyncIterable<string>;
}

export interface SavedBundle {
  readonly fileName: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Writes one zip into a folder that it makes: its list, then each part, everything through the guard that the log has too.
 * Rejects with the system's error where it cannot be written; then nothing of it is left.
 */
export async function saveBundle(options: {
  readonly folder: string;
  readonly atMs: number;
  readonly parts: readonly BundlePart[];
}): Promise<SavedBundle> {
  const { folder, atMs, parts } = options;
  const fileName = `cuedesk support ${fileStampUtc(atMs)}.zip`;
  const path = join(folder, fileName);
  const beside = `${path}.part`;
  makeFolder(folder, 0o700);
  try {
    await pipeline(zipOf(entriesOf(parts, atMs), atMs), createWriteStream(beside, { mode: 0o600 }));
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  return { fileName, path, sizeBytes: (await stat(path)).size };
}

async function* entriesOf(parts: readonly BundlePart[], atMs: number): AsyncGenerator<ZipEntry> {
  yield { name: 'contents.txt', bytes: Buffer.from(contentsOf(parts, atMs)) };
  for (const part of parts) yield { name: part.name, bytes: Buffer.concat(await bytesOf(part)) };
}

/** A part that cannot be read says so: the bundle is asked for when something is wrong. */
async function bytesOf({ text }: BundlePart): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of text()) {
      pieces.push(Buffer.from(redactSecrets(piece)));
      await setImmediate(); // what plays and records goes on between
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : 'an error without a message';
    pieces.push(Buffer.from(redactSecrets(`This could not be read: ${why}\n`)));
  }
  return pieces;
}

const contentsOf = (parts: readonly BundlePart[], atMs: number): string =>
  `Cuedesk support bundle, ${stampUtc(atMs)} UTC

${parts.map(({ name, holds }) => `${name}\n    ${holds}\n`).join('')}
It names rooms, people, recordings, servers and folders. Secrets are not in it: where one would stand, it
says {...}. Neither are sound, pictures, and what was said.
`;
