import { S3Upload } from '@livekit/protocol';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Ffmpeg } from '../ffmpeg.ts';
import { type Arrival, openArrivalBook } from './arrivals.ts';
import { type HeardWord, openDestinationPage } from './page.ts';
import { type DestinationState, openRtmpReceiver } from './rtmp-receiver.ts';
import { openSrtReceiver } from './srt-receiver.ts';
import { openStorageServer } from './storage-server.ts';

/** Addresses of the rehearsal that egress can send to. */
export interface DestinationAddresses {
  /** Whatever is sent to them is shown and played there. */
  readonly page: string;
  /** Any other key in the place of the last part works as well. */
  readonly rtmp: readonly string[];
  /** Null where ffmpeg has no SRT, or there is none. */
  readonly srt: string | null;
  readonly storage: {
    readonly endpoint: string;
    readonly region: string;
    readonly bucket: string;
    readonly accessKey: string;
    readonly secret: string;
  };
}

/** Real receivers on this computer: RTMP, SRT, and an S3 storage. */
export interface Destinations {
  readonly addresses: DestinationAddresses;
  readonly state: DestinationState;
  setState(state: DestinationState): Promise<void>;
  /** The storage refuses every write. */
  isStorageRefusing: boolean;
  /** The storage that egress may fall back to. */
  readonly backup: S3Upload;
  readonly arrivals: () => readonly Arrival[];
  close(): Promise<void>;
}

const region = 'us-east-1';
const buckets = { main: 'recordings', backup: 'backup' };

export async function openDestinations(options: {
  readonly ffmpeg: Ffmpeg | null;
  /** Objects lie in a folder of their own in here. */
  readonly filesFolder: string;
  readonly decode: (path: string) => Promise<{ readonly words: readonly HeardWord[] }>;
}): Promise<Destinations> {
  const { ffmpeg } = options;
  const key = { accessKey: `rehearsal${randomBytes(4).toString('hex')}`, secret: randomBytes(20).toString('hex') };
  const book = openArrivalBook();
  const rtmp = await openRtmpReceiver(book.rtmp);
  const srt = ffmpeg?.hasSrt ? await openSrtReceiver(ffmpeg, book.srt) : null;
  const storage = await openStorageServer({
    folder: join(options.filesFolder, 'storage'),
    buckets: Object.values(buckets),
    key,
  });
  const page = await openDestinationPage({ arrivals: () => book.list(), decode: options.decode, ffmpeg });
  let state: DestinationState = 'up';
  return {
    addresses: {
      page: page.url,
      rtmp: ['main', 'spare'].map((name) => `rtmp://127.0.0.1:${rtmp.port}/live/rehearsal-${name}`),
      srt: srt && `srt://127.0.0.1:${srt.port}`,
      storage: { endpoint: storage.endpoint, region, bucket: buckets.main, ...key },
    },
    get state() {
      return state;
    },
    setState: async (next) => {
      state = next;
      srt?.setState(next);
      await rtmp.setState(next);
    },
    get isStorageRefusing() {
      return storage.isRefusing;
    },
    set isStorageRefusing(is) {
      storage.isRefusing = is;
    },
    backup: new S3Upload({ endpoint: storage.endpoint, region, bucket: buckets.backup, forcePathStyle: true, ...key }),
    arrivals: () => book.list(),
    close: async () => {
      await Promise.all([rtmp.close(), srt?.close(), storage.close(), page.close()]);
      book.close();
    },
  };
}
