import type { IncomingMessage, ServerResponse } from 'node:http';
import { serveFile, type OfferedFile } from './serve-file.ts';
import { serveRemote, type RemoteFile } from './serve-remote.ts';

interface OfferedText {
  readonly text: string;
  readonly mimeType: string;
}
export type Offered = OfferedFile | RemoteFile | OfferedText;

/** Files of which one names the others by relative addresses, as a playlist does its segments. */
export interface OfferedSet {
  /** What stands behind a name; null: nothing that belongs to the set. */
  find(name: string): Promise<Offered | null>;
}

export async function serve(offered: Offered, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if ('path' in offered) return serveFile(offered, request, response);
  if ('address' in offered) return serveRemote(offered, request, response);
  const body = Buffer.from(offered.text);
  response.writeHead(200, { 'content-type': offered.mimeType, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The name that an address gives; '' where it cannot be read, which no set has. */
export function nameIn(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
