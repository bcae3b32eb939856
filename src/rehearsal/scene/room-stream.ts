import { type ParticipantInfo, TrackSource, TrackType } from '@livekit/protocol';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type SceneShow, sceneSampleRateHz } from './show.ts';
import { blockSamples, packBlock, type StreamMessage, type StreamPerson, streamPath } from './stream-wire.ts';

export interface RoomStream {
  /** Breaks all connections as a lost network does; they may come back. */
  drop(): void;
  close(): Promise<void>;
}

export interface RoomStreamOptions {
  /** What is played: the show with everything that the server API did to its people. */
  readonly show: SceneShow;
  /** The HTTP server whose upgrades of `/scene` are taken; other upgrades are left to others. */
  readonly server: Server;
  /** The room and identity of a valid join token. */
  readonly verifyToken: (token: string) => { readonly room: string; readonly identity: string } | null;
  /** Who is in a room, with the sids that the API tells. Without it sids are made from identities. */
  readonly people?: (room: string) => readonly ParticipantInfo[];
  readonly roomSid?: (room: string) => string | null;
  readonly now?: () => number;
}

const samplesPerMs = sceneSampleRateHz / 1000;
const tickMs = 10;
/** A tick that came late sends at most this much, so that nobody is flooded; the rest follows with the next ticks. */
const burstBlocks = 10;
/** Behind by more (the computer slept): the sound in between is skipped, and its absence shows as a gap. */
const skipAfterMs = 5_000;
/** Sound of six people is 580 kB/s; who has not read this much is gone. */
const maxBufferedBytes = 4 * 1024 * 1024;
const maxMessageBytes = 4 * 1024;
/** Somebody counts as speaking until this long after their last sound, as LiveKit's own detector does. */
const speakingHoldMs = 400;

/** Plays the rooms of a show in real time to everybody who connects to `/scene?access_token=<join token>`. */
export function attachRoomStream(options: RoomStreamOptions): RoomStream {
  const { server, verifyToken } = options;
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  const players = new Set<() => void>();

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== streamPath) {
      // Somebody else may know this path; where we are alone nobody would ever answer.
      if (server.listenerCount('upgrade') === 1) refuse(socket, '404 Not Found');
      return;
    }
    const claims = verifyToken(url.searchParams.get('access_token') ?? '');
    if (!claims) return refuse(socket, '401 Unauthorized');
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const stop = playRoom(accepted, claims.room, options);
      players.add(stop);
      accepted.once('close', () => {
        stop();
        players.delete(stop);
      });
    });
  };
  server.on('upgrade', onUpgrade);

  let closed: Promise<void> | null = null;
  const drop = (): void => {
    for (const socket of sockets.clients) socket.terminate();
  };
  return {
    drop,
    close: () =>
      (closed ??= new Promise((resolve) => {
        server.off('upgrade', onUpgrade);
        for (const stop of players) stop();
        drop();
        sockets.close(() => resolve());
      })),
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Plays one room to one socket until it closes; returns how to stop. */
function playRoom(socket: WebSocket, room: string, options: RoomStreamOptions): () => void {
  const { show, now = Date.now } = options;
  const voices = new Map<string, number>();
  let people = new Map<string, StreamPerson>();
  let speakers: readonly string[] = [];
  const lastLoudMs = new Map<string, { atMs: number; peak: number }>();
  let cursor = blockAt(now());

  function blockAt(ms: number): number {
    return Math.max(0, Math.floor(((ms - show.startedAtMs) * samplesPerMs) / blockSamples) * blockSamples);
  }
  const say = (message: StreamMessage): void => socket.send(JSON.stringify(message));
  const look = (): Map<string, StreamPerson> => {
    const present = options.people
      ? options
          .people(room)
          .filter(({ identity }) => !identity.startsWith('EG_'))
          .map(personOf)
      : show.people(room, now()).map((one) => inventedPerson(one, show.startedAtMs));
    return new Map(
      present.map((person) => {
        const voice = voices.get(person.identity) ?? voices.size;
        voices.set(person.identity, voice);
        return [person.identity, { ...person, voice }];
      }),
    );
  };

  function tellChanges(): void {
    const present = look();
    for (const identity of people.keys()) if (!present.has(identity)) say({ type: 'gone', identity });
    for (const [identity, person] of present) {
      const before = people.get(identity);
      if (before && before.sid !== person.sid) say({ type: 'gone', identity });
      if (before?.sid !== person.sid) say({ type: 'came', person });
      else
        for (const { sid, muted } of person.tracks)
          if (before.tracks.find((track) => track.sid === sid)?.muted !== muted)
            say({ type: 'muted', identity, sid, muted });
    }
    people = present;
  }

  function playBlock(): void {
    const block = [...people.values()].map(({ identity, voice }) => ({
      identity,
      voice,
      samples: show.sound(identity, cursor, blockSamples),
    }));
    const atMs = cursor / samplesPerMs;
    for (const { identity, samples } of block) {
      const peak = samples.reduce((most, value) => Math.max(most, value), 0);
      if (peak > 300) lastLoudMs.set(identity, { atMs, peak });
    }
    socket.send(packBlock({ firstSample: cursor, voices: block }));
    cursor += blockSamples;
  }

  function tellSpeakers(): void {
    const sinceMs = cursor / samplesPerMs - speakingHoldMs;
    const heard = [...lastLoudMs].filter(([identity, { atMs }]) => atMs > sinceMs && people.has(identity));
    const loudest = heard.sort((a, b) => b[1].peak - a[1].peak).map(([identity]) => identity);
    if (loudest.length === speakers.length && loudest.every((identity) => speakers.includes(identity))) return;
    speakers = loudest;
    say({ type: 'speakers', identities: [...loudest] });
  }

  function tick(): void {
    if (socket.bufferedAmount > maxBufferedBytes) return socket.terminate();
    tellChanges();
    const due = blockAt(now());
    if (due - cursor > skipAfterMs * samplesPerMs) cursor = due;
    for (let sent = 0; cursor < due && sent < burstBlocks; sent++) playBlock();
    tellSpeakers();
  }

  people = look();
  say({
    type: 'room',
    sid: options.roomSid?.(room) ?? `RM_${room}`,
    startedAtMs: show.startedAtMs,
    people: [...people.values()],
  });
  // The clock says how much is due; the timer only says when to look.
  const timer = setInterval(tick, tickMs);
  socket.on('error', () => socket.terminate()); // 'close' follows and ends the player
  return () => clearInterval(timer);
}

type Unvoiced = Omit<StreamPerson, 'voice'>;

function personOf(info: ParticipantInfo): Unvoiced {
  return {
    sid: info.sid,
    identity: info.identity,
    name: info.name,
    joinedAtMs: Number(info.joinedAtMs || info.joinedAt * 1000n),
    tracks: info.tracks.map((track) => ({
      sid: track.sid,
      kind: track.type === TrackType.AUDIO ? 'audio' : track.type === TrackType.VIDEO ? 'video' : 'data',
      source: sources[track.source] ?? 'unknown',
      name: track.name,
      muted: track.muted,
    })),
  };
}

const sources: Partial<Record<TrackSource, StreamPerson['tracks'][number]['source']>> = {
  [TrackSource.CAMERA]: 'camera',
  [TrackSource.MICROPHONE]: 'microphone',
  [TrackSource.SCREEN_SHARE]: 'screen-share',
  [TrackSource.SCREEN_SHARE_AUDIO]: 'screen-share-audio',
};

function inventedPerson(
  { identity, name, muted }: { readonly identity: string; readonly name: string; readonly muted: boolean },
  joinedAtMs: number,
): Unvoiced {
  const tracks = [{ sid: `TR_${identity}`, kind: 'audio', source: 'microphone', name: 'mic', muted } as const];
  return { sid: `PA_${identity}`, identity, name, joinedAtMs, tracks: [...tracks] };
}
