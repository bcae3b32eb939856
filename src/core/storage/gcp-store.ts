import { z } from 'zod';
import type { ObjectStore, StoreOptions } from './object-store.ts';

const KeyFile = z.object({ client_email: z.string(), private_key: z.string(), project_id: z.string().optional() });

/** Google's storage through Google's SDK, which is loaded here, when first used. */
export async function openGcpStore({ place, secrets, endpoint }: StoreOptions<'gcp'>): Promise<ObjectStore> {
  const { Storage } = await import('@google-cloud/storage');
  const key = secrets.credentials === undefined ? null : KeyFile.parse(JSON.parse(secrets.credentials));
  const account = key && (await accountOf(key));
  const storage = new Storage({
    ...(account ? { authClient: account } : {}),
    projectId: key?.project_id ?? 'unknown',
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    // The first answer is the one that tells.
    retryOptions: { autoRetry: false, maxRetries: 0 },
  });
  const bucket = storage.bucket(place.bucket);
  return {
    host: endpoint === undefined ? 'storage.googleapis.com' : new URL(endpoint).host,
    put: async (name, bytes) => {
      // First, as an upload tells of a refused account only that its stream has ended.
      await account?.authorize();
      await bucket.file(name).save(bytes, { resumable: false, validation: 'md5' });
    },
    get: async (name, _signal, range) => {
      const part = range ? { start: range.from, end: range.from + range.count - 1 } : {};
      const [bytes] = await bucket.file(name).download({ ...part, validation: false });
      return bytes;
    },
    look: async (name) => {
      try {
        const [{ size, md5Hash, crc32c }] = await bucket.file(name).getMetadata();
        const md5 = md5Hash ? { kind: 'MD5', value: Buffer.from(md5Hash, 'base64').toString('hex') } : null;
        return { bytes: Number(size ?? 0), checksum: md5 ?? (crc32c ? { kind: 'CRC32C', value: crc32c } : null) };
      } catch (error) {
        if (isNoObject(error)) return null;
        throw error;
      }
    },
    remove: async (name) => {
      await bucket.file(name).delete();
    },
    link: async (name, lastsS) => {
      const [url] = await bucket
        .file(name)
        .getSignedUrl({ version: 'v4', action: 'read', expires: Date.now() + lastsS * 1000 });
      return { url, lastsS, endsWith: 'time' };
    },
    close: () => {},
  };
}

async function accountOf({ client_email: email, private_key: key }: z.infer<typeof KeyFile>) {
  const { JWT } = await import('google-auth-library');
  return new JWT({ email, key, scopes: ['https://www.googleapis.com/auth/devstorage.read_write'] });
}

/** Google answers 404 for a missing bucket too, in other words. */
const isNoObject = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 404 && !/bucket/i.test(error.message);
