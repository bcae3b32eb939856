/**
 * A participant that speaks in bursts: 100 ms of 1 kHz every 700 ms. Told by messages of its parent what to do, and tells
 * when each burst was given to the encoder.
 */
import {
  AudioFrame,
  AudioSource,
  dispose,
  LocalAudioTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';

export type PublisherCommand = { do: 'unpublish' | 'publish' | 'leave' };
export type PublisherEvent =
  | { type: 'published'; sid: string }
  | { type: 'burst'; atMs: number }
  | { type: 'disconnected' | 'reconnected' | 'left' };

const tell = (event: PublisherEvent): void => void process.send?.(event);
const [url = '', token = ''] = [process.env['PUBLISHER_URL'], process.env['PUBLISHER_TOKEN']];

const source = new AudioSource(48_000, 1, 0);
let room = new Room();
let sid = '';
let isLeaving = false;

/** As an application does: where the client gives up (19 s after the loss of its server), it joins anew. */
async function enter(): Promise<void> {
  room = new Room();
  room.on('reconnected', () => tell({ type: 'reconnected' }));
  room.on('disconnected', () => {
    tell({ type: 'disconnected' });
    if (!isLeaving) void enter();
  });
  for (;;) {
    try {
      await room.connect(url, token, { autoSubscribe: false, dynacast: false });
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500)); // not there yet
    }
  }
  await publish();
}

async function publish(): Promise<void> {
  const publication = await room.localParticipant?.publishTrack(
    LocalAudioTrack.createAudioTrack('mic', source),
    new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE }),
  );
  sid = publication?.sid ?? '';
  tell({ type: 'published', sid });
}

process.on('message', (command: PublisherCommand) => {
  void (async () => {
    if (command.do === 'publish') await publish();
    else if (command.do === 'unpublish') await room.localParticipant?.unpublishTrack(sid);
    else if (command.do === 'leave') {
      isLeaving = true;
      await room.disconnect();
      tell({ type: 'left' });
      await dispose();
      process.exit(0);
    }
  })();
});
process.on('disconnect', () => process.exit(0));
await enter();

const frame = (index: number): AudioFrame => {
  const made = AudioFrame.create(48_000, 1, 480);
  if (index % 70 < 10)
    for (let sample = 0; sample < 480; sample++)
      made.data[sample] = Math.round(12_000 * Math.sin((sample * 2 * Math.PI) / 48));
  return made;
};
const beganMs = performance.now();
for (let index = 0; ; index++) {
  const waitMs = beganMs + index * 10 - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  if (index % 70 === 0) tell({ type: 'burst', atMs: Date.now() });
  await source.captureFrame(frame(index)).catch(() => {}); // while it is not published there is nowhere to go
}
