import type { ObjectStore, StoreOptions } from './object-store.ts';

/** Alibaba's OSS through Alibaba's SDK, which is loaded here, when first used. */
export async function openAliOssStore({ place, secrets }: StoreOptions<'alioss'>): Promise<ObjectStore> {
  const { default: OSS } = await import('ali-oss');
  const endpoint = place.endpoint === '' ? null : new URL(place.endpoint);
  const client = new OSS({
    accessKeyId: secrets.accessKey ?? '',
    accessKeySecret: secrets.secret ?? '',
    bucket: place.bucket,
    ...(place.region === '' ? {} : { region: place.region }),
    ...(endpoint ? { endpoint: endpoint.origin, secure: endpoint.protocol === 'https:' } : { secure: true }),
    timeout: 10_000,
  });
  return {
    host: endpoint?.host ?? `${place.region}.aliyuncs.com`,
    put: async (key, bytes) => {
      await client.put(key, bytes);
    },
    get: async (key, _signal, range) => {
      const headers = range ? { Range: `bytes=${range.from}-${range.from + range.count - 1}` } : {};
      const { content } = await client.get(key, undefined, { headers });
      return Buffer.from(content as Buffer); // without a stream to write to, it is the bytes
    },
    look: async (key) => {
      try {
        const { res } = await client.head(key);
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
    remove: async (key) => {
      await client.delete(key);
    },
    link: (key, lastsS) =>
      Promise.resolve({ url: client.signatureUrl(key, { expires: lastsS }), lastsS, endsWith: 'time' }),
    close: () => {},
  };
}
