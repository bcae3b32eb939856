import type { GetObjectCommand, GetObjectCommandOutput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { ObjectStore, PlaceOf, StoreOptions } from './object-store.ts';

const roleLastsS = 900; // the shortest that Amazon gives
type Credentials = NonNullable<Extract<S3ClientConfig['credentials'], { accessKeyId: string }>>;

/** S3 through Amazon's SDK, which is loaded here, when first used. */
export async function openS3Store({ place, secrets }: StoreOptions<'s3'>): Promise<ObjectStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const credentials = await credentialsOf({ place, secrets });
  const client = new sdk.S3Client({
    ...addressOf(place),
    forcePathStyle: place.pathStyle,
    ...(credentials ? { credentials } : {}),
    // The first answer is the one that tells.
    maxAttempts: 1,
    // Servers that are not Amazon's know nothing of its newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (Key: string) => ({ Bucket: place.bucket, Key });
  return {
    host: hostOf(place),
    put: async (key, Body, abortSignal) => {
      await client.send(new sdk.PutObjectCommand({ ...at(key), Body }), { abortSignal });
    },
    get: async (key, abortSignal, range) => {
      const Range = range && `bytes=${range.from}-${range.from + range.count - 1}`;
      const answer = await client.send(new sdk.GetObjectCommand({ ...at(key), ...(Range ? { Range } : {}) }), {
        abortSignal,
      });
      return bodyOf(answer);
    },
    look: async (key, abortSignal) => {
      try {
        const { ContentLength, ETag } = await client.send(new sdk.HeadObjectCommand(at(key)), { abortSignal });
        return { bytes: ContentLength ?? 0, checksum: checksumOf(ETag) };
      } catch (error) {
        if (error instanceof sdk.NotFound) return null;
        throw error;
      }
    },
    remove: async (key, abortSignal) => {
      await client.send(new sdk.DeleteObjectCommand(at(key)), { abortSignal });
    },
    link: (key, validForS) => linkOf(client, new sdk.GetObjectCommand(at(key)), validForS),
    close: () => client.destroy(),
  };
}

const addressOf = (place: PlaceOf<'s3'>) => ({
  region: place.region === '' ? 'us-east-1' : place.region,
  ...(place.endpoint === '' ? {} : { endpoint: place.endpoint }),
});
const hostOf = ({ endpoint, region }: PlaceOf<'s3'>): string =>
  endpoint === '' ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;

/** The key, or the role that it takes on. */
async function credentialsOf({ place, secrets }: StoreOptions<'s3'>): Promise<Credentials | null> {
  const { accessKey, secret, sessionToken, externalId } = secrets;
  if (accessKey === undefined || secret === undefined) return null;
  const own = { accessKeyId: accessKey, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) };
  if (place.assumeRoleArn === '') return own;
  const { STSClient, AssumeRoleCommand } = await import('@aws-sdk/client-sts');
  const client = new STSClient({ ...addressOf(place), credentials: own, maxAttempts: 1 });
  try {
    const { Credentials: taken } = await client.send(
      new AssumeRoleCommand({
        RoleArn: place.assumeRoleArn,
        RoleSessionName: 'cuedesk',
        DurationSeconds: roleLastsS,
        ...(externalId ? { ExternalId: externalId } : {}),
      }),
    );
    if (!taken?.AccessKeyId || !taken.SecretAccessKey || !taken.SessionToken) return null;
    return {
      accessKeyId: taken.AccessKeyId,
      secretAccessKey: taken.SecretAccessKey,
      sessionToken: taken.SessionToken,
    };
  } finally {
    client.destroy();
  }
}

async function bodyOf({ Body }: GetObjectCommandOutput): Promise<Buffer> {
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

/** An ETag with a hyphen is that of an upload in several pieces. */
function checksumOf(eTag: string | undefined): { readonly kind: string; readonly value: string } | null {
  const value = eTag?.replaceAll('"', '') ?? '';
  if (value === '') return null;
  return { kind: /^[0-9a-f]{32}$/.test(value) ? 'MD5' : 'ETag', value };
}

async function linkOf(client: S3Client, command: GetObjectCommand, expiresIn: number): Promise<string> {
  const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner');
  return getSignedUrl(client, command, { expiresIn });
}
