import { createHash, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative, sep } from 'node:path';
import { placeIn } from '../egress/file-name.ts';
import { checkSignature, S3Refusal, type StorageKey } from './storage-check.ts';
import { errorXml, listXml } from './storage-xml.ts';

/** An S3-compatible storage of this computer: a folder behind signed requests, path style. */
export interface StorageServer {
  readonly endpoint: string;
  /** Refuses every write to the first bucket, as a key without rights would be. */
  isRefusing: boolean;
  close(): Promise<void>;
}

const maxObjectBytes = 512 * 1024 * 1024;

export async function openStorageServer(options: {
  readonly folder: string;
  readonly buckets: readonly string[];
  readonly key: StorageKey;
}): Promise<StorageServer> {
  const sockets = new Set<{ destroy(): void }>();
  let isRefusing = false;
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refusal =
        error instanceof S3Refusal ? error : new S3Refusal(500, 'InternalError', 'We encountered an internal error.');
      send(request, response, refusal.status, errorXml(refusal, request.url ?? '/'));
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readObject(request);
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const payload = checkSignature(request, url, body, options.key);
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const key = rest.join('/');
    if (bucket === '') throw new S3Refusal(403, 'AccessDenied', 'Access Denied');
    if (!options.buckets.includes(bucket)) {
      throw new S3Refusal(404, 'NoSuchBucket', 'The specified bucket does not exist');
    }
    const root = join(options.folder, bucket);
    if (key === '') return answerBucket(request, response, bucket, root, url);
    const place = placeIn(root, key);
    if (place === null || place === root) throw new S3Refusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
    const method = request.method ?? 'GET';
    if ((method === 'PUT' || method === 'DELETE') && isRefusing && bucket === options.buckets[0])
      throw new S3Refusal(403, 'AccessDenied', 'Access Denied');
    if (method === 'PUT') return put(request, response, place, payload);
    if (method === 'DELETE') {
      rmSync(place, { force: true });
      return void response.writeHead(204).end();
    }
    if (method === 'GET' || method === 'HEAD') return get(request, response, place);
    throw new S3Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get isRefusing() {
      return isRefusing;
    },
    set isRefusing(is) {
      isRefusing = is;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function answerBucket(
  request: IncomingMessage,
  response: ServerResponse,
  bucket: string,
  root: string,
  url: URL,
): void {
  if (request.method === 'HEAD') return void response.writeHead(200, { 'x-amz-bucket-region': 'us-east-1' }).end();
  if (request.method === 'PUT') return void response.writeHead(200, { location: `/${bucket}` }).end();
  if (request.method !== 'GET') throw new S3Refusal(405, 'MethodNotAllowed', 'The specified method is not allowed.');
  const prefix = url.searchParams.get('prefix') ?? '';
  const limit = Number(url.searchParams.get('max-keys') ?? '1000');
  const objects = filesIn(root)
    .filter((key) => key.startsWith(prefix))
    .sort()
    .slice(0, Math.min(1000, limit))
    .map((key) => {
      const { size, mtime } = statSync(join(root, key));
      return { key, size, changedAt: mtime };
    });
  send(request, response, 200, listXml(bucket, prefix, objects));
}

function put(request: IncomingMessage, response: ServerResponse, place: string, payload: Buffer): void {
  if (request.headers['if-none-match'] === '*' && existsSync(place)) {
    throw new S3Refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
  }
  const md5 = createHash('md5').update(payload).digest();
  const given = request.headers['content-md5'];
  if (typeof given === 'string') {
    const wanted = Buffer.from(given, 'base64');
    if (wanted.length !== md5.length || !timingSafeEqual(wanted, md5)) {
      throw new S3Refusal(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
    }
  }
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, payload);
  response.writeHead(200, { etag: `"${md5.toString('hex')}"` }).end();
}

function get(request: IncomingMessage, response: ServerResponse, place: string): void {
  if (!existsSync(place) || !statSync(place).isFile()) {
    throw new S3Refusal(404, 'NoSuchKey', 'The specified key does not exist.');
  }
  const content = readFileSync(place);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  const from = range ? Number(range[1]) : 0;
  const to = range?.[2] ? Math.min(content.length - 1, Number(range[2])) : content.length - 1;
  if (range && from >= content.length)
    throw new S3Refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  response.writeHead(range ? 206 : 200, {
    'content-length': to - from + 1,
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag: `"${createHash('md5').update(content).digest('hex')}"`,
    'last-modified': statSync(place).mtime.toUTCString(),
    ...(range ? { 'content-range': `bytes ${from}-${to}/${content.length}` } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : content.subarray(from, to + 1));
}

async function readObject(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxObjectBytes)
      throw new S3Refusal(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function filesIn(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

function send(request: IncomingMessage, response: ServerResponse, status: number, xml: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(request.method === 'HEAD' ? undefined : xml);
}
