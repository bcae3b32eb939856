import type { ObjectStore, StoreOptions } from './object-store.ts';

/** Azure's blobs through Microsoft's SDK, which is loaded here, when first used. */
export async function openAzureStore({
  place,
  secrets,
  endpoint,
  sockets,
}: StoreOptions<'azure'>): Promise<ObjectStore> {
  const sdk = await import('@azure/storage-blob');
  const credential = new sdk.StorageSharedKeyCredential(place.accountName, secrets.accountKey ?? '');
  const url = endpoint ?? `https://${place.accountName}.blob.core.windows.net`;
  // The first answer is the one that tells.
  const service = new sdk.BlobServiceClient(url, credential, { retryOptions: { maxTries: 1 } });
  const container = service.getContainerClient(place.container);
  return {
    host: new URL(url).host,
    proxy: sockets.proxy,
    put: async (key, bytes, abortSignal) => {
      await container.getBlockBlobClient(key).uploadData(bytes, { abortSignal });
    },
    get: (key, abortSignal, range) =>
      container.getBlobClient(key).downloadToBuffer(range?.from ?? 0, range?.count, { abortSignal }),
    look: async (key, abortSignal) => {
      try {
        const { contentLength, contentMD5, etag } = await container.getBlobClient(key).getProperties({ abortSignal });
        const md5 = contentMD5 && { kind: 'MD5', value: Buffer.from(contentMD5).toString('hex') };
        const tag = etag ? { kind: 'ETag', value: etag.replaceAll('"', '') } : null;
        return { bytes: contentLength ?? 0, checksum: md5 ?? tag };
      } catch (error) {
        if (error instanceof sdk.RestError && error.code === 'BlobNotFound') return null;
        throw error;
      }
    },
    remove: async (key, abortSignal) => {
      await container.getBlobClient(key).delete({ abortSignal });
    },
    link: async (key, lastsS) => {
      const url = await container.getBlobClient(key).generateSasUrl({
        permissions: sdk.BlobSASPermissions.parse('r'),
        expiresOn: new Date(Date.now() + lastsS * 1000),
      });
      return { url, lastsS, endsWith: 'time' };
    },
    close: () => sockets.close(),
  };
}
