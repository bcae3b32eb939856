import type { StoragePlace } from '../model/storage.ts';

/**
 * The key of an object in a storage, of the location that egress tells of it; null where it lies elsewhere. Egress writes
 * `https://` even where the endpoint is plain (measured), and with `generate_presigned_url` a signature after `?`.
 */
export function keyAt(place: StoragePlace, location: string): string | null {
  if (place.provider === 'server-local') return null;
  const [, origin = '', rest = ''] =
    /^((?:https?|s3|gs|oss):\/\/[^/?#]+)\/(.*)$/is.exec(location.replace(signature, '')) ?? [];
  if (!URL.canParse(origin)) return null;
  const { hostname } = new URL(origin);
  const path = isAsWritten(rest) ? rest : decode(rest);
  const bucket = place.provider === 'azure' ? place.container : place.bucket;
  if (!fitsHost(place, hostname, bucket)) return null;
  if (hostname === bucket || hostname.startsWith(`${bucket}.`)) return some(path);
  return path.startsWith(`${bucket}/`) ? some(path.slice(bucket.length + 1)) : null;
}

const signature = /\?[^?]*(?:signature|sig|token|credential)=[^?]*$/i;
/** Older workers put the name behind the host as it is written, newer ones as an address asks for; such characters tell. */
const isAsWritten = (path: string): boolean => /[^\x21-\x7e]|[?#"<>\\^`{|}]/.test(path);

function fitsHost(place: StoragePlace, hostname: string, bucket: string): boolean {
  switch (place.provider) {
    case 's3':
    case 'alioss': {
      if (hostname === bucket) return true;
      const own = URL.canParse(place.endpoint) ? new URL(place.endpoint).hostname : null;
      const usual = place.provider === 's3' ? 'amazonaws.com' : 'aliyuncs.com';
      return own === null ? hostname.endsWith(usual) : hostname === own || hostname === `${bucket}.${own}`;
    }
    case 'gcp':
      return hostname === bucket || hostname.endsWith('storage.googleapis.com');
    case 'azure':
      return hostname.startsWith(`${place.accountName}.`);
    case 'server-local':
      return false;
  }
}

/** The key of a name that egress tells without an address: an object's begins with no slash. */
export const keyOfName = (name: string): string => name.replace(/^\/+/, '');

const some = (key: string): string | null => (key === '' ? null : key);
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a lone % in a name: taken as it is
  }
}
