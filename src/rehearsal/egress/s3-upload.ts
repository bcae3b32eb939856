import type { S3Upload } from '@livekit/protocol';
import { request } from 'node:http';
import { pause } from '../pause.ts';
import { encodePart, scopeOf, sha256, signatureOf } from '../s3-sign.ts';

/** An answer of the storage that another try would not change. */
class Refused extends Error {}

/**
 * Puts an object as egress does and gives its location. Throws the words of Go's S3 client; what cannot be reached is tried
 * again after each of the pauses, what is refused is not.
 */
export async function putObject(
  storage: S3Upload,
  key: string,
  body: Buffer,
  pausesMs: readonly number[],
  signal: AbortSignal,
): Promise<string> {
  const endpoint = new URL(storage.endpoint);
  const path = `/${[storage.bucket, ...key.split('/')].map(encodePart).join('/')}`;
  const url = new URL(path, endpoint);
  for (let tries = 1; ; tries += 1) {
    try {
      const { status, said } = await put(storage, url, body, signal);
      if (status !== 200) throw new Refused(refusal(status, said));
      return `https://${url.host}${path}`; // measured: https, whatever the endpoint is
    } catch (error) {
      if (error instanceof Refused) throw error;
      const waitMs = pausesMs[tries - 1];
      if (waitMs === undefined || !(await pause(waitMs, signal))) {
        throw new Error(
          `operation error S3: PutObject, exceeded maximum number of attempts, ${tries}, https response error StatusCode: 0, RequestID: , HostID: , request send failed, Put "${url.href}?x-id=PutObject": dial tcp ${url.host}: connect: connection refused, status code: 0`,
          { cause: error },
        );
      }
    }
  }
}

function refusal(status: number, said: string): string {
  const field = (name: string): string => new RegExp(`<${name}>([^<]*)`).exec(said)?.[1] ?? '';
  return `operation error S3: PutObject, https response error StatusCode: ${status}, RequestID: , HostID: , api error ${field('Code') || 'AccessDenied'}: ${field('Message') || 'Access Denied'}, status code: ${status}`;
}

const maxSaidBytes = 16 * 1024;

function put(
  storage: S3Upload,
  url: URL,
  body: Buffer,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly said: string }> {
  const amzDate = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const payloadHash = sha256(body);
  const region = storage.region || 'us-east-1';
  const signed: [string, string][] = [
    ['host', url.host],
    ['x-amz-content-sha256', payloadHash],
    ['x-amz-date', amzDate],
    ...(storage.sessionToken ? ([['x-amz-security-token', storage.sessionToken]] as [string, string][]) : []),
  ];
  const parts = { method: 'PUT', path: url.pathname, query: [], headers: signed, payloadHash, amzDate, region };
  const names = signed.map(([name]) => name).sort();
  const signature = signatureOf(storage.secret, parts);
  const authorization = `AWS4-HMAC-SHA256 Credential=${storage.accessKey}/${scopeOf(parts)}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return new Promise((resolve, reject) => {
    const call = request(url, {
      method: 'PUT',
      signal,
      headers: { ...Object.fromEntries(signed), authorization, 'content-length': body.length },
    });
    call.once('response', (response) => {
      let said = '';
      response.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(0, maxSaidBytes)));
      response.once('close', () => resolve({ status: response.statusCode ?? 0, said }));
    });
    call.once('error', reject);
    call.end(body);
  });
}
