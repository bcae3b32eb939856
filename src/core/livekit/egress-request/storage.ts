import { message, type Fields } from './forms.ts';
import type { RequestSecrets, StorageUpload } from './secrets.ts';

/** Where an output goes: its path, and the fields of its storage. */
export function placed(
  path: string,
  storageId: string | null,
  secrets: RequestSecrets,
): { readonly path: string; readonly storage: Fields | undefined } {
  if (storageId === null) return { path, storage: undefined };
  const upload = secrets.storage(storageId);
  if (upload.provider !== 'server-local') return { path, storage: storageFields(upload) };
  return { path: `${upload.folder.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`, storage: undefined };
}

/** The one field of an output (v1) or of a StorageConfig (v2) that says where it is uploaded to. */
function storageFields(upload: Exclude<StorageUpload, { provider: 'server-local' }>): Fields {
  switch (upload.provider) {
    case 's3':
      return {
        s3: message({
          access_key: upload.accessKey,
          secret: upload.secret,
          session_token: upload.sessionToken,
          assume_role_arn: upload.assumeRoleArn,
          assume_role_external_id: upload.assumeRoleExternalId,
          region: upload.region,
          endpoint: upload.endpoint,
          bucket: upload.bucket,
          force_path_style: upload.forcePathStyle,
          metadata: upload.metadata,
          tagging: upload.tagging,
          content_disposition: upload.contentDisposition,
          proxy: proxyFields(upload.proxy),
        }),
      };
    case 'gcp':
      return {
        gcp: message({
          credentials: upload.credentials,
          bucket: upload.bucket,
          proxy: proxyFields(upload.proxy),
        }),
      };
    case 'azure':
      return {
        azure: message({
          account_name: upload.accountName,
          account_key: upload.accountKey,
          container_name: upload.containerName,
        }),
      };
    case 'alioss':
      return {
        aliOSS: message({
          access_key: upload.accessKey,
          secret: upload.secret,
          region: upload.region,
          endpoint: upload.endpoint,
          bucket: upload.bucket,
        }),
      };
  }
}

const proxyFields = (proxy: Extract<StorageUpload, { provider: 's3' }>['proxy']): Fields | undefined =>
  proxy && message({ url: proxy.url, username: proxy.username, password: proxy.password });
