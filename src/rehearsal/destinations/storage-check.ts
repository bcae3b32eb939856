import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { scopeOf, sha256, signatureOf, type SignedParts } from '../s3-sign.ts';

export interface StorageKey {
  readonly accessKey: string;
  readonly secret: string;
}

/** A refusal in S3's own code and words. */
export class S3Refusal extends Error {
  override readonly name = 'S3Refusal';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const unsigned = 'UNSIGNED-PAYLOAD';
const maxSkewMs = 15 * 60_000;
const denied = (text = 'Access Denied'): S3Refusal => new S3Refusal(403, 'AccessDenied', text);

/** Checks a signed request or a presigned address, and gives the object that it carries. Throws an S3Refusal. */
export function checkSignature(request: IncomingMessage, url: URL, body: Buffer, key: StorageKey): Buffer {
  const given = givenBy(request, url);
  if (given.accessKey !== key.accessKey) {
    throw new S3Refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
  }
  const atMs = Date.parse(given.amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(atMs)) throw denied();
  if (given.expiresS === null && Math.abs(Date.now() - atMs) > maxSkewMs) {
    const text = 'The difference between the request time and the current time is too large.';
    throw new S3Refusal(403, 'RequestTimeTooSkewed', text);
  }
  if (given.expiresS !== null && Date.now() > atMs + given.expiresS * 1000) throw denied('Request has expired');
  const parts: SignedParts = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature'),
    headers: given.signedHeaders.map((name) => [name, String(request.headers[name] ?? '')]),
    payloadHash: given.payloadHash,
    amzDate: given.amzDate,
    region: given.region,
  };
  const wanted = Buffer.from(signatureOf(key.secret, parts));
  const signature = Buffer.from(given.signature);
  if (given.scope !== scopeOf(parts) || wanted.length !== signature.length || !timingSafeEqual(wanted, signature)) {
    const text =
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
    throw new S3Refusal(403, 'SignatureDoesNotMatch', text);
  }
  if (given.payloadHash.startsWith('STREAMING-')) return unchunked(body);
  if (given.payloadHash !== unsigned && given.payloadHash !== sha256(body)) {
    const text = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    throw new S3Refusal(400, 'XAmzContentSHA256Mismatch', text);
  }
  return body;
}

interface Given {
  readonly accessKey: string;
  readonly scope: string;
  readonly region: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly payloadHash: string;
  /** Null: not a presigned address. */
  readonly expiresS: number | null;
}

function givenBy(request: IncomingMessage, url: URL): Given {
  const query = url.searchParams;
  const isPresigned = query.has('X-Amz-Signature');
  const header = request.headers.authorization ?? '';
  const field = (name: string): string => new RegExp(`${name}=([^,\\s]+)`).exec(header)?.[1] ?? '';
  if (!isPresigned && !header.startsWith('AWS4-HMAC-SHA256 ')) throw denied();
  const credential = isPresigned ? (query.get('X-Amz-Credential') ?? '') : field('Credential');
  const [accessKey = '', ...scope] = credential.split('/');
  const signedHeaders = isPresigned ? (query.get('X-Amz-SignedHeaders') ?? '') : field('SignedHeaders');
  return {
    accessKey,
    scope: scope.join('/'),
    region: scope[1] ?? '',
    signedHeaders: signedHeaders.split(';').filter((name) => name !== ''),
    signature: isPresigned ? (query.get('X-Amz-Signature') ?? '') : field('Signature'),
    amzDate: isPresigned ? (query.get('X-Amz-Date') ?? '') : String(request.headers['x-amz-date'] ?? ''),
    payloadHash: isPresigned ? unsigned : String(request.headers['x-amz-content-sha256'] ?? unsigned),
    expiresS: isPresigned ? Number(query.get('X-Amz-Expires') ?? '0') : null,
  };
}

/** The content of an `aws-chunked` body: sizes in hex before each piece, a checksum behind the last. */
function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
    if (end < 0 || Number.isNaN(size))
      throw new S3Refusal(400, 'IncompleteBody', 'The request body terminated unexpectedly');
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
