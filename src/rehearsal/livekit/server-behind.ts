import {
  CreateRoomRequest,
  ListParticipantsRequest,
  ListParticipantsResponse,
  ListRoomsRequest,
  ListRoomsResponse,
  MuteRoomTrackRequest,
  ParticipantInfo,
  ParticipantInfo_Kind,
  ParticipantInfo_State,
  RoomParticipantIdentity,
} from '@livekit/protocol';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { newId } from './ids.ts';
import { recorderPermission } from './room-shapes.ts';
import { readBody } from './server.ts';
import { type ApiKey, signToken } from './token.ts';

/** A real livekit-server behind the stand-in: it has the rooms, the stand-in has only egress. */
export interface ServerBehind {
  /** Hands a request on, unless it is for egress; true where it took it. */
  passOn(request: IncomingMessage, response: ServerResponse): boolean;
  /** Hands a WebSocket (the signalling of a join) on. */
  passUpgradeOn(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  roomSid(name: string): Promise<string | null>;
  people(room: string): Promise<readonly ParticipantInfo[]>;
  /** The recorder is shown among the people of the room: the real server does not know of it. */
  enterRecorder(room: string, identity: string): () => void;
  recorder(room: string, identity: string): ParticipantInfo | undefined;
}

const roomPath = '/twirp/livekit.RoomService/';

export function openServerBehind(options: {
  /** `http://` or `ws://`, of this computer. */
  readonly url: string;
  readonly apiKey: ApiKey;
  /** Told of acts that succeeded, so that the egress simulator plays the same. */
  readonly onAct: (act: { readonly type: 'mute' | 'remove'; readonly room: string; readonly identity: string }) => void;
}): ServerBehind {
  const origin = new URL(options.url.replace(/^ws/, 'http'));
  const recorders = new Map<string, Map<string, ParticipantInfo>>();

  const call = async (method: string, grant: Readonly<Record<string, unknown>>, body: Uint8Array): Promise<Buffer> => {
    const nowS = Math.floor(Date.now() / 1000);
    const token = signToken(options.apiKey, { exp: nowS + 60, nbf: nowS, video: grant });
    const response = await fetch(new URL(roomPath + method, origin), {
      method: 'POST',
      headers: { 'content-type': 'application/protobuf', authorization: `Bearer ${token}` },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the server behind the rehearsal answered ${response.status} to ${method}`);
    return Buffer.from(await response.arrayBuffer());
  };

  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    if (!body) return void response.writeHead(413).end('request body too large');
    const isJson = request.headers['content-type']?.startsWith('application/json') ?? false;
    const path = request.url ?? '/';
    const sent = path === `${roomPath}CreateRoom` ? withoutEgress(body, isJson) : body;
    const headers = { ...request.headers, host: origin.host, 'content-length': String(sent.length) };
    const onward = httpRequest(new URL(path, origin), { method: request.method, headers }, (answer) => {
      void collect(answer).then((received) => {
        const status = answer.statusCode ?? 502;
        if (status === 200) tellActs(path, body, isJson);
        const shown =
          status === 200 && path === `${roomPath}ListParticipants` ? withRecorders(body, received, isJson) : received;
        const { 'content-length': _replaced, 'transfer-encoding': _alsoReplaced, ...rest } = answer.headers;
        response.writeHead(status, { ...rest, 'content-length': shown.length });
        response.end(shown);
      });
    });
    onward.once('error', () => response.writeHead(502).end('the server behind the rehearsal is not there'));
    onward.end(sent);
  };

  const tellActs = (path: string, body: Buffer, isJson: boolean): void => {
    if (path === `${roomPath}MutePublishedTrack`) {
      const { room, identity, muted } = read(MuteRoomTrackRequest, body, isJson);
      if (muted) options.onAct({ type: 'mute', room, identity });
    } else if (path === `${roomPath}RemoveParticipant`) {
      const { room, identity } = read(RoomParticipantIdentity, body, isJson);
      options.onAct({ type: 'remove', room, identity });
    }
  };

  const withRecorders = (asked: Buffer, received: Buffer, isJson: boolean): Buffer => {
    const { room } = read(ListParticipantsRequest, asked, isJson);
    const inside = recorders.get(room);
    if (!inside?.size) return received;
    if (!isJson) {
      const list = ListParticipantsResponse.fromBinary(received);
      list.participants.push(...inside.values());
      return Buffer.from(list.toBinary());
    }
    const list = JSON.parse(received.toString('utf8')) as { participants: unknown[] }; // a 200 of livekit-server
    const asJson = { emitDefaultValues: true, useProtoFieldName: true };
    list.participants.push(...[...inside.values()].map((recorder) => recorder.toJson(asJson)));
    return Buffer.from(JSON.stringify(list));
  };

  return {
    passOn: (request, response) => {
      if (request.url?.startsWith('/twirp/livekit.Egress')) return false;
      forward(request, response).catch(() => response.destroy()); // the caller went away in the middle of its body
      return true;
    },
    passUpgradeOn: (request, socket, head) => {
      const onward = connect(Number(origin.port || 80), origin.hostname, () => {
        const lines = [`${request.method} ${request.url} HTTP/1.1`];
        for (let i = 0; i < request.rawHeaders.length; i += 2) {
          const name = request.rawHeaders[i] ?? '';
          lines.push(`${name}: ${name.toLowerCase() === 'host' ? origin.host : (request.rawHeaders[i + 1] ?? '')}`);
        }
        onward.write(`${lines.join('\r\n')}\r\n\r\n`);
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      onward.once('error', () => socket.destroy());
      socket.once('error', () => onward.destroy());
      socket.once('close', () => onward.destroy());
    },
    roomSid: async (name) => {
      const answer = await call('ListRooms', { roomList: true }, new ListRoomsRequest({ names: [name] }).toBinary());
      return ListRoomsResponse.fromBinary(answer).rooms[0]?.sid ?? null;
    },
    people: async (room) => {
      const grant = { roomAdmin: true, room };
      const answer = await call('ListParticipants', grant, new ListParticipantsRequest({ room }).toBinary());
      return ListParticipantsResponse.fromBinary(answer).participants;
    },
    enterRecorder: (room, identity) => {
      const atMs = Date.now();
      const recorder = new ParticipantInfo({
        sid: newId('PA_'),
        identity,
        state: ParticipantInfo_State.ACTIVE,
        joinedAt: BigInt(Math.floor(atMs / 1000)),
        joinedAtMs: BigInt(atMs),
        version: 2,
        permission: recorderPermission(),
        kind: ParticipantInfo_Kind.EGRESS,
      });
      const inside = recorders.get(room) ?? new Map<string, ParticipantInfo>();
      recorders.set(room, inside.set(identity, recorder));
      return () => void inside.delete(identity);
    },
    recorder: (room, identity) => recorders.get(room)?.get(identity),
  };
}

/** Auto egress on a server without a worker costs CreateRoom 10 s, so it never reaches it. */
function withoutEgress(body: Buffer, isJson: boolean): Buffer {
  try {
    const request = read(CreateRoomRequest, body, isJson);
    if (!request.egress) return body;
    delete request.egress;
    return Buffer.from(isJson ? request.toJsonString() : request.toBinary());
  } catch {
    return body; // not readable: the real server says so in its own words
  }
}

interface Readable<T> {
  fromBinary(bytes: Uint8Array): T;
  fromJsonString(text: string, options: { ignoreUnknownFields: boolean }): T;
}

function read<T>(type: Readable<T>, body: Buffer, isJson: boolean): T {
  return isJson ? type.fromJsonString(body.toString('utf8'), { ignoreUnknownFields: true }) : type.fromBinary(body);
}

async function collect(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
