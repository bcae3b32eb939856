import { open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { keyOfName } from '../../shared/text/object-key.ts';
import { openStore, type OpenStoreOptions } from './open-store.ts';

/** Where the outputs of a job lie, as this computer looks at them while they grow. */
export interface OutputPlace {
  /** Another one: it has been written again. Null where it is not there. */
  mark(name: string, signal: AbortSignal): Promise<string | null>;
  /** Null where it is not there, or larger than that. */
  read(name: string, maxBytes: number, signal: AbortSignal): Promise<Buffer | null>;
  close(): void;
}

/** Rejects as `openStore` does, and its calls as the provider's SDK does. */
export async function openOutputPlace(storage: OpenStoreOptions, signal: AbortSignal): Promise<OutputPlace> {
  const store = await openStore(storage, signal);
  return {
    mark: async (name, limited) => {
      const object = await store.look(keyOfName(name), limited);
      return object && `${object.bytes} ${object.checksum?.value ?? ''}`;
    },
    read: async (name, maxBytes, limited) => {
      const object = await store.look(keyOfName(name), limited);
      return object && object.bytes <= maxBytes ? store.get(keyOfName(name), limited) : null;
    },
    close: () => store.close(),
  };
}

/** The disk of this computer. A relative path is in a folder that only the worker knows: nothing is there. */
export const outputsHere: OutputPlace = {
  mark: async (name) => {
    const found = isAbsolute(name) ? await stat(name).catch(() => null) : null; // not there, or not for us: the same
    return found && `${found.size} ${found.mtimeMs}`;
  },
  read: readHere,
  close: () => {},
};

/** Null where there is no such file, or a larger one. */
export async function readHere(path: string, maxBytes: number): Promise<Buffer | null> {
  try {
    await using file = await open(path);
    return (await file.stat()).size > maxBytes ? null : await file.readFile();
  } catch {
    return null; // not there, or not for us: the same
  }
}
