import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** A transcriber that hears nothing: it takes sessions and sound, acknowledges both, and says what a test tells it to. */
export interface BareGladia {
  readonly url: string;
  readonly key: string;
  /** Sessions so far, connections now, bytes of sound so far. */
  readonly count: { sessions: number; open: number; bytes: number };
  /** Told of each message of sound, as soon as it is here. */
  onSound: (bytes: Buffer) => void;
  /** Sends a message to everybody who is connected. */
  say(message: object): void;
  close(): Promise<void>;
}

export async function openBareGladia(): Promise<BareGladia> {
  const count = { sessions: 0, open: 0, bytes: 0 };
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const server = createServer((request, response) => {
    request.resume();
    const isNew = request.method === 'POST';
    const id = isNew ? `session-${++count.sessions}` : (request.url?.split('/').at(-1) ?? '');
    const { port } = server.address() as AddressInfo;
    const body = isNew
      ? { id, created_at: new Date().toISOString(), url: `ws://127.0.0.1:${port}/v2/live?token=${id}` }
      : { id, status: 'done', result: { transcription: { utterances: [] } } };
    response.writeHead(isNew ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (opened) => serve(opened)),
  );
  const gladia: BareGladia = {
    url: '',
    key: 'bare-gladia-key',
    count,
    onSound: () => {},
    say: (message) => {
      const text = JSON.stringify(message);
      for (const socket of sockets.clients) socket.send(text);
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const serve = (socket: WebSocket): void => {
    let bytes = 0;
    count.open++;
    socket.once('close', () => count.open--);
    socket.on('error', () => {}); // cut by the other side; 'close' follows
    const say = (type: string, data: object | null): void =>
      socket.send(JSON.stringify({ type, acknowledged: true, error: null, data }));
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        gladia.onSound(data);
        const range = [bytes, (bytes += data.length)];
        count.bytes += data.length;
        say('audio_chunk', { byte_range: range, time_range: range.map((at) => at / 32_000) });
        return;
      }
      say('stop_recording', null);
      socket.close(1000);
    });
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(gladia, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
