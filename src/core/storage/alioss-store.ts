import type { ObjectStore, StoreOptions } from './object-store.ts';

/** Alibaba's OSS through Alibaba's SDK, which is loaded here, when first used, and knows no signal. */
export async function openAliOssStore({ place, secrets, sockets }: StoreOptions<'alioss'>): Promise<ObjectStore> {
  const { default: OSS } = await import('ali-oss');
  const endpoint = place.endpoint === '' ? null : new URL(place.endpoint);
  // Its types know nothing of them.
  const agents: object = { agent: sockets.http, httpsAgent: sockets.https };
  const client = new OSS({
    accessKeyId: secrets.accessKey ?? '',
    accessKeySecret: secrets.secret ?? '',
    bucket: place.bucket,
    ...(place.region === '' ? {} : { region: place.region }),
    ...(endpoint ? { endpoint: endpoint.origin, secure: endpoint.protocol === 'https:' } : { secure: true }),
    ...agents,
    // Its own limit; the caller's is shorter.
    timeout: 15_000,
  });
  return {
    host: endpoint?.host ?? `${place.region}.aliyuncs.com`,
    proxy: sockets.proxy,
    put: async (key, bytes, signal) => {
      await sockets.during(signal, () => client.put(key, bytes));
    },
    get: async (key, signal, range) => {
      const headers = range ? { Range: `bytes=${range.from}-${range.from + range.count - 1}` } : {};
      const { content } = await sockets.during(signal, () => client.get(key, undefined, { headers }));
      return Buffer.from(content as Buffer); // without a stream to write to, it is the bytes
    },
    look: async (key, signal) => {
      try {
        const { res } = await sockets.during(signal, () => client.head(key));
        const headers = res.headers as Readonly<Record<string, string | undefined>>;
        const crc = headers['x-oss-hash-crc64ecma'];
        const tag = headers['etag']?.replaceAll('"', '').toLowerCase();
        const value = crc ? { kind: 'CRC64', value: crc } : tag ? { kind: 'ETag', value: tag } : null;
        return { bytes: Number(headers['content-length'] ?? 0), checksum: value };
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'NoSuchKey') return null;
        throw error;
      }
    },
    remove: async (key, signal) => {
      await sockets.during(signal, () => client.delete(key));
    },
    link: (key, lastsS) =>
      Promise.resolve({ url: client.signatureUrl(key, { expires: lastsS }), lastsS, endsWith: 'time' }),
    close: () => sockets.close(),
  };
}
