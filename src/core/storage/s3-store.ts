import type { GetObjectCommand, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { ObjectStore, PlaceOf, SignedLink, StoreOptions } from './object-store.ts';
import { takeRole, type S3Key } from './s3-role.ts';
import { factsOf } from './storage-problem.ts';

/** S3 through Amazon's SDK, which is loaded here, when first used. */
export async function openS3Store(options: StoreOptions<'s3'>): Promise<ObjectStore> {
  const { place, sockets } = options;
  const sdk = await import('@aws-sdk/client-s3');
  const signer = await signerOf(options);
  const client = new sdk.S3Client({
    ...addressOf(place),
    forcePathStyle: place.pathStyle,
    ...(signer ? { credentials: signer.key } : {}),
    requestHandler: { httpAgent: sockets.http, httpsAgent: sockets.https },
    // The first answer is the one that tells.
    maxAttempts: 1,
    // Servers that are not Amazon's know nothing of its newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        throw refusalOf(error, client, options);
      }
    },
    { step: 'initialize' },
  );
  const at = (Key: string) => ({ Bucket: place.bucket, Key });
  return {
    host: hostOf(place),
    proxy: sockets.proxy,
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
    link: async (key, validForS) => {
      const leftS = signer?.endsAtMs == null ? validForS : Math.floor((signer.endsAtMs - Date.now()) / 1000);
      const lastsS = Math.min(validForS, leftS);
      const url = await linkOf(client, new sdk.GetObjectCommand(at(key)), lastsS);
      return { url, lastsS, endsWith: lastsS < validForS ? 'role' : (signer?.endsWith ?? 'time') };
    },
    close: () => {
      client.destroy();
      sockets.close();
    },
  };
}

/** What S3 takes; another clock is refused with 403. */
const maxSkewMs = 15 * 60_000;

/** Names the clocks where the answer to HEAD, which has no body, cannot; and lets go of a role that may have ended early. */
function refusalOf(error: unknown, { config }: S3Client, { roles }: StoreOptions<'s3'>): unknown {
  const { status } = factsOf(error);
  if (status === 400 || status === 403) roles?.clear();
  const isSkewed = status === 403 && Math.abs(config.systemClockOffset) > maxSkewMs; // by the date of the answer
  return isSkewed ? Object.assign(error as Error, { Code: 'RequestTimeTooSkewed' }) : error; // it has a status
}

const addressOf = (place: PlaceOf<'s3'>) => ({
  region: place.region === '' ? 'us-east-1' : place.region,
  ...(place.endpoint === '' ? {} : { endpoint: place.endpoint }),
});
const hostOf = ({ endpoint, region }: PlaceOf<'s3'>): string =>
  endpoint === '' ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;

interface Signer {
  readonly key: S3Key;
  /** Null where nobody tells. */
  readonly endsAtMs: number | null;
  readonly endsWith: SignedLink['endsWith'];
}

/** The key of the profile, or that of the role that it takes on; null where it has none. */
async function signerOf({ place, secrets, signal, sockets, roles }: StoreOptions<'s3'>): Promise<Signer | null> {
  const { accessKey, secret, sessionToken, externalId } = secrets;
  if (accessKey === undefined || secret === undefined) return null;
  const own = { accessKeyId: accessKey, secretAccessKey: secret, ...(sessionToken ? { sessionToken } : {}) };
  if (place.assumeRoleArn === '')
    return { key: own, endsAtMs: null, endsWith: sessionToken ? 'session-token' : 'time' };
  const requestHandler = { httpAgent: sockets.http, httpsAgent: sockets.https };
  const client = { ...addressOf(place), credentials: own, requestHandler };
  const asked = { client, arn: place.assumeRoleArn, externalId, signal };
  const { key, endsAtMs } = await (roles ? roles.take(asked) : takeRole(asked));
  return { key, endsAtMs, endsWith: 'role' };
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
