/**
 * A room child that does what it is told by its join token: a list of steps as JSON. Written from docs/room-child.md alone,
 * so that a mistake of the core's framing shows.
 */
import { connect } from 'node:net';

export type Step =
  | { say: Record<string, unknown> }
  | { sound: { streamId: number; firstSample: number; count: number; value: number } }
  | { hex: string }
  | { exit: number };

const socket = connect({ port: Number(process.env['CUEDESK_CHILD_PORT']), host: '127.0.0.1', noDelay: true });
const frame = (type: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(payload.length + 1, 0);
  head[4] = type;
  return Buffer.concat([head, payload]);
};
const say = (message: unknown): void => void socket.write(frame(1, Buffer.from(JSON.stringify(message))));
const mode = process.env['SCRIPT_HELLO'] ?? 'right';
if (mode !== 'none')
  say({ ev: 'hello', token: mode === 'wrong' ? 'x' : process.env['CUEDESK_CHILD_TOKEN'], program: 'scene-child' });
socket.on('close', () => process.exit(0));
socket.on('error', () => {});

let rest = Buffer.alloc(0);
socket.on('data', (chunk) => {
  rest = Buffer.concat([rest, chunk]);
  while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32LE(0)) {
    const length = rest.readUInt32LE(0);
    take(JSON.parse(rest.subarray(5, 4 + length).toString()));
    rest = rest.subarray(4 + length);
  }
});

const take = (message: { op: string; link: number; token: string }): void => {
  if (message.op === 'stop') socket.end();
  else if (message.op === 'leave') say({ ev: 'left', link: message.link, reason: 'asked', retryable: false });
  else play(message.link, JSON.parse(message.token));
};

function play(link: number, steps: Step[]): void {
  for (const step of steps) {
    if ('say' in step) say({ link, ...step.say });
    else if ('hex' in step) socket.write(Buffer.from(step.hex, 'hex'));
    else if ('exit' in step)
      socket.write('', () => process.exit(step.exit)); // behind all that was said
    else {
      const { streamId, firstSample, count, value } = step.sound;
      const payload = Buffer.alloc(16 + count * 2);
      payload.writeUInt32LE(streamId, 0);
      payload.writeBigUInt64LE(BigInt(firstSample), 8);
      for (let index = 0; index < count; index++) payload.writeInt16LE(value, 16 + index * 2);
      socket.write(frame(2, payload));
    }
  }
}
