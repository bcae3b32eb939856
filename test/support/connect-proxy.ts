import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface ConnectProxy {
  readonly host: string;
  /** What was asked for, in order: "127.0.0.1:9000". */
  readonly asked: readonly string[];
  readonly openSockets: () => number;
  close(): Promise<void>;
}

interface ProxyOptions {
  /** "name:password"; whoever says another one is answered 407. */
  readonly user?: string;
  /** The answer to every CONNECT, instead of a way; `silent`: none at all. */
  readonly answer?: string;
}

/** A small HTTP proxy: opens a way for CONNECT and does nothing else. */
export async function openConnectProxy({ user, answer }: ProxyOptions = {}): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '');
    if (answer === 'silent') return void socket.resume().on('end', () => socket.end());
    const said = Buffer.from(request.headers['proxy-authorization']?.replace(/^Basic /, '') ?? '', 'base64').toString();
    if (user !== undefined && said !== user)
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
    if (answer !== undefined) return void socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    const [host = '', port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    openSockets: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
