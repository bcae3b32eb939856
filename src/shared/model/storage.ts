import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';
import { Protection } from './server.ts';

/** Fields of a form: what is wrong with them is told by `checks/check-storage.ts`, in sentences. */
const Line = z.string().trim().max(1024);
const BucketName = z.string().trim().max(255);

/** The way out of a network that lets nothing else out; its password is among the secrets. */
const UploadProxy = z.object({ url: Line, username: Line });

/** Amazon's S3, and everything that speaks like it. Empty fields are left to the worker's own settings. */
const S3Place = z.object({
  provider: z.literal('s3'),
  bucket: BucketName,
  region: Line,
  /** Empty: Amazon's. */
  endpoint: Line,
  /** The bucket in the path and not in the host name: most servers that are not Amazon's need it. */
  pathStyle: z.boolean(),
  assumeRoleArn: Line,
  metadata: z.record(z.string().max(128), z.string().max(1024)),
  /** As in an address: `show=town-hall&year=2026`. */
  tagging: Line,
  contentDisposition: Line,
  proxy: UploadProxy.nullable(),
});
const GcpPlace = z.object({
  provider: z.literal('gcp'),
  bucket: BucketName,
  proxy: UploadProxy.nullable(),
});
const AzurePlace = z.object({
  provider: z.literal('azure'),
  accountName: Line,
  container: BucketName,
});
const AliOssPlace = z.object({
  provider: z.literal('alioss'),
  bucket: BucketName,
  region: Line,
  endpoint: Line,
});
/** A folder of the computer on which egress runs: LiveKit has no upload for it, its path begins the name of each file. */
const ServerFolder = z.object({ provider: z.literal('server-local'), folder: Line });

/** Where files go, without what is secret. */
export const StoragePlace = z.discriminatedUnion('provider', [
  S3Place,
  GcpPlace,
  AzurePlace,
  AliOssPlace,
  ServerFolder,
]);
export type StoragePlace = z.infer<typeof StoragePlace>;
export type StorageProvider = StoragePlace['provider'];

export const StorageSecretName = z.enum([
  'accessKey',
  'secret',
  'sessionToken',
  'externalId',
  'credentials',
  'accountKey',
  'proxyPassword',
]);
export type StorageSecretName = z.infer<typeof StorageSecretName>;

/** Which secrets a provider has. */
export const secretNames: Readonly<Record<StorageProvider, readonly StorageSecretName[]>> = {
  s3: ['accessKey', 'secret', 'sessionToken', 'externalId', 'proxyPassword'],
  gcp: ['credentials', 'proxyPassword'],
  azure: ['accountKey'],
  alioss: ['accessKey', 'secret'],
  'server-local': [],
};

/** Secrets in clear, on their way in. Left out: the one that is kept. Empty: none from now on. */
export const StorageSecrets = z.partialRecord(StorageSecretName, z.string().max(8192));
export type StorageSecrets = z.infer<typeof StorageSecrets>;

/** One storage profile, as the page may see it: its secrets have stayed behind. */
export const Storage = z.object({
  id: z.string(),
  name: z.string(),
  place: StoragePlace,
  /** `s3://bucket`, with the host where it is not the usual one: for lists and for shows. */
  shown: z.string(),
  /** The service account of its credentials (GCS); empty elsewhere. */
  account: z.string(),
  /** Servers fall back to it, by their own settings: what they stored there is looked for in it. */
  isBackup: z.boolean(),
  /** The last two characters behind bullets, of each secret that is kept. */
  secretHints: z.partialRecord(StorageSecretName, z.string()),
  protection: Protection,
  /** Its secrets were kept for an earlier run only. */
  isMissing: z.boolean(),
  /** What is worth knowing before it is used, a sentence each. */
  warnings: z.array(z.string()),
});
export type Storage = z.infer<typeof Storage>;

/** The place in one line, without anything secret. */
export function shownPlace(place: StoragePlace): string {
  switch (place.provider) {
    case 's3':
      return place.endpoint === '' ? `s3://${place.bucket}` : `s3://${place.bucket} at ${hostOf(place.endpoint)}`;
    case 'gcp':
      return `gs://${place.bucket}`;
    case 'azure':
      return `${place.container} of ${place.accountName}`;
    case 'alioss':
      return `oss://${place.bucket}${place.endpoint === '' ? '' : ` at ${hostOf(place.endpoint)}`}`;
    case 'server-local':
      return `${place.folder} at the server`;
  }
}
const hostOf = (endpoint: string): string => endpoint.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '');

const StorageStepId = z.enum(['address', 'write', 'read', 'delete']);
export type StorageStepId = z.infer<typeof StorageStepId>;
/** One line of *Test*: what was tried and what was found, in words. */
const StorageStep = z.object({
  id: StorageStepId,
  state: z.enum(['passed', 'failed', 'not-run']),
  text: z.string(),
  tookMs: z.number().nullable(),
  problem: Problem.optional(),
});
export type StorageStep = z.infer<typeof StorageStep>;
export const StorageTest = z.object({ steps: z.array(StorageStep), atMs: UnixMs });
export type StorageTest = z.infer<typeof StorageTest>;
