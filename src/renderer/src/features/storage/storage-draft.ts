import {
  secretNames,
  type Storage,
  type StoragePlace,
  type StorageProvider,
  type StorageSecretName,
  type StorageSecrets,
} from '../../../../shared/model/storage.ts';

/** What is typed: flat, so that a change of the kind keeps what both have. An empty secret means the kept one, null none. */
export interface StorageDraft {
  readonly name: string;
  readonly provider: StorageProvider;
  readonly isBackup: boolean;
  readonly bucket: string;
  readonly region: string;
  readonly endpoint: string;
  readonly pathStyle: boolean;
  readonly assumeRoleArn: string;
  readonly metadata: string;
  readonly tagging: string;
  readonly contentDisposition: string;
  readonly proxyUrl: string;
  readonly proxyUser: string;
  readonly accountName: string;
  readonly folder: string;
  readonly secrets: Readonly<Partial<Record<StorageSecretName, string | null>>>;
  readonly keep: 'stored' | 'this-run';
}

const none: StorageDraft = {
  name: '',
  provider: 's3',
  isBackup: false,
  bucket: '',
  region: '',
  endpoint: '',
  pathStyle: false,
  assumeRoleArn: '',
  metadata: '',
  tagging: '',
  contentDisposition: '',
  proxyUrl: '',
  proxyUser: '',
  accountName: '',
  folder: '',
  secrets: {},
  keep: 'stored',
};

export function draftOf(known: Storage | null): StorageDraft {
  if (known === null) return none;
  const { place } = known;
  const named = {
    ...none,
    name: known.name,
    isBackup: known.isBackup,
    keep: known.protection === 'this-run' && secretNames[place.provider].length > 0 ? 'this-run' : 'stored',
  } as const;
  switch (place.provider) {
    case 's3':
      return {
        ...named,
        ...place,
        metadata: Object.entries(place.metadata)
          .map(([name, value]) => `${name}=${value}`)
          .join(', '),
        ...proxyOf(place.proxy),
      };
    case 'gcp':
      return { ...named, provider: 'gcp', bucket: place.bucket, ...proxyOf(place.proxy) };
    case 'azure':
      return { ...named, provider: 'azure', accountName: place.accountName, bucket: place.container };
    case 'alioss':
      return { ...named, ...place };
    case 'server-local':
      return { ...named, ...place };
  }
}
const proxyOf = (proxy: { readonly url: string; readonly username: string } | null) => ({
  proxyUrl: proxy?.url ?? '',
  proxyUser: proxy?.username ?? '',
});

export function placeOf(draft: StorageDraft): StoragePlace {
  const { bucket, region, endpoint } = draft;
  const proxy = draft.proxyUrl.trim() === '' ? null : { url: draft.proxyUrl, username: draft.proxyUser };
  switch (draft.provider) {
    case 's3': {
      const { pathStyle, assumeRoleArn, tagging, contentDisposition } = draft;
      const metadata = metadataOf(draft.metadata);
      return {
        provider: 's3',
        bucket: bucket.trim(),
        region: region.trim(),
        endpoint: endpoint.trim(),
        pathStyle,
        assumeRoleArn: assumeRoleArn.trim(),
        metadata,
        tagging: tagging.trim(),
        contentDisposition,
        proxy,
      };
    }
    case 'gcp':
      return { provider: 'gcp', bucket: bucket.trim(), proxy };
    case 'azure':
      return { provider: 'azure', accountName: draft.accountName.trim(), container: bucket.trim() };
    case 'alioss':
      return { provider: 'alioss', bucket: bucket.trim(), region: region.trim(), endpoint: endpoint.trim() };
    case 'server-local':
      return { provider: 'server-local', folder: draft.folder.trim() };
  }
}

/** `name=value, name=value`; a part without a value has an empty one. */
function metadataOf(text: string): Record<string, string> {
  const parts = text.split(',').flatMap((part) => {
    const [name = '', ...value] = part.split('=');
    return name.trim() === '' ? [] : [[name.trim(), value.join('=').trim()] as const];
  });
  return Object.fromEntries(parts);
}

/** Those that are typed, or not to be kept any more, and are of this kind. */
export const secretsOf = (draft: StorageDraft): StorageSecrets =>
  Object.fromEntries(
    secretNames[draft.provider].flatMap((name) => {
      const text = draft.secrets[name] ?? '';
      return text === '' && draft.secrets[name] !== null ? [] : [[name, text]];
    }),
  );

/** A secret is there: typed, or kept of the same kind of storage. */
export const hasSecret =
  (draft: StorageDraft, known: Storage | null) =>
  (name: StorageSecretName): boolean =>
    (draft.secrets[name] ?? '') !== '' || (draft.secrets[name] !== null && keptHint(draft, known, name) !== undefined);

/** The end of the one that is kept; undefined where none is. */
export const keptHint = (draft: StorageDraft, known: Storage | null, name: StorageSecretName): string | undefined =>
  known?.place.provider === draft.provider ? known.secretHints[name] : undefined;

/** What belongs to another field, or to a key that ends, and so may have to go while the profile stays. */
export const mayGo = (name: StorageSecretName): boolean =>
  name === 'sessionToken' || name === 'externalId' || name === 'proxyPassword';
