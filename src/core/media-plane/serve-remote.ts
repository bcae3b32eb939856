import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface RemoteFile {
  /** Opens the file for who knows it: it stays here, and the page is given an address of the media plane. */
  readonly address: string;
  readonly mimeType: string;
}

const passedOn = ['content-length', 'content-range', 'accept-ranges', 'etag'] as const;

/** Passes a file of a storage on to a player, with the ranges that it asks for. Answers 502 where the storage does not give it. */
export async function serveRemote(file: RemoteFile, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort()); // the player leaves in the middle at every seek
  const { range } = request.headers;
  const answer = await fetch(file.address, {
    headers: range === undefined ? {} : { range },
    redirect: 'error', // it was signed for this place alone
    signal: gone.signal,
  }).catch(() => null); // said by the 502; the error itself holds the address
  if (!answer?.body || !answer.ok) {
    await answer?.body?.cancel();
    return void response.writeHead(502).end('The storage does not give this file.');
  }
  const headers = passedOn.flatMap((name) => {
    const value = answer.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(answer.status, { ...Object.fromEntries(headers), 'content-type': file.mimeType });
  if (request.method === 'HEAD') {
    await answer.body.cancel();
    return void response.end();
  }
  await pipeline(Readable.fromWeb(answer.body), response).catch(() => response.destroy());
}
