import {
  AudioFrame,
  AudioSource,
  DisconnectReason,
  LocalAudioTrack,
  Room,
  TrackPublishOptions,
  TrackSource,
} from '@livekit/rtc-node';
import { sceneSampleRateHz } from '../scene/show.ts';
import { blockSamples, isPause } from './pause.ts';
import type { CastServer } from './server.ts';

export interface MemberOptions {
  readonly server: CastServer;
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  /** 480 samples of this person from an index since the show's start. */
  readonly soundAt: (fromSample: number) => Int16Array;
}

const samplesPerMs = sceneSampleRateHz / 1000;
/** Sound is given so much ahead of its time and waits in the source, so that a late timer on a busy machine tears no word. */
const leadMs = 200;
/** What a stall has made late is won back by shorter pauses; beyond the second figure by leaving out anything. */
const tooMuchMs = leadMs + 30;
const farTooMuchMs = 600;
const queueMs = 1_000;

const removals = new Set([DisconnectReason.PARTICIPANT_REMOVED, DisconnectReason.ROOM_DELETED]);

/** One person of the cast in a real room: a participant with a microphone. */
export class CastMember {
  readonly identity: string;
  readonly #options: MemberOptions;
  readonly #room = new Room();
  #source: AudioSource | null = null;
  /** The next sample to give, since the show's start; null with a source that has had nothing yet. */
  #cursor: number | null = null;
  #sid = '';
  #gone: 'removed' | 'lost' | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.identity = options.identity;
  }

  /** Sent away by the host, or the connection was lost for good; null while in the room. */
  get gone(): 'removed' | 'lost' | null {
    return this.#gone;
  }

  /** Joins and publishes the microphone, muted or not. */
  async join(muted: boolean): Promise<void> {
    const { server, room, identity, name } = this.#options;
    // Each track listens to the room's token; ten of them would already be warned about.
    this.#room.setMaxListeners(0);
    this.#room.on('disconnected', (reason) => (this.#gone = removals.has(reason) ? 'removed' : 'lost'));
    const token = server.joinToken(room, identity, name);
    await this.#room.connect(server.wsUrl, token, { autoSubscribe: false, dynacast: false });
    await this.#publish();
    if (muted) await this.setMuted(true);
  }

  /** The client library cannot mute its own track, so the server is asked; where it will not unmute, the track is published anew. */
  async setMuted(muted: boolean): Promise<void> {
    if (this.#gone || this.#closed) return;
    const { server, room, identity } = this.#options;
    if (await server.mute(room, identity, this.#sid, muted)) return;
    if (muted) throw new Error('The server did not mute a track of the cast.');
    await this.#unpublish();
    await this.#publish();
  }

  /** Speaks on; called often, with the sample that is due now. */
  speak(dueSample: number): void {
    const source = this.#source;
    if (!source || this.#gone) return;
    const isFarBehind = this.#cursor !== null && this.#cursor < dueSample - farTooMuchMs * samplesPerMs;
    if (this.#cursor === null || isFarBehind) this.#cursor = Math.floor(dueSample / blockSamples) * blockSamples;
    for (; this.#cursor < dueSample + leadMs * samplesPerMs; this.#cursor += blockSamples) {
      const waitingMs = source.queuedDuration;
      if (waitingMs > farTooMuchMs) continue;
      if (waitingMs > tooMuchMs && isPause(this.#options.soundAt, this.#cursor)) continue;
      const samples = this.#options.soundAt(this.#cursor);
      source.captureFrame(new AudioFrame(samples, sceneSampleRateHz, 1, blockSamples)).catch(() => {
        // The source was closed by an unmute or a leave in this very moment: these 10 ms have no listener.
      });
    }
  }

  /** Leaves the room. */
  close(): Promise<void> {
    return (this.#closed ??= this.#leave());
  }

  async #leave(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await this.#room.disconnect();
    await source?.close();
  }

  async #publish(): Promise<void> {
    const source = new AudioSource(sceneSampleRateHz, 1, queueMs);
    const track = LocalAudioTrack.createAudioTrack('mic', source);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE, dtx: false });
    const publication = await this.#room.localParticipant?.publishTrack(track, options);
    this.#sid = publication?.sid ?? '';
    this.#cursor = null;
    this.#source = source;
  }

  async #unpublish(): Promise<void> {
    const source = this.#source;
    this.#source = null;
    await this.#room.localParticipant?.unpublishTrack(this.#sid);
    await source?.close();
  }
}
