import { type RawData, WebSocket } from 'ws';
import { type StreamBlock, StreamMessage, type StreamPerson, streamPath, unpackBlock } from './stream-wire.ts';

export interface ChildLinkOptions {
  readonly link: number;
  /** The LiveKit URL of the join. */
  readonly url: string;
  readonly token: string;
  readonly say: (message: Readonly<Record<string, unknown>>) => void;
  readonly sound: (streamId: number, firstSample: number, samples: Int16Array) => void;
  readonly nextStreamId: () => number;
  readonly onEnded: () => void;
}

interface Heard {
  readonly streamId: number;
  readonly identity: string;
  /** The stream's sample 0, counted from the show's start. */
  readonly baseSample: number;
}

const samplesPerMs = 48;
const dialLimitMs = 5_000;
const reconnectAfterMs = 1_000;
/** rtc-node gives up about 19 s after the server has gone. */
const giveUpAfterMs = 19_000;
const maxMessageBytes = 1024 * 1024;

/** One join of the scene child: dials the rehearsal's server, tells the core who is there, and passes their sound on. */
export class ChildLink {
  readonly #options: ChildLinkOptions;
  readonly #heard = new Map<number, Heard>();
  #people = new Map<string, StreamPerson>();
  #startedAtMs = 0;
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #hasJoined = false;
  #isOver = false;
  #lostAtMs: number | null = null;

  constructor(options: ChildLinkOptions) {
    this.#options = options;
    this.#dial();
  }

  /** Leaves; answered by `left`. */
  leave(): void {
    this.#end({ ev: 'left', reason: 'asked', retryable: false });
  }

  #dial(): void {
    const url = addressOf(this.#options.url, this.#options.token);
    if (!url) {
      const text = 'The address of the server is not a URL.';
      return this.#end({ ev: 'joinFailed', code: 'bad-url', text, retryable: false });
    }
    const socket = new WebSocket(url, {
      handshakeTimeout: dialLimitMs,
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
    });
    this.#socket = socket;
    let refusedWith: number | null = null;
    socket.on('unexpected-response', (_request, response) => {
      refusedWith = response.statusCode ?? 0;
      response.resume();
      socket.terminate();
    });
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('error', () => socket.terminate()); // 'close' follows and decides
    socket.on('close', () => {
      if (socket === this.#socket && !this.#isOver) this.#lost(refusedWith);
    });
  }

  #take(data: RawData, isBinary: boolean): void {
    const bytes = data as Buffer; // ws gives Buffers with its default binaryType
    if (isBinary) {
      const block = unpackBlock(bytes);
      if (block) this.#hear(block);
      return;
    }
    const parsed = StreamMessage.safeParse(parsedJson(bytes.toString('utf8')));
    if (!parsed.success) return this.#socket?.terminate();
    const message = parsed.data;
    if (message.type === 'room') this.#enter(message);
    else if (message.type === 'came') this.#came(message.person);
    else if (message.type === 'gone') this.#gone(message.identity);
    else if (message.type === 'muted') this.#muted(message.identity, message.sid, message.muted);
    else this.#say({ ev: 'speakers', identities: message.identities });
  }

  #enter({ sid, startedAtMs, people }: Extract<StreamMessage, { type: 'room' }>): void {
    this.#startedAtMs = startedAtMs;
    this.#lostAtMs = null;
    if (!this.#hasJoined) {
      this.#hasJoined = true;
      this.#people = new Map(people.map((person) => [person.identity, person]));
      return this.#say({ ev: 'joined', sid, people: people.map(told) });
    }
    // Back after a loss: what happened meanwhile is told as if it happened now. Those who stayed keep their streams.
    this.#say({ ev: 'connection', state: 'connected' });
    const present = new Map(people.map((person) => [person.identity, person]));
    for (const [identity, { sid: before }] of this.#people)
      if (present.get(identity)?.sid !== before) this.#gone(identity);
    this.#revoice(present);
    for (const person of people) {
      const before = this.#people.get(person.identity);
      if (!before) {
        this.#came(person);
        continue;
      }
      this.#people.set(person.identity, { ...before, voice: person.voice });
      for (const track of person.tracks) this.#muted(person.identity, track.sid, track.muted);
    }
  }

  /** A new connection numbers the voices anew; the streams stay. */
  #revoice(present: ReadonlyMap<string, StreamPerson>): void {
    const streams = [...this.#heard.values()];
    this.#heard.clear();
    for (const stream of streams) {
      const voice = present.get(stream.identity)?.voice;
      if (voice !== undefined) this.#heard.set(voice, stream);
    }
  }

  #came(person: StreamPerson): void {
    this.#people.set(person.identity, person);
    // As a real server has it: first the person, then what they publish.
    this.#say({ ev: 'personJoined', person: told({ ...person, tracks: [] }) });
    for (const track of person.tracks)
      this.#say({ ev: 'trackPublished', identity: person.identity, track: { ...track, encrypted: false } });
  }

  #gone(identity: string): void {
    if (!this.#people.delete(identity)) return;
    for (const [voice, stream] of this.#heard) {
      if (stream.identity !== identity) continue;
      this.#heard.delete(voice);
      this.#say({ ev: 'streamEnded', streamId: stream.streamId, reason: 'left' });
    }
    this.#say({ ev: 'personLeft', identity });
  }

  #muted(identity: string, sid: string, muted: boolean): void {
    const person = this.#people.get(identity);
    if (!person?.tracks.some((track) => track.sid === sid && track.muted !== muted)) return;
    const tracks = person.tracks.map((track) => (track.sid === sid ? { ...track, muted } : track));
    this.#people.set(identity, { ...person, tracks });
    this.#say({ ev: 'trackMuted', identity, sid, muted });
  }

  #hear({ firstSample, voices }: StreamBlock): void {
    for (const { voice, samples } of voices) {
      const stream = this.#heard.get(voice) ?? this.#open(voice, firstSample);
      if (stream) this.#options.sound(stream.streamId, firstSample - stream.baseSample, samples);
    }
  }

  #open(voice: number, baseSample: number): Heard | null {
    const person = [...this.#people.values()].find((one) => one.voice === voice);
    const track = person?.tracks.find(({ kind }) => kind === 'audio');
    if (!person || !track) return null;
    const stream = { streamId: this.#options.nextStreamId(), identity: person.identity, baseSample };
    this.#heard.set(voice, stream);
    this.#say({
      ev: 'streamOpened',
      streamId: stream.streamId,
      identity: person.identity,
      sid: track.sid,
      atMs: this.#startedAtMs + baseSample / samplesPerMs,
    });
    return stream;
  }

  #lost(refusedWith: number | null): void {
    if (!this.#hasJoined) {
      const isRefused = refusedWith !== null;
      const code = isRefused ? `refused-${refusedWith}` : 'unreachable';
      const text = isRefused ? `The server refused the join with ${refusedWith}.` : 'The server does not answer.';
      return this.#end({ ev: 'joinFailed', code, text, retryable: !isRefused });
    }
    const nowMs = performance.now();
    if (this.#lostAtMs === null) {
      this.#lostAtMs = nowMs;
      this.#say({ ev: 'connection', state: 'reconnecting' });
    }
    if (nowMs - this.#lostAtMs > giveUpAfterMs) {
      return this.#end({ ev: 'left', reason: 'UNKNOWN_REASON', retryable: true });
    }
    this.#timer = setTimeout(() => this.#dial(), reconnectAfterMs);
  }

  #end(last: Readonly<Record<string, unknown>>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.terminate();
    for (const { streamId } of this.#heard.values()) this.#say({ ev: 'streamEnded', streamId, reason: 'disconnected' });
    this.#say(last);
    this.#options.onEnded();
  }

  #say(message: Readonly<Record<string, unknown>>): void {
    this.#options.say({ ...message, link: this.#options.link });
  }
}

function told({ sid, identity, name, joinedAtMs, tracks }: StreamPerson): Readonly<Record<string, unknown>> {
  return {
    sid,
    identity,
    name,
    kind: 'standard',
    joinedAtMs,
    tracks: tracks.map((track) => ({ ...track, encrypted: false })),
  };
}

function addressOf(base: string, token: string): URL | null {
  if (!URL.canParse(base)) return null;
  const url = new URL(base);
  const isSecure = url.protocol === 'wss:' || url.protocol === 'https:';
  url.protocol = isSecure ? 'wss:' : 'ws:';
  url.pathname = streamPath;
  url.search = '';
  url.searchParams.set('access_token', token);
  return url;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // refused by the schema
  }
}
