import type { EgressRequest } from '../../shared/model/job-request.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { idsOf } from '../../shared/model/request-ids.ts';
import type { AddressBook } from '../settings/address-book.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import type { RequestSecrets, StorageUpload } from '../livekit/egress-request/secrets.ts';
import { uploadOf } from './storage-upload.ts';

/** Where the secrets of requests lie; null where there is no entry of this id. */
export interface RequestBooks {
  readonly address: (id: string) => Promise<string | null>;
  readonly storage: (id: string) => Promise<StorageUpload | null>;
}

/** All that a request names by id, in clear. Rejects with a ProblemError where one is not there any more. */
export const secretsOf = (request: EgressRequest, books: RequestBooks): Promise<RequestSecrets> =>
  secretsOfAll([request], books);

/** The same of several requests that are sent as one. */
export async function secretsOfAll(requests: readonly EgressRequest[], books: RequestBooks): Promise<RequestSecrets> {
  const named = requests.map(idsOf);
  const addressIds = named.flatMap((ids) => ids.addressIds);
  const storageIds = named.flatMap((ids) => ids.storageIds);
  const address = await all(addressIds, books.address, 'An address of this job is not in the address book.');
  const storage = await all(storageIds, books.storage, 'A storage of this job is not among the storage profiles.');
  return { address, storage };
}

async function all<T>(
  ids: readonly string[],
  find: (id: string) => Promise<T | null>,
  text: string,
): Promise<(id: string) => T> {
  const found = new Map<string, T>();
  const missing = (): ProblemError =>
    new ProblemError({
      code: 'unknown-entry',
      fault: 'yours',
      retryable: false,
      text,
      advice: 'Pick another entry, or enter it again.',
    });
  for (const id of ids) {
    const value = await find(id);
    if (value === null) throw missing();
    found.set(id, value);
  }
  return (id) => {
    const value = found.get(id);
    if (value === undefined) throw missing();
    return value;
  };
}

/** Where requests of one server find what they name; a rehearsal gets what lies on this computer only. */
export const requestBooks = (
  { addresses, storages }: { readonly addresses: AddressBook; readonly storages: StorageBook },
  isRehearsal: boolean,
): RequestBooks => ({
  address: (id) => addresses.urlOf(id, { loopbackOnly: isRehearsal }),
  storage: (id) => uploadOf(storages, id, { loopbackOnly: isRehearsal }),
});
