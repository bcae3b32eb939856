import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import S3rver from '@20minutes/s3rver';
import { azuritePath } from './require.ts';

export interface StorageServer {
  readonly url: string;
  close(): Promise<void>;
}

export const s3Key = { accessKey: 'S3RVER', secret: 'S3RVER' } as const;
/** An S3 server that checks signatures (version 4), with the bucket `shows`. */
export async function openS3Server(): Promise<StorageServer> {
  const directory = mkdtempSync(join(tmpdir(), 'cuedesk-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: 'shows', configs: [] }],
  });
  const { port } = await server.run();
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The account that every Azurite has, as its documentation prints it. */
export const azureAccount = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
} as const;
/** Microsoft's own server for tests, in memory, with the container `shows`. */
export async function openAzurite(): Promise<StorageServer> {
  const args = ['--inMemoryPersistence', '--blobHost', '127.0.0.1', '--blobPort', '0'];
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-azurite-'));
  const child = spawn(process.execPath, [azuritePath(), ...args, '--skipApiVersionCheck', '--disableTelemetry'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let origin = '';
  for await (const line of createInterface(child.stdout)) {
    origin = /listens on (http:\S+)/.exec(line)?.[1] ?? '';
    if (origin !== '') break;
  }
  if (origin === '') throw new Error('Azurite ended before it listened');
  child.stdout.resume();
  const url = `${origin}/${azureAccount.name}`;
  const { BlobServiceClient, StorageSharedKeyCredential } = await import('@azure/storage-blob');
  const credential = new StorageSharedKeyCredential(azureAccount.name, azureAccount.key);
  await new BlobServiceClient(url, credential).getContainerClient('shows').create();
  return {
    url,
    close: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Answers every request as a function says. */
export async function openHttp(answer: RequestListener): Promise<StorageServer> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A storage that answers every request, or every one of a method, with an error as Amazon and Alibaba write it. */
export function refuseAll(
  status: number,
  code: string,
  { message = 'No.', method = null as string | null } = {},
): Promise<StorageServer> {
  return openHttp((request, response) => {
    request.resume();
    request.on('end', () => {
      if (method !== null && request.method !== method) return response.end(kept.get(request.url ?? '') ?? '');
      xmlError(response, status, code, message);
    });
    const kept = objects;
    if (method !== null && request.method === 'PUT') keep(request, kept);
  });
}
const objects = new Map<string, Buffer>();
function keep(request: IncomingMessage, into: Map<string, Buffer>): void {
  const chunks: Buffer[] = [];
  const path = new URL(request.url ?? '', 'http://x').pathname;
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    into.set(path, Buffer.concat(chunks));
    into.set(`${path}?x-id=GetObject`, Buffer.concat(chunks));
  });
}
function xmlError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-oss-request-id': '5F0000000000000000000000' });
  response.end(
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`,
  );
}

export const ossKey = { accessKey: 'LTAI5tExample', secret: 'an-oss-secret' } as const;
/**
 * Stands in for Alibaba's OSS, of which there is no server to install: one bucket `shows`, and the signature of version 1
 * made anew from what came, as Alibaba documents it.
 */
export function openOssStandIn(): Promise<StorageServer> {
  const kept = new Map<string, Buffer>();
  return openHttp((request, response) => {
    const bucket = request.headers.host?.split('.')[0] ?? '';
    const pathname = `/${bucket}${new URL(request.url ?? '', 'http://x').pathname}`;
    const [, id, signature] = /^OSS ([^:]+):(.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const own = Object.keys(request.headers).filter((name) => name.startsWith('x-oss-'));
    const signed = [
      request.method,
      request.headers['content-md5'] ?? '',
      request.headers['content-type'] ?? '',
      request.headers['x-oss-date'] ?? request.headers.date ?? '',
      ...own.toSorted().map((name) => `${name}:${String(request.headers[name])}`),
      decodeURIComponent(pathname),
    ].join('\n');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const expected = createHmac('sha1', ossKey.secret).update(signed).digest('base64');
      if (id !== ossKey.accessKey) return xmlError(response, 403, 'InvalidAccessKeyId', 'Unknown key.');
      if (signature !== expected) return xmlError(response, 403, 'SignatureDoesNotMatch', 'Other signature.');
      if (!pathname.startsWith('/shows/')) return xmlError(response, 404, 'NoSuchBucket', 'No bucket.');
      answerObject(request, response, kept, pathname, Buffer.concat(chunks));
    });
  });
}

function answerObject(
  request: IncomingMessage,
  response: ServerResponse,
  kept: Map<string, Buffer>,
  key: string,
  body: Buffer,
): void {
  response.setHeader('x-oss-request-id', '5F0000000000000000000000');
  if (request.method === 'PUT') {
    kept.set(key, body);
    return void response.end();
  }
  const bytes = kept.get(key);
  if (request.method === 'DELETE') {
    kept.delete(key);
    response.statusCode = 204;
    return void response.end();
  }
  if (!bytes) {
    if (request.method === 'HEAD') return void response.writeHead(404).end();
    return xmlError(response, 404, 'NoSuchKey', 'No key.');
  }
  response.setHeader('content-length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

const about = (name: string, bytes: Buffer) => ({
  name,
  bucket: 'shows',
  size: String(bytes.length),
  md5Hash: createHash('md5').update(bytes).digest('base64'),
});
/** Stands in for Google's JSON API: one bucket `shows`, no accounts, as its emulators have none either. */
export function openGcsStandIn(): Promise<StorageServer> {
  const kept = new Map<string, Buffer>();
  return openHttp((request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const [, bucket = '', object] = /\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(url.pathname) ?? [];
    const name = decodeURIComponent(object ?? url.searchParams.get('name') ?? '');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const json = (status: number, value: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      const missing = (message: string): void => json(404, { error: { code: 404, message, errors: [{ message }] } });
      if (bucket !== 'shows') return missing('The specified bucket does not exist.');
      if (request.method === 'POST') {
        if (url.searchParams.get('uploadType') !== 'media') return json(400, { error: { code: 400, message: 'Bad.' } });
        const bytes = Buffer.concat(chunks);
        kept.set(name, bytes);
        return json(200, about(name, bytes));
      }
      const bytes = kept.get(name);
      if (!bytes) return missing(`No such object: ${bucket}/${name}`);
      if (request.method === 'DELETE') {
        kept.delete(name);
        return response.writeHead(204).end();
      }
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (url.searchParams.get('alt') === 'media' && from !== undefined)
        return response.writeHead(206).end(bytes.subarray(Number(from), Number(to) + 1));
      if (url.searchParams.get('alt') === 'media') return response.end(bytes);
      json(200, about(name, bytes));
    });
  });
}
