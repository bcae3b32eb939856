import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Connects as the egress of LiveKit 1.14 does: Content-Type, no extension, no origin. */
export async function dialAsEgress(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    perMessageDeflate: false,
    headers: { 'User-Agent': 'Go-http-client/1.1', 'Content-Type': 'audio/x-raw', ...headers },
  });
  await once(socket, 'open');
  return socket;
}

/** Interleaved stereo of one value. */
export function stereo(frames: number, left: number, right = left): Buffer {
  const bytes = Buffer.alloc(frames * 4);
  for (let index = 0; index < frames; index++) {
    bytes.writeInt16LE(left, index * 4);
    bytes.writeInt16LE(right, index * 4 + 2);
  }
  return bytes;
}

/** Close without a code, as egress ends. */
export const closeAsEgress = (socket: WebSocket): void => socket.close();
