import { z } from 'zod';

/** The WebSocket between the LiveKit stand-in and the scene child: the room as JSON, its sound as binary blocks. */

export const streamPath = '/scene';
/** 10 ms at 48 kHz. */
export const blockSamples = 480;

const StreamTrack = z.object({
  sid: z.string().max(128),
  kind: z.enum(['audio', 'video', 'data']),
  source: z.enum(['camera', 'microphone', 'screen-share', 'screen-share-audio', 'unknown']),
  name: z.string().max(4096),
  muted: z.boolean(),
});

export const StreamPerson = z.object({
  sid: z.string().max(128),
  identity: z.string().max(1024),
  name: z.string().max(4096),
  joinedAtMs: z.number().int().nonnegative(),
  tracks: z.array(StreamTrack).max(20),
  /** Names this person's sound in the blocks that follow. */
  voice: z.number().int().nonnegative().max(0xffff),
});
export type StreamPerson = z.infer<typeof StreamPerson>;

export const StreamMessage = z.discriminatedUnion('type', [
  /** First message of each connection. `startedAtMs` is the wall clock of sample 0 of everybody. */
  z.object({
    type: z.literal('room'),
    sid: z.string().max(128),
    startedAtMs: z.number().nonnegative(),
    people: z.array(StreamPerson).max(500),
  }),
  z.object({ type: z.literal('came'), person: StreamPerson }),
  z.object({ type: z.literal('gone'), identity: z.string() }),
  z.object({ type: z.literal('muted'), identity: z.string(), sid: z.string(), muted: z.boolean() }),
  z.object({ type: z.literal('speakers'), identities: z.array(z.string()).max(500) }),
]);
export type StreamMessage = z.infer<typeof StreamMessage>;

/** One 10 ms block of everybody, from the same sample since the show's start. */
export interface StreamBlock {
  readonly firstSample: number;
  readonly voices: readonly { readonly voice: number; readonly samples: Int16Array }[];
}

const headBytes = 8;
const voiceBytes = 2 + blockSamples * 2;

export function packBlock({ firstSample, voices }: StreamBlock): Buffer {
  const bytes = Buffer.alloc(headBytes + voices.length * voiceBytes);
  bytes.writeDoubleLE(firstSample, 0);
  voices.forEach(({ voice, samples }, index) => {
    const at = headBytes + index * voiceBytes;
    bytes.writeUInt16LE(voice, at);
    bytes.set(new Uint8Array(samples.buffer, samples.byteOffset, blockSamples * 2), at + 2);
  });
  return bytes;
}

/** Null where the bytes are no block. */
export function unpackBlock(bytes: Buffer): StreamBlock | null {
  if (bytes.length < headBytes || (bytes.length - headBytes) % voiceBytes !== 0) return null;
  const firstSample = bytes.readDoubleLE(0);
  if (!Number.isSafeInteger(firstSample) || firstSample < 0) return null;
  const voices: StreamBlock['voices'][number][] = [];
  for (let at = headBytes; at < bytes.length; at += voiceBytes) {
    const samples = new Int16Array(blockSamples);
    new Uint8Array(samples.buffer).set(bytes.subarray(at + 2, at + voiceBytes));
    voices.push({ voice: bytes.readUInt16LE(at), samples });
  }
  return { firstSample, voices };
}
