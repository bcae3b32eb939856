import type { FileLink } from '../../../shared/model/file-check.ts';
import type { StorageProvider, StorageSecretName, StorageStep } from '../../../shared/model/storage.ts';
import { counted } from './format.ts';

const linkEnds: Readonly<Record<FileLink['endsWith'], string>> = {
  time: '',
  role: ': no longer than the role that signed it',
  'session-token': ', or until its session token ends, if that is sooner',
};

/** The catalogue of the storage profiles. */
export const storageWords = {
  title: 'Storage',
  command: 'Storage…',
  list: 'Storage profiles',
  empty: 'No storage yet',
  emptyHint: 'Without one, files go where the server is set to store, which may be the disk of its egress worker.',
  add: 'Add a storage…',
  addTitle: 'Add a storage',
  editTitle: (name: string) => `Storage ${name}`,
  edit: (name: string) => `Change ${name}`,
  change: 'Change…',
  hiddenName: (n: number) => `Storage ${n}`,
  backup: 'backup',
  missing: 'Its keys were kept for an earlier run only: enter them again.',
  unused: 'not used now',
  usedBy: (names: readonly string[]) => `used by ${names.join(', ')}`,
  fold: {
    title: 'Storage',
    none: 'where the server stores',
    some: (count: number) => counted(count, 'profile', 'profiles'),
    open: 'Profiles',
  },
  providers: {
    s3: 'S3, Amazon or compatible',
    gcp: 'Google Cloud Storage',
    azure: 'Azure Blob Storage',
    alioss: 'Alibaba Cloud OSS',
    'server-local': 'A folder at the server',
  } satisfies Record<StorageProvider, string>,
  provider: 'Kind',
  bucket: 'Bucket',
  region: 'Region',
  regionHint: 'eu-west-1',
  endpoint: 'Endpoint',
  endpointHint: 'empty for Amazon; https://host:port',
  ossEndpointHint: 'empty for Alibaba’s own',
  pathStyle: 'Bucket in the path (most servers that are not Amazon’s)',
  account: 'Account',
  container: 'Container',
  folder: 'Folder',
  folderHint: '/recordings, a path of the egress host',
  secrets: {
    accessKey: 'Access key',
    secret: 'Secret',
    sessionToken: 'Session token',
    externalId: 'External id',
    credentials: 'Key file',
    accountKey: 'Account key',
    proxyPassword: 'Password',
  } satisfies Record<StorageSecretName, string>,
  credentialsHint: 'the JSON of a service account, pasted',
  kept: (hint: string) => `${hint}, kept; leave empty to go on with it`,
  role: 'Role',
  roleHint: 'arn:aws:iam::123456789012:role/name',
  more: 'Role, tags and metadata',
  tagging: 'Tags',
  taggingHint: 'show=town-hall&year=2026',
  metadata: 'Metadata',
  metadataHint: 'name=value, one after a comma',
  contentDisposition: 'Disposition',
  dispositionHint: 'attachment',
  proxy: 'Proxy of the egress worker',
  proxyUrl: 'Address',
  proxyUser: 'User name',
  isBackup: 'Servers fall back to it, by their own settings',
  testNote:
    'Writes, reads and deletes a small object from this computer, through the proxy where this computer reaches it.',
  steps: { address: 'Address', write: 'Write', read: 'Read', delete: 'Delete' } satisfies Record<
    StorageStep['id'],
    string
  >,
  remove: 'Remove this storage',
  removeAsk: (name: string) => `Remove ${name} and its keys from this computer? What is stored there stays.`,
  file: {
    inBackup: 'In the second storage: the first one did not take it.',
    checked: (clock: string, storage: string | null, found: string) =>
      `${storage === null ? 'Checked' : `Checked in ${storage}`} ${clock}: ${found}.`,
    again: 'Check again',
    againOf: (name: string) => `Check again: ${name}`,
    link: 'Copy link',
    linkOf: (name: string) => `Copy link to ${name}`,
    sumOf: (shown: string) => `${shown}, copy the whole of it`,
    play: 'Play',
    playOf: (name: string) => `Play ${name} from the storage`,
    copied: (clock: string, left: string, endsWith: FileLink['endsWith']) =>
      `The link is copied. It opens the file for everybody who has it, until ${clock}, for ${left}${linkEnds[endsWith]}.`,
  },
} as const;
