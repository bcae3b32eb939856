import { createHash, createHmac } from 'node:crypto';

/** AWS signature version 4, for the simulator's uploads and for the check of the rehearsal's own storage. */
export interface SignedParts {
  readonly method: string;
  /** Encoded as it goes over the wire. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Lower-case names; exactly those that are signed. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payloadHash: string;
  /** `20261128T174501Z`. */
  readonly amzDate: string;
  readonly region: string;
}

export function signatureOf(secret: string, parts: SignedParts): string {
  const day = parts.amzDate.slice(0, 8);
  const text = ['AWS4-HMAC-SHA256', parts.amzDate, scopeOf(parts), sha256(canonicalRequest(parts))].join('\n');
  const key = [day, parts.region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secretSoFar, step) => hmac(secretSoFar, step),
    `AWS4${secret}`,
  );
  return hmac(key, text).toString('hex');
}

export function scopeOf(parts: Pick<SignedParts, 'amzDate' | 'region'>): string {
  return `${parts.amzDate.slice(0, 8)}/${parts.region}/s3/aws4_request`;
}

/** RFC 3986, as S3 wants it. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function canonicalRequest(parts: SignedParts): string {
  const query = parts.query
    .map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`)
    .sort()
    .join('&');
  const headers = [...parts.headers].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    parts.method,
    parts.path,
    query,
    ...headers.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    parts.payloadHash,
  ].join('\n');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
