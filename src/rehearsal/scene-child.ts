/**
 * The room child of the rehearsal (docs/room-child.md): where there is no WebRTC, it plays the scene's rooms to the core
 * as if it had joined them. Takes its address from CUEDESK_CHILD_PORT and CUEDESK_CHILD_TOKEN.
 */
import { connect } from 'node:net';
import { z } from 'zod';
import { JsonFrames, jsonFrame, soundFrame } from './scene/child-frames.ts';
import { ChildLink } from './scene/child-link.ts';

const CoreMessage = z.discriminatedUnion('op', [
  z.object({ op: z.literal('join'), link: z.number().int(), url: z.string(), token: z.string() }),
  z.object({ op: z.literal('leave'), link: z.number().int() }),
  z.object({ op: z.literal('stop') }),
]);

/** Two seconds of sound of six people; a core that has not read that is stuck, and a new child costs less. */
const maxUnreadBytes = 2 * 1024 * 1024;

const socket = connect(Number(process.env['CUEDESK_CHILD_PORT']), '127.0.0.1');
const links = new Map<number, ChildLink>();
const frames = new JsonFrames();
let streamIds = 0;

function send(bytes: Buffer): void {
  if (socket.writableLength > maxUnreadBytes) socket.destroy();
  else socket.write(bytes);
}

function join(link: number, url: string, token: string): void {
  links.get(link)?.leave();
  const joined = new ChildLink({
    link,
    url,
    token,
    say: (message) => send(jsonFrame(message)),
    sound: (streamId, firstSample, samples) => send(soundFrame(streamId, firstSample, samples)),
    nextStreamId: () => ++streamIds,
    onEnded: () => links.delete(link),
  });
  links.set(link, joined);
}

function take(text: string): void {
  const message = CoreMessage.parse(JSON.parse(text));
  if (message.op === 'join') return join(message.link, message.url, message.token);
  if (message.op === 'leave') return links.get(message.link)?.leave();
  for (const link of links.values()) link.leave();
  socket.end();
}

socket.setNoDelay(true);
send(jsonFrame({ ev: 'hello', token: process.env['CUEDESK_CHILD_TOKEN'] ?? '', program: 'scene-child' }));
socket.on('data', (chunk) => {
  try {
    for (const text of frames.push(chunk)) take(text);
  } catch {
    socket.destroy(); // the core broke the protocol: there is nobody to talk to
  }
});
socket.on('error', () => socket.destroy()); // 'close' follows
socket.on('close', () => process.exit(0));
