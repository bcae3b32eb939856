import type { StoragePlace, StorageSecretName } from '../model/storage.ts';
import { isLoopbackHost } from '../text/loopback.ts';
import { refuse, warn, type Finding } from './finding.ts';

/** A storage as a form holds it: its place, and which secrets are there or will be. */
export interface StorageDraft {
  readonly place: StoragePlace;
  readonly has: (secret: StorageSecretName) => boolean;
}

/** What is wrong with a storage profile, by its fields; what a provider itself would refuse is refused here. */
export function checkStorage({ place, has }: StorageDraft): readonly Finding[] {
  switch (place.provider) {
    case 's3':
      return checkS3(place, has);
    case 'gcp':
      return [...bucket(place.bucket, gcpBucket, gcpWords), ...credentials(has), ...proxy(place, has)];
    case 'azure':
      return checkAzure(place, has);
    case 'alioss':
      return checkAliOss(place, has);
    case 'server-local':
      return checkFolder(place);
  }
}

type Place<P extends StoragePlace['provider']> = Extract<StoragePlace, { provider: P }>;
type Has = StorageDraft['has'];

/** Amazon's rules; other servers take more, but nothing that breaks these is portable. */
const s3Bucket = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const s3Words = 'A bucket of S3 has 3 to 63 small letters, digits, dots and hyphens.';
const gcpBucket = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;
const gcpWords = 'A bucket of Google has 3 to 222 small letters, digits, dots, hyphens and underscores.';
const ossBucket = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const ossWords = 'A bucket of Alibaba has 3 to 63 small letters, digits and hyphens.';
const containerName = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

function checkS3(place: Place<'s3'>, has: Has): readonly Finding[] {
  const isAmazon = place.endpoint === '';
  const hasKey = has('accessKey');
  return [
    ...bucket(place.bucket, isAmazon ? s3Bucket : /^[\w][\w.-]{1,62}$/, s3Words),
    ...(isAmazon && place.region === '' ? [refuse('region', 'Amazon needs the region of the bucket: eu-west-1.')] : []),
    ...(isAmazon ? [] : endpoint(place.endpoint)),
    ...(!isAmazon && !place.pathStyle
      ? [warn('pathStyle', 'Most servers that are not Amazon’s are found only with the bucket in the path.')]
      : []),
    ...(hasKey === has('secret')
      ? []
      : [
          hasKey
            ? refuse('secret', 'An access key needs its secret.')
            : refuse('accessKey', 'A secret needs its access key.'),
        ]),
    ...(hasKey
      ? []
      : [warn('accessKey', 'Without a key the egress worker must have rights of its own, and Test cannot tell.')]),
    ...(has('sessionToken') ? [warn('sessionToken', 'A session token ends, mostly within hours: enter it anew.')] : []),
    ...checkRole(place, has),
    ...(/^([^&=]+=[^&=]*(&|$))*$/.test(place.tagging)
      ? []
      : [refuse('tagging', 'Tags are written as in an address: show=town-hall&year=2026.')]),
    ...metadata(place.metadata),
    ...proxy(place, has),
  ];
}

function checkRole({ assumeRoleArn: arn }: Place<'s3'>, has: Has): readonly Finding[] {
  if (arn === '') return has('externalId') ? [refuse('externalId', 'An external id belongs to a role.')] : [];
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(arn))
    return [refuse('assumeRoleArn', 'A role is written as arn:aws:iam::123456789012:role/name.')];
  return has('accessKey')
    ? []
    : [warn('assumeRoleArn', 'Without an access key the worker must be set up to take the role, else it refuses.')];
}

const metadata = (entries: Readonly<Record<string, string>>): readonly Finding[] =>
  Object.keys(entries).every((name) => /^[a-z0-9-]+$/i.test(name))
    ? []
    : [refuse('metadata', 'Names of metadata have letters, digits and hyphens only.')];

const credentials = (has: Has): readonly Finding[] =>
  has('credentials')
    ? []
    : [warn('credentials', 'Without an account the egress worker must have rights of its own, and Test cannot tell.')];

function checkAzure(place: Place<'azure'>, has: Has): readonly Finding[] {
  return [
    ...(/^[a-z0-9]{3,24}$/.test(place.accountName)
      ? []
      : [refuse('accountName', 'An account of Azure has 3 to 24 small letters and digits.')]),
    ...(/^(\$root|\$logs)$/.test(place.container) || containerName.test(place.container)
      ? []
      : [
          refuse(
            'container',
            'A container of Azure has 3 to 63 small letters, digits and hyphens, no two hyphens together.',
          ),
        ]),
    ...(has('accountKey') ? [] : [refuse('accountKey', 'The key of the account is missing.')]),
  ];
}

function checkAliOss(place: Place<'alioss'>, has: Has): readonly Finding[] {
  return [
    ...bucket(place.bucket, ossBucket, ossWords),
    ...(place.region === '' && place.endpoint === ''
      ? [refuse('region', 'Alibaba needs the region of the bucket: oss-eu-central-1.')]
      : []),
    ...(place.endpoint === '' ? [] : endpoint(place.endpoint)),
    ...(has('accessKey') ? [] : [refuse('accessKey', 'The access key is missing.')]),
    ...(has('secret') ? [] : [refuse('secret', 'The secret of the access key is missing.')]),
  ];
}

function checkFolder({ folder }: Place<'server-local'>): readonly Finding[] {
  if (!folder.startsWith('/')) return [refuse('folder', 'The folder is a whole path of the egress host: /recordings.')];
  if (folder.split('/').includes('..')) return [refuse('folder', 'The folder has no .. in its path.')];
  return [
    warn('folder', 'Only the egress host can look into its folder: whether it can write there shows at the end.'),
  ];
}

const bucket = (name: string, form: RegExp, words: string): readonly Finding[] =>
  form.test(name) ? [] : [refuse('bucket', words)];

function endpoint(text: string): readonly Finding[] {
  const url = urlOf(text);
  if (!url || !/^https?:$/.test(url.protocol))
    return [refuse('endpoint', 'An endpoint is written as https://host or https://host:port.')];
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return [refuse('endpoint', 'An endpoint has no user name, password or query.')];
  if (isLoopbackHost(url.hostname))
    return [warn('endpoint', 'The egress worker opens this address; to it, it means its own computer.')];
  return url.protocol === 'http:' ? [warn('endpoint', 'Without TLS the recordings cross the network in clear.')] : [];
}

function proxy({ proxy: used }: Place<'s3'> | Place<'gcp'>, has: Has): readonly Finding[] {
  if (!used) return has('proxyPassword') ? [refuse('proxyPassword', 'A password of a proxy needs its address.')] : [];
  const url = urlOf(used.url);
  if (!url || !/^(https?|socks5):$/.test(url.protocol))
    return [refuse('proxyUrl', 'A proxy is written as http://host:port.')];
  if (url.username !== '' || url.password !== '')
    return [refuse('proxyUrl', 'User name and password of the proxy have fields of their own.')];
  return has('proxyPassword')
    ? [warn('proxyPassword', 'LiveKit shows the password of the proxy to everybody who may list egress.')]
    : [];
}

const urlOf = (text: string): URL | null => (URL.canParse(text) ? new URL(text) : null);
