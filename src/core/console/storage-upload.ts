import { ProblemError } from '../../shared/model/problem-error.ts';
import type { StoragePlace, StorageSecrets } from '../../shared/model/storage.ts';
import { isLoopbackHost } from '../../shared/text/loopback.ts';
import type { StorageUpload } from '../livekit/egress-request/secrets.ts';
import type { OpenStorage, StorageBook } from '../settings/storage-book.ts';

/**
 * The upload fields of a profile, in clear. `loopbackOnly`: of a rehearsal, which reaches nothing outside of this computer.
 * Rejects with a ProblemError (`no-such-storage`, `storage-missing`, `not-in-rehearsal`).
 */
export async function uploadOf(
  book: StorageBook,
  storageId: string,
  { loopbackOnly = false } = {},
): Promise<StorageUpload> {
  const storage = await book.open(storageId);
  if (loopbackOnly && !staysHere(storage.place)) throw notInRehearsal(book.find(storageId)?.name ?? storageId);
  return uploadFields(storage);
}

function uploadFields({ place, secrets }: OpenStorage): StorageUpload {
  switch (place.provider) {
    case 's3':
      return {
        provider: 's3',
        bucket: place.bucket,
        accessKey: secrets.accessKey,
        secret: secrets.secret,
        sessionToken: secrets.sessionToken,
        assumeRoleArn: place.assumeRoleArn,
        assumeRoleExternalId: secrets.externalId,
        region: place.region,
        endpoint: place.endpoint,
        forcePathStyle: place.pathStyle,
        metadata: place.metadata,
        tagging: place.tagging,
        contentDisposition: place.contentDisposition,
        proxy: proxyOf(place, secrets),
      };
    case 'gcp':
      return {
        provider: 'gcp',
        bucket: place.bucket,
        credentials: secrets.credentials,
        proxy: proxyOf(place, secrets),
      };
    case 'azure':
      return {
        provider: 'azure',
        containerName: place.container,
        accountName: place.accountName,
        accountKey: secrets.accountKey ?? '',
      };
    case 'alioss':
      return {
        provider: 'alioss',
        bucket: place.bucket,
        accessKey: secrets.accessKey ?? '',
        secret: secrets.secret ?? '',
        region: place.region,
        endpoint: place.endpoint,
      };
    case 'server-local':
      return { provider: 'server-local', folder: place.folder };
  }
}

const proxyOf = ({ proxy }: Extract<StoragePlace, { provider: 's3' | 'gcp' }>, secrets: StorageSecrets) =>
  proxy ? { url: proxy.url, username: proxy.username, password: secrets.proxyPassword } : undefined;

const staysHere = (place: StoragePlace): boolean =>
  place.provider === 'server-local' ||
  ((place.provider === 's3' || place.provider === 'alioss') &&
    URL.canParse(place.endpoint) &&
    isLoopbackHost(new URL(place.endpoint).hostname));

const notInRehearsal = (name: string): ProblemError =>
  new ProblemError({
    code: 'not-in-rehearsal',
    fault: 'yours',
    retryable: false,
    text: `A rehearsal sends nothing out of this computer, and the storage ${name} lies elsewhere.`,
    advice: 'Take the server’s own storage, or connect a server of your own.',
  });
