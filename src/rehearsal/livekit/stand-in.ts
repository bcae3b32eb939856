import { type EgressInfo, type ParticipantInfo, Room, type S3Upload, WebhookEvent } from '@livekit/protocol';
import type { Server } from 'node:http';
import type { EgressEvent } from '../egress/row.ts';
import { isLoopbackUrl } from '../egress/loopback.ts';
import type { EgressRooms } from '../egress/courses.ts';
import { type EgressSimulator, openEgressSimulator } from '../egress/simulator.ts';
import type { EgressTiming } from '../egress/timing.ts';
import type { Ffmpeg } from '../ffmpeg.ts';
import { pause } from '../pause.ts';
import { openWebhookSender, type WebhookSender } from '../webhooks.ts';
import type { Acts } from './acts.ts';
import { openAutoEgress } from './auto-egress.ts';
import { type EgressBackend, egressService, startOn } from './egress-service.ts';
import { openRoomBook, type RoomBook, type RoomChange } from './rooms.ts';
import { roomService } from './room-service.ts';
import { openLivekitFront, refuseUpgrade } from './server.ts';
import { openServerBehind, type ServerBehind } from './server-behind.ts';
import type { ApiKey } from './token.ts';

export interface StandInOptions {
  readonly acts: Acts;
  readonly apiKey: ApiKey;
  readonly filesFolder: string;
  readonly ffmpeg: Ffmpeg | null;
  readonly timing: EgressTiming;
  /** How many egresses may run at once, as on a Cloud plan. */
  readonly egressLimit: number;
  /** False: a server without redis, which refuses all egress as the real one does. */
  readonly hasEgress: boolean;
  readonly canUnmute: boolean;
  /** A session of egress ends by itself after so long; left out: never. */
  readonly sessionLimitMs?: number;
  /** The storage that egress falls back to, while `hasBackup` says so. */
  readonly backup?: S3Upload;
  /** URL of a real server of the same key and secret that has the rooms. */
  readonly behindUrl: string | null;
  readonly now: () => number;
}

/** The LiveKit of a rehearsal: room service, egress and webhooks on one loopback port. */
export interface StandIn {
  readonly url: string;
  readonly server: Server;
  /** Null with `hasEgress: false`. */
  readonly egress: EgressSimulator | null;
  readonly webhooks: WebhookSender;
  /** The next Start is refused so, once. Null disarms. */
  armRefusal(status: 429 | 503 | null): void;
  readonly armedRefusal: 429 | 503 | null;
  /** False: as an older server, which does not know `StartEgress`. */
  hasV2: boolean;
  hasBackup: boolean;
  /** Who is in a room, with the sids that the API tells; with a server behind, the scene's own people. */
  people(room: string): readonly ParticipantInfo[];
  roomSid(room: string): string | null;
  onChange(listener: (change: RoomChange) => void): () => void;
  close(): Promise<void>;
}

export async function openStandIn(options: StandInOptions): Promise<StandIn> {
  const { acts, apiKey, timing } = options;
  const closing = new AbortController();
  const listeners = new Set<(change: RoomChange) => void>();
  const webhooks = openWebhookSender(apiKey);
  let armed: 429 | 503 | null = null;
  let hasV2 = true;
  let hasBackup = false;

  const behind: ServerBehind | null =
    options.behindUrl === null
      ? null
      : openServerBehind({
          url: options.behindUrl,
          apiKey,
          onAct: ({ type, room, identity }) => acts[type](room, identity),
        });
  const rooms: RoomBook = openRoomBook({
    acts,
    now: options.now,
    onChange: (change) => {
      // A server behind tells of its own rooms itself.
      // No webhook tells of a mute.
      if (!behind && change.type !== 'track_muted') webhooks.send(roomEvent(change), `room ${change.room.name}`);
      for (const listener of listeners) listener(change);
    },
  });
  const onChange = (listener: (change: RoomChange) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const egressRooms: EgressRooms = {
    people: (room) => (behind ? behind.people(room) : Promise.resolve(rooms.people(room))),
    enterRecorder: (room, identity) => (behind ?? rooms).enterRecorder(room, identity),
    onChange,
  };
  const simulator = options.hasEgress
    ? openEgressSimulator({
        show: acts.show,
        rooms: egressRooms,
        timing,
        filesFolder: options.filesFolder,
        ffmpeg: options.ffmpeg,
        now: options.now,
        backup: () => (hasBackup ? (options.backup ?? null) : null),
        sessionLimitMs: options.sessionLimitMs ?? null,
        onEvent: (event, info) =>
          webhooks.send(
            new WebhookEvent({ event, egressInfo: info }),
            `egress ${info.egressId}`,
            ownHooks(event, info),
          ),
      })
    : null;
  const ownHooks = (_event: EgressEvent, info: EgressInfo): string[] => {
    const request = info.request.value;
    const hooks = request && 'webhooks' in request ? request.webhooks : [];
    return hooks.filter((hook) => hook.signingKey === apiKey.key && isLoopbackUrl(hook.url)).map((hook) => hook.url);
  };

  const backend: EgressBackend = {
    simulator,
    limit: options.egressLimit,
    hasV2: () => hasV2,
    people: (room) => egressRooms.people(room),
    roomSid: (name) => (behind ? behind.roomSid(name) : Promise.resolve(rooms.room(name)?.sid ?? null)),
    setLayout: (room, egressId, metadata) => {
      const recorder = behind ? behind.recorder(room, egressId) : rooms.person(room, egressId);
      if (recorder) recorder.metadata = metadata;
      return recorder !== undefined;
    },
    takeRefusal: () => {
      const taken = armed;
      armed = null;
      return taken;
    },
    noWorker: async () => void (await pause(timing.noWorkerMs, closing.signal)),
    noHandler: async () => void (await pause(timing.noHandlerMs, closing.signal)),
  };
  const autoEgress = openAutoEgress(startOn(backend));
  listeners.add((change) => autoEgress.changed(change));
  const front = await openLivekitFront({
    apiKey,
    now: options.now,
    services: {
      'livekit.Egress': egressService(backend),
      'livekit.RoomService': roomService({
        rooms,
        canUnmute: options.canUnmute,
        noHandler: async () => void (await pause(timing.noHandlerMs, closing.signal)),
        startAutoEgress: async (room, egress) => {
          // Measured: without a worker CreateRoom waits 10 s, and the room is there without egress.
          const limit = new AbortController();
          const late = pause(timing.autoEgressMs, AbortSignal.any([limit.signal, closing.signal]));
          await Promise.race([autoEgress.roomCreated(room, egress), late]);
          limit.abort();
        },
      }),
    },
    ...(behind ? { passOn: (request, response) => behind.passOn(request, response) } : {}),
  });
  if (behind) {
    front.server.on('upgrade', (request, socket, head) => {
      if (request.url?.startsWith('/rtc')) behind.passUpgradeOn(request, socket, head);
      else refuseUpgrade(socket);
    });
  }

  let closed: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    closing.abort();
    await simulator?.close();
    rooms.close();
    await Promise.all([front.close(), webhooks.close()]);
  };
  return {
    url: front.url,
    server: front.server,
    egress: simulator,
    webhooks,
    armRefusal: (status) => (armed = status),
    get armedRefusal() {
      return armed;
    },
    get hasV2() {
      return hasV2;
    },
    set hasV2(has) {
      hasV2 = has;
    },
    get hasBackup() {
      return hasBackup;
    },
    set hasBackup(has) {
      hasBackup = has;
    },
    people: (room) => rooms.people(room),
    roomSid: (room) => rooms.room(room)?.sid ?? null,
    onChange,
    close: () => (closed ??= end()),
  };
}

function roomEvent({ type, room, participant, track }: RoomChange): WebhookEvent {
  const isOfTrack = type === 'track_published' || type === 'track_unpublished';
  return new WebhookEvent({
    event: type,
    room: isOfTrack ? new Room({ sid: room.sid, name: room.name }) : room,
    ...(participant ? { participant: isOfTrack ? bare(participant) : participant } : {}),
    ...(track ? { track } : {}),
  });
}

/** Track events tell no more of a person than who it is. */
function bare(participant: ParticipantInfo): { sid: string; identity: string } {
  return { sid: participant.sid, identity: participant.identity };
}
