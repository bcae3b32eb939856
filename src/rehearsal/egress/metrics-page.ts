import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the page of an egress worker tells. */
export interface WorkerFigures {
  /** Requests that run, by kind. */
  readonly running: Readonly<Record<string, number>>;
  readonly canAccept: boolean;
  /** Results of handlers so far: a failed egress counts as completed, a killed handler does not (measured). */
  readonly completed: number;
  readonly crashed: number;
}

export interface MetricsPage {
  readonly url: string;
  close(): Promise<void>;
}

const kinds = ['track', 'media', 'room_composite', 'participant', 'template', 'track_composite', 'web'];
const labels = 'cluster_id="",node_id="NE_rehearsal"';

/** The Prometheus page of an egress worker, under the names of egress 1.14.1, on a port of its own. */
export async function openMetricsPage(figures: () => WorkerFigures): Promise<MetricsPage> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' && request.url !== '/') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(textOf(figures()));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo; // listening on TCP
  return {
    url: `http://127.0.0.1:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function textOf({ running, canAccept, completed, crashed }: WorkerFigures): string {
  const count = Object.values(running).reduce((sum, one) => sum + one, 0);
  const load = Math.min(1, 0.05 + count * 0.2);
  const lines: string[] = [];
  const metric = (name: string, type: 'gauge' | 'counter', samples: readonly (readonly [string, number])[]): void => {
    lines.push(`# TYPE ${name} ${type}`);
    for (const [extra, value] of samples) lines.push(`${name}{${labels}${extra}} ${value}`);
  };
  metric('livekit_egress_available', 'gauge', [['', count === 0 ? 1 : 0]]);
  metric('livekit_egress_can_accept_request', 'gauge', [['', canAccept ? 1 : 0]]);
  metric('livekit_egress_is_disabled', 'gauge', [['', 0]]);
  metric('livekit_egress_is_terminating', 'gauge', [['', 0]]);
  metric(
    'livekit_egress_requests',
    'gauge',
    kinds.map((kind) => [`,type="${kind}"`, running[kind] ?? 0]),
  );
  metric('livekit_egress_handler_results_total', 'counter', [
    [',result="completed",type=""', completed],
    [',result="process_error",type=""', crashed],
  ]);
  metric('livekit_egress_pulse_sinks', 'gauge', [['', count]]);
  metric('livekit_load_ratio', 'gauge', [
    [',type="cpu"', load],
    [',type="pulse"', Math.min(1, count / 15)],
  ]);
  metric('livekit_node_cpu_load', 'gauge', [[',node_type="EGRESS"', load]]);
  return `${lines.join('\n')}\n`;
}
