import type { S3Upload } from '@livekit/protocol';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { placeIn } from './file-name.ts';
import { putObject } from './s3-upload.ts';
import type { EgressTiming } from './timing.ts';

/** Where finished files go: a folder of this computer, or an S3 bucket. */
export interface Store {
  /** Takes a finished file; its location. Throws an UploadError in egress's words. */
  keep(file: string, name: string): Promise<string>;
  /** True once something had to go to the backup. */
  readonly usedBackup: boolean;
}

/** Egress's own sentence about a file that could not be kept. */
export class UploadError extends Error {
  override readonly name = 'UploadError';
}

export interface StoreOptions {
  readonly filesFolder: string;
  readonly storage: S3Upload | null;
  /** The storage that egress is configured to fall back to; null: none. */
  readonly backup: S3Upload | null;
  readonly timing: EgressTiming;
  readonly signal: AbortSignal;
}

export function openStore(options: StoreOptions): Store {
  const { filesFolder, storage, backup, timing, signal } = options;
  let usedBackup = false;
  return {
    get usedBackup() {
      return usedBackup;
    },
    keep: async (file, name) => {
      if (!storage) return keepHere(filesFolder, file, name);
      const body = readFileSync(file);
      try {
        return await putObject(storage, name, body, timing.uploadRetryMs, signal);
      } catch (error) {
        const text = error instanceof Error ? error.message : 'unknown';
        if (!backup) throw new UploadError(`S3 upload failed: err: ${text}`);
        usedBackup = true;
        return putObject(backup, name, body, [], signal).catch((again: unknown) => {
          throw new UploadError(`S3 upload failed: err: ${again instanceof Error ? again.message : 'unknown'}`);
        });
      }
    },
  };
}

function keepHere(filesFolder: string, file: string, name: string): string {
  const place = placeIn(filesFolder, name);
  if (place === null) throw new UploadError(`Local upload failed: mkdir ${dirname(name)}/: permission denied`);
  mkdirSync(dirname(place), { recursive: true });
  copyFileSync(file, place);
  return place;
}
