import { appendFileSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a receiver sees of a stream. */
export interface ReceivedTag {
  readonly type: number;
  readonly timestampMs: number;
  readonly body: Buffer;
}

/** Told by a receiver what comes under which key. */
export interface StreamWatcher {
  began(key: string): void;
  received(key: string, tag: ReceivedTag): void;
  ended(key: string): void;
}

/** One destination and what has arrived there. */
export interface Arrival {
  readonly id: string;
  readonly protocol: 'rtmp' | 'srt';
  readonly key: string;
  readonly isLive: boolean;
  /** How often a sender came. */
  readonly connections: number;
  readonly bytes: number;
  readonly lastAtMs: number | null;
  /** What arrived since the newest connection, as a media file that others can read; null where nothing did. */
  readonly file: string | null;
}

/** Keeps what arrives at the destinations of a rehearsal, so that it can be played and its words decoded. */
export interface ArrivalBook {
  list(): readonly Arrival[];
  readonly rtmp: StreamWatcher;
  readonly srt: { began(): void; received(bytes: Buffer): void; ended(): void };
  close(): void;
}

interface Entry {
  readonly id: string;
  readonly protocol: 'rtmp' | 'srt';
  readonly key: string;
  readonly path: string;
  isLive: boolean;
  connections: number;
  bytes: number;
  lastAtMs: number | null;
  hasFile: boolean;
}

/** A stream of a rehearsal has some 0.4 Mbit/s: this keeps a quarter of an hour of each connection. */
const maxFileBytes = 48 * 1024 * 1024;
const maxKeys = 32;
const flvHeader = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);
const setDataFrame = Buffer.from([2, 0, 13, ...Buffer.from('@setDataFrame')]);

export function openArrivalBook(): ArrivalBook {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-destinations-'));
  const entries = new Map<string, Entry>();

  const entryOf = (protocol: 'rtmp' | 'srt', key: string): Entry | undefined => {
    const name = `${protocol} ${key}`;
    const known = entries.get(name);
    if (known || entries.size >= maxKeys) return known;
    const id = String(entries.size + 1);
    const path = join(folder, `${id}.${protocol === 'rtmp' ? 'flv' : 'ts'}`);
    const entry: Entry = {
      id,
      protocol,
      key,
      path,
      isLive: false,
      connections: 0,
      bytes: 0,
      lastAtMs: null,
      hasFile: false,
    };
    entries.set(name, entry);
    return entry;
  };
  const began = (entry: Entry | undefined, head: Buffer): void => {
    if (!entry) return;
    entry.isLive = true;
    entry.connections += 1;
    if (entry.hasFile) truncateSync(entry.path);
    appendFileSync(entry.path, head);
    entry.hasFile = true;
  };
  const received = (entry: Entry | undefined, bytes: Buffer): void => {
    if (!entry) return;
    entry.bytes += bytes.length;
    entry.lastAtMs = Date.now();
    if (statSync(entry.path).size < maxFileBytes) appendFileSync(entry.path, bytes);
  };
  const ended = (entry: Entry | undefined): void => {
    if (entry) entry.isLive = false;
  };

  return {
    list: () => [...entries.values()].map(({ path, hasFile, ...entry }) => ({ ...entry, file: hasFile ? path : null })),
    rtmp: {
      began: (key) => began(entryOf('rtmp', key), flvHeader),
      received: (key, tag) => received(entryOf('rtmp', key), flvTag(tag)),
      ended: (key) => ended(entryOf('rtmp', key)),
    },
    srt: {
      began: () => began(entryOf('srt', 'srt'), Buffer.alloc(0)),
      received: (bytes) => received(entryOf('srt', 'srt'), bytes),
      ended: () => ended(entryOf('srt', 'srt')),
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The message as a tag of an FLV file; the wrapper of metadata is RTMP's alone. */
function flvTag({ type, timestampMs, body }: ReceivedTag): Buffer {
  const isWrapped = type === 18 && body.subarray(0, setDataFrame.length).equals(setDataFrame);
  const payload = isWrapped ? body.subarray(setDataFrame.length) : body;
  const head = Buffer.alloc(11);
  head[0] = type;
  head.writeUIntBE(payload.length, 1, 3);
  head.writeUIntBE(timestampMs & 0xffffff, 4, 3);
  head[7] = (timestampMs >>> 24) & 0xff;
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(payload.length + 11);
  return Buffer.concat([head, payload, tail]);
}
