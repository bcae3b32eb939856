import { type RawData, WebSocket } from 'ws';
import type { ArmedFaults } from './faults.ts';
import { ClientMessage } from './init.ts';
import type { GladiaSession, ServerMessage } from './session.ts';

export interface ConnectionOptions {
  readonly session: GladiaSession;
  readonly armed: ArmedFaults;
  readonly idleLimitMs: number;
  readonly maxSessionS: number;
  /** Between `stop_recording` and the last messages. */
  readonly afterStopMs: number;
}

const idleCode = 4408;
const endedCode = 4403;

/** Serves one socket of a session until it closes. */
export function serveConnection(socket: WebSocket, options: ConnectionOptions): void {
  const { session, armed } = options;
  const timers = new Set<NodeJS.Timeout>();
  let isStopping = false;
  let idle: NodeJS.Timeout | undefined;

  const after = (ms: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms);
    timers.add(timer);
  };
  const say = (message: ServerMessage): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ session_id: session.id, created_at: new Date().toISOString(), ...message }));
  };
  const sayAll = (messages: readonly ServerMessage[]): void => messages.forEach(say);
  const endIdle = (): void => {
    session.finish();
    socket.close(idleCode, 'no audio received');
  };
  const restartIdle = (): void => {
    clearTimeout(idle);
    idle = setTimeout(endIdle, options.idleLimitMs);
  };

  function hear(bytes: Buffer): void {
    if (isStopping) return refuse('recording has been stopped');
    // An empty chunk keeps the connection, as clients use it; it is acknowledged like any other.
    restartIdle();
    const refusal = armed.take('refusedChunk');
    if (refusal !== null) return refuse(refusal);
    const { ack, messages } = session.hear(bytes);
    if (ack) acknowledge(ack);
    sayAll(messages);
    if (session.durationS >= options.maxSessionS) {
      sayAll(session.finish());
      say({
        type: 'error',
        data: { code: 'session_timeout', message: 'The session has reached its longest duration' },
      });
      socket.close(idleCode, 'session timeout');
    }
  }

  function acknowledge(ack: ServerMessage): void {
    if (armed.isLosingAcks) return;
    const told = armed.isAckInclusive ? inclusive(ack) : ack;
    if (armed.ackDelayMs > 0) after(armed.ackDelayMs, () => say(told));
    else say(told);
  }

  function refuse(message: string): void {
    say({ type: 'audio_chunk', acknowledged: false, error: { message }, data: null });
  }

  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    clearTimeout(idle);
    if (armed.isSilentAfterStop) return;
    say(session.stopAck());
    after(options.afterStopMs, () => {
      sayAll(session.finish());
      socket.close(1000);
    });
  }

  function take(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer; // ws gives Buffers with its default binaryType
    if (isBinary) return hear(bytes);
    const parsed = ClientMessage.safeParse(parsedJson(bytes.toString('utf8')));
    if (!parsed.success) return refuse('invalid message');
    if (parsed.data.type === 'stop_recording') stop();
    else hear(Buffer.from(parsed.data.data.chunk, 'base64'));
  }

  socket.on('error', () => socket.terminate()); // 'close' follows
  socket.on('close', (code) => {
    clearTimeout(idle);
    for (const timer of timers) clearTimeout(timer);
    // A close of 1000 by the client means stop; after a stop the job ends whether or not somebody listens.
    if (code === 1000 || isStopping) session.finish();
  });
  const code = armed.take('closeCode');
  if (code !== null) return socket.close(code);
  if (session.status === 'done') return socket.close(endedCode, 'job has ended');
  sayAll(session.open());
  restartIdle();
  socket.on('message', take);
}

function inclusive(ack: ServerMessage): ServerMessage {
  const data = ack['data'] as {
    readonly byte_range: readonly [number, number];
    readonly time_range: readonly number[];
  }; // made by the session
  const [from, to] = data.byte_range;
  return { ...ack, data: { ...data, byte_range: [from, Math.max(from, to - 1)] } };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // refused by the schema
  }
}
