import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import accounts from '@20minutes/s3rver/lib/models/account.js';
import { openHttp, openS3Server, type StorageServer } from './storage-servers.ts';

export const uploadRole = 'arn:aws:iam::123456789012:role/show/upload';
export const externalId = 'studio 7';
export const userKey = { accessKey: 'AKIAUSERWITHOUTRIGHTS', secret: 'user-secret' } as const;

export interface RoleServer extends StorageServer {
  /** How many times the role was taken on. */
  readonly taken: () => number;
  /** Knows none of the roles any more that were taken on. */
  readonly forget: () => void;
}

/**
 * One endpoint that speaks S3 and STS, as MinIO and Ceph are: the user of the key may take on one role and nothing else, and
 * S3 knows only keys of that role together with their session token. Signatures of version 4 are made anew on both sides.
 * The answers of STS are those of its API reference (AssumeRole, common errors).
 */
export async function openRoleServer({ lastsS = 3_600 } = {}): Promise<RoleServer> {
  const s3 = await openS3Server();
  const tokens = new Map<string, string>();
  let forgotten = new Set<string>();
  const server = await openHttp((request, response) => {
    if (request.method === 'POST' && request.url === '/') return void sts(request, response);
    const { key, token } = keyAndToken(request);
    if (tokens.get(key) !== token || forgotten.has(key))
      return refuse(response, 400, 'InvalidToken', 'The provided token is malformed.');
    forward(request, response, s3.url);
  });

  async function sts(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer); // a server's request gives buffers
    const body = Buffer.concat(chunks);
    const asked = new URLSearchParams(body.toString());
    const refusal = refusalOf(request, body, asked);
    if (refusal) return refuse(response, ...refusal);
    const key = `ASIA${randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase()}`;
    const secret = randomUUID();
    const token = Buffer.from(randomUUID()).toString('base64');
    tokens.set(key, token);
    accounts.DUMMY_ACCOUNT.createKeyPair(key, secret);
    response
      .writeHead(200, { 'content-type': 'text/xml' })
      .end(
        `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>` +
          `<AssumedRoleUser><AssumedRoleId>AROA:cuedesk</AssumedRoleId><Arn>${uploadRole}/cuedesk</Arn></AssumedRoleUser>` +
          `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey>` +
          `<SessionToken>${token}</SessionToken>` +
          `<Expiration>${new Date(Date.now() + lastsS * 1000).toISOString()}</Expiration></Credentials>` +
          `</AssumeRoleResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`,
      );
  }

  return {
    url: server.url,
    taken: () => tokens.size,
    forget: () => {
      forgotten = new Set(tokens.keys());
    },
    close: async () => {
      await server.close();
      for (const key of tokens.keys()) accounts.DUMMY_ACCOUNT.revokeAccessKey(key);
      await s3.close();
    },
  };
}

function forward(request: IncomingMessage, response: ServerResponse, to: string): void {
  const { method, headers, url = '' } = request;
  const onward = ask(to + url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function refusalOf(
  request: IncomingMessage,
  body: Buffer,
  asked: URLSearchParams,
): readonly [status: number, code: string, message: string] | null {
  const { key, signature, scope, signedHeaders } = signatureOf(request);
  if (key !== userKey.accessKey)
    return [403, 'InvalidClientTokenId', 'The security token included in the request is invalid.'];
  if (signature !== signed(request, body, scope, signedHeaders))
    return [403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.'];
  if (asked.get('Action') !== 'AssumeRole' || asked.get('Version') !== '2011-06-15')
    return [400, 'InvalidAction', 'The action is not valid for this endpoint.'];
  const seconds = Number(asked.get('DurationSeconds'));
  if (!(seconds >= 900 && seconds <= 3_600))
    return [400, 'ValidationError', 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'];
  const arn = asked.get('RoleArn') ?? '';
  if (arn !== uploadRole || asked.get('ExternalId') !== externalId)
    return [403, 'AccessDenied', `User: arn:aws:iam::1:user/u is not authorized to perform: sts:AssumeRole on ${arn}`];
  return null;
}

function signatureOf(request: IncomingMessage) {
  const form = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=(\w+)$/;
  const [, key = '', scope = '', signedHeaders = '', signature = ''] =
    form.exec(request.headers.authorization ?? '') ?? [];
  return { key, scope, signedHeaders, signature };
}

/** Signature of version 4, as Amazon documents it. */
function signed(request: IncomingMessage, body: Buffer, scope: string, signedHeaders: string): string {
  const hash = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
  const headers = signedHeaders.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = [request.method, '/', '', headers.join(''), signedHeaders, hash(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((made, part) => hmac(made, part), `AWS4${userKey.secret}`);
  return hmac(key, text).toString('hex');
}

function keyAndToken(request: IncomingMessage): { readonly key: string; readonly token: string | undefined } {
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  const [fromQuery] = (query.get('X-Amz-Credential') ?? '').split('/');
  const token = request.headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  return { key: fromQuery || signatureOf(request).key, token: token?.toString() };
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  const id = randomUUID();
  response
    .writeHead(status, { 'content-type': 'text/xml' })
    .end(
      code === 'InvalidToken'
        ? `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>${id}</RequestId></Error>`
        : `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
            `<Message>${message}</Message></Error><RequestId>${id}</RequestId></ErrorResponse>`,
    );
}
