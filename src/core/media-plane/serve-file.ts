import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

export interface OfferedFile {
  readonly path: string;
  readonly mimeType: string;
}

/** The bytes that a Range header asks for, both ends included; `null`: the whole file; `unsatisfiable`: outside of it. */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): { readonly first: number; readonly last: number } | null | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return null; // none, or several ranges: RFC 9110 lets a server answer with the whole
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return null;
  const first = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== '' && to !== '' && Number(to) < first) return null; // malformed: to be ignored
  return first >= sizeBytes || last < first ? 'unsatisfiable' : { first, last };
}

/**
 * Answers GET and HEAD for one file, with ranges, so that a player can seek. The file may still grow: its size is looked
 * at for each request. Answers 404 where it has vanished.
 */
export async function serveFile(file: OfferedFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = await stat(file.path).catch(() => null); // moved or deleted meanwhile: said by the 404
  if (!found?.isFile()) return void response.writeHead(404).end('The file is no longer there.');
  const range = parseRange(request.headers.range, found.size);
  if (range === 'unsatisfiable') {
    return void response.writeHead(416, { 'content-range': `bytes */${found.size}` }).end();
  }
  const { first, last } = range ?? { first: 0, last: found.size - 1 };
  response.writeHead(range ? 206 : 200, {
    'content-type': file.mimeType,
    'content-length': last - first + 1,
    'accept-ranges': 'bytes',
    ...(range ? { 'content-range': `bytes ${first}-${last}/${found.size}` } : {}),
  });
  if (request.method === 'HEAD' || last < first) return void response.end();
  // Rejects when the player leaves in the middle, which it does at every seek.
  await pipeline(createReadStream(file.path, { start: first, end: last }), response).catch(() => response.destroy());
}
