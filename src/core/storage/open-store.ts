import { ProblemError } from '../../shared/model/problem-error.ts';
import type { StoragePlace, StorageSecrets } from '../../shared/model/storage.ts';
import { openAliOssStore } from './alioss-store.ts';
import { openAzureStore } from './azure-store.ts';
import { openGcpStore } from './gcp-store.ts';
import type { ObjectStore, StoreOptions } from './object-store.ts';
import type { RoleSessions } from './role-sessions.ts';
import { openS3Store } from './s3-store.ts';
import { openSockets } from './sockets.ts';

export interface OpenStoreOptions {
  readonly place: StoragePlace;
  readonly secrets: StorageSecrets;
  readonly endpoint?: string | undefined;
  /** Left out: a role is taken on anew. */
  readonly roles?: RoleSessions | undefined;
}

/**
 * A storage as this computer reaches it. Rejects with a ProblemError (`not-from-here`, `no-role`, ...), or with an error of
 * the SDK.
 */
export async function openStore(options: OpenStoreOptions, signal: AbortSignal): Promise<ObjectStore> {
  refuseUnseen(options);
  const sockets = await openSockets({ ...options, signal });
  try {
    return await openWith({ ...options, signal, sockets });
  } catch (error) {
    sockets.close();
    throw error;
  }
}

function openWith({ place, ...rest }: OpenStoreOptions & Pick<StoreOptions<'s3'>, 'signal' | 'sockets'>) {
  switch (place.provider) {
    case 's3':
      return openS3Store({ place, ...rest });
    case 'gcp':
      return openGcpStore({ place, ...rest });
    case 'azure':
      return openAzureStore({ place, ...rest });
    case 'alioss':
      return openAliOssStore({ place, ...rest });
    case 'server-local':
      throw noFolder();
  }
}

/** What only the egress worker can tell. */
function refuseUnseen({ place, secrets, endpoint }: OpenStoreOptions): void {
  if (place.provider === 'server-local') throw noFolder();
  if (place.provider === 's3' && secrets.accessKey === undefined) throw noKey();
  if (place.provider === 'gcp' && secrets.credentials === undefined && endpoint === undefined) throw noKey();
}

const noFolder = (): ProblemError =>
  new ProblemError({
    code: 'not-from-here',
    fault: 'yours',
    retryable: false,
    text: 'The folder lies at the egress host: this computer cannot look into it.',
    advice: 'Make a short recording into it before the show, and see whether it ends well.',
  });

const noKey = (): ProblemError =>
  new ProblemError({
    code: 'not-from-here',
    fault: 'yours',
    retryable: false,
    text: 'The profile has no key of its own: only the egress worker knows whether it may write there.',
    advice: 'Make a short recording into it before the show, and see whether it ends well.',
  });
