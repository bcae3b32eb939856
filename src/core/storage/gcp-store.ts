import { z } from 'zod';
import type { ObjectStore, StoreOptions } from './object-store.ts';
import type { Sockets } from './sockets.ts';

const KeyFile = z.object({ client_email: z.string(), private_key: z.string() });
type KeyFile = z.infer<typeof KeyFile>;
const Metadata = z.object({ size: z.string(), md5Hash: z.string().optional(), crc32c: z.string().optional() });

/**
 * Google's storage: its JSON API through Google's own client of accounts, since the SDK of the storage takes neither a signal
 * nor an agent; links are signed by that SDK. Both are loaded here, when first used.
 */
export async function openGcpStore(options: StoreOptions<'gcp'>): Promise<ObjectStore> {
  const { place, secrets, endpoint, sockets } = options;
  const key = secrets.credentials === undefined ? null : KeyFile.parse(JSON.parse(secrets.credentials));
  const origin = endpoint ?? 'https://storage.googleapis.com';
  const { client, authorize, close } = await clientOf(key, sockets);
  const objects = `/storage/v1/b/${encodeURIComponent(place.bucket)}/o`;
  const at = (name: string): string => `${origin}${objects}/${encodeURIComponent(name)}`;
  return {
    host: new URL(origin).host,
    proxy: sockets.proxy,
    put: async (name, bytes, signal) => {
      await authorize(signal);
      const headers = { 'content-type': 'application/octet-stream' };
      const params = { uploadType: 'media', name };
      await client.request({ method: 'POST', url: `${origin}/upload${objects}`, params, headers, data: bytes, signal });
    },
    get: async (name, signal, range) => {
      await authorize(signal);
      const headers = range ? { range: `bytes=${range.from}-${range.from + range.count - 1}` } : {};
      const asked = { url: at(name), params: { alt: 'media' }, headers, responseType: 'arraybuffer', signal } as const;
      const { data } = await client.request<ArrayBuffer>(asked);
      return Buffer.from(data);
    },
    look: async (name, signal) => {
      try {
        await authorize(signal);
        const { data } = await client.request({ url: at(name), responseType: 'json', signal });
        const { size, md5Hash, crc32c } = Metadata.parse(data);
        const md5 = md5Hash ? { kind: 'MD5', value: Buffer.from(md5Hash, 'base64').toString('hex') } : null;
        return { bytes: Number(size), checksum: md5 ?? (crc32c ? { kind: 'CRC32C', value: crc32c } : null) };
      } catch (error) {
        if (isNoObject(error)) return null;
        throw error;
      }
    },
    remove: async (name, signal) => {
      await authorize(signal);
      await client.request({ method: 'DELETE', url: at(name), signal });
    },
    link: async (name, lastsS) => {
      const { Storage } = await import('@google-cloud/storage');
      const { GoogleAuth } = await import('google-auth-library');
      const auth = new GoogleAuth({ authClient: client });
      auth.jsonContent = key; // without it, who signs is asked of the metadata server of Google's own machines
      const storage = new Storage({ authClient: auth, projectId: 'unknown' });
      const file = storage.bucket(place.bucket).file(name);
      const accessibleAt = Date.now(); // else the SDK looks at the clock once more, a second later now and then
      const expires = accessibleAt + lastsS * 1000;
      const [url] = await file.getSignedUrl({ version: 'v4', action: 'read', accessibleAt, expires });
      return { url, lastsS, endsWith: 'time' };
    },
    close,
  };
}

/** The account of the key file; without one, for emulators, nobody. */
async function clientOf(key: KeyFile | null, sockets: Sockets) {
  const { JWT, PassThroughClient } = await import('google-auth-library');
  const life = new AbortController();
  const agent = (url: URL) => (url.protocol === 'http:' ? sockets.http : sockets.https);
  const transporterOptions = { agent, signal: life.signal };
  const close = (): void => {
    life.abort();
    sockets.close();
  };
  if (!key) return { client: new PassThroughClient({ transporterOptions }), authorize: () => Promise.resolve(), close };
  const scopes = ['https://www.googleapis.com/auth/devstorage.read_write'];
  const client = new JWT({ email: key.client_email, key: key.private_key, scopes, transporterOptions });
  /** Asks once for a token, and knows no signal of its own: nothing can be done without it, so that all ends with it. */
  const authorize = async (signal: AbortSignal): Promise<void> => {
    const end = (): void => life.abort(signal.reason);
    signal.addEventListener('abort', end, { once: true });
    try {
      if (client.credentials.access_token == null) await client.authorize();
    } finally {
      signal.removeEventListener('abort', end);
    }
  };
  return { client, authorize, close };
}

/** Google answers 404 for a missing bucket too, in other words. */
const isNoObject = (error: unknown): boolean =>
  error instanceof Error && 'status' in error && error.status === 404 && !/bucket/i.test(error.message);
