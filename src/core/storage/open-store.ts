import { ProblemError } from '../../shared/model/problem-error.ts';
import type { StoragePlace, StorageSecrets } from '../../shared/model/storage.ts';
import { openAliOssStore } from './alioss-store.ts';
import { openAzureStore } from './azure-store.ts';
import { openGcpStore } from './gcp-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openS3Store } from './s3-store.ts';

export interface OpenStoreOptions {
  readonly place: StoragePlace;
  readonly secrets: StorageSecrets;
  readonly endpoint?: string | undefined;
}

/**
 * A storage as this computer reaches it. Rejects with a ProblemError (`not-from-here`, `no-role`, ...), or with an error of
 * the SDK.
 */
export async function openStore(
  { place, secrets, endpoint }: OpenStoreOptions,
  signal: AbortSignal,
): Promise<ObjectStore> {
  switch (place.provider) {
    case 's3':
      if (secrets.accessKey === undefined) throw noKey();
      return openS3Store({ place, secrets, signal });
    case 'gcp':
      if (secrets.credentials === undefined && endpoint === undefined) throw noKey();
      return openGcpStore({ place, secrets, endpoint, signal });
    case 'azure':
      return openAzureStore({ place, secrets, endpoint, signal });
    case 'alioss':
      return openAliOssStore({ place, secrets, signal });
    case 'server-local':
      throw new ProblemError({
        code: 'not-from-here',
        fault: 'yours',
        retryable: false,
        text: 'The folder lies at the egress host: this computer cannot look into it.',
        advice: 'Make a short recording into it before the show, and see whether it ends well.',
      });
  }
}

const noKey = (): ProblemError =>
  new ProblemError({
    code: 'not-from-here',
    fault: 'yours',
    retryable: false,
    text: 'The profile has no key of its own: only the egress worker knows whether it may write there.',
    advice: 'Make a short recording into it before the show, and see whether it ends well.',
  });
