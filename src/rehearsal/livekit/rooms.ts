import type { TrackInfo } from '@livekit/protocol';
import {
  DisconnectReason,
  ParticipantInfo,
  ParticipantInfo_Kind,
  ParticipantInfo_State,
  Room,
} from '@livekit/protocol';
import { randomBytes } from 'node:crypto';
import type { Acts } from './acts.ts';
import { newId } from './ids.ts';
import { cameraTrack, enabledCodecs, microphoneTrack, recorderPermission, speakerPermission } from './room-shapes.ts';

export interface RoomChange {
  readonly type:
    | 'room_started'
    | 'room_finished'
    | 'participant_joined'
    | 'participant_left'
    | 'track_published'
    | 'track_unpublished'
    | 'track_muted';
  readonly room: Room;
  readonly participant?: ParticipantInfo;
  readonly track?: TrackInfo;
}

/** The rooms of the stand-in: a scene's people, what was done to them, rooms made over the API, and recorders. */
export interface RoomBook {
  list(names: readonly string[]): readonly Room[];
  room(name: string): Room | undefined;
  people(room: string): readonly ParticipantInfo[];
  person(room: string, identity: string): ParticipantInfo | undefined;
  /** Makes a room, or gives the one that is there. */
  create(name: string, settings: RoomSettings): Room;
  /** Everybody leaves and the room is over; the script may fill it again. False where there is none. */
  remove(name: string): boolean;
  removePerson(room: string, identity: string): boolean;
  muteTrack(room: string, identity: string, trackSid: string): TrackInfo | undefined;
  /** A recorder (`EG_…`) enters; the returned function lets it leave. */
  enterRecorder(room: string, identity: string): () => void;
  close(): void;
}

interface RoomSettings {
  readonly emptyTimeoutS?: number;
  readonly departureTimeoutS?: number;
  readonly maxParticipants?: number;
  readonly metadata?: string;
}

/** Defaults of livekit-server. */
const defaults = { emptyTimeoutS: 300, departureTimeoutS: 20 };
const maxTimerMs = 2 ** 31 - 1;

interface OpenRoom {
  readonly info: Room;
  readonly people: Map<string, ParticipantInfo>;
  readonly recorders: Map<string, ParticipantInfo>;
  /** Rooms of the scene are there from the start, empty or not, and end only when somebody was in them. */
  ending: NodeJS.Timeout | null;
}

export function openRoomBook(options: {
  readonly acts: Acts;
  readonly now: () => number;
  readonly onChange: (change: RoomChange) => void;
}): RoomBook {
  const { acts, now } = options;
  const { show } = acts;
  const rooms = new Map<string, OpenRoom>();
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const tell = (type: RoomChange['type'], room: OpenRoom, participant?: ParticipantInfo, track?: TrackInfo): void => {
    options.onChange({
      type,
      room: room.info.clone(),
      ...(participant ? { participant: participant.clone() } : {}),
      ...(track ? { track: track.clone() } : {}),
    });
  };

  const open = (name: string, sid: string, settings: RoomSettings): OpenRoom => {
    const atMs = now();
    const room: OpenRoom = {
      info: new Room({
        sid,
        name,
        emptyTimeout: settings.emptyTimeoutS || defaults.emptyTimeoutS,
        departureTimeout: settings.departureTimeoutS || defaults.departureTimeoutS,
        maxParticipants: settings.maxParticipants ?? 0,
        creationTime: BigInt(Math.floor(atMs / 1000)),
        creationTimeMs: BigInt(Math.floor(atMs)),
        turnPassword: randomBytes(32).toString('base64url'),
        enabledCodecs: enabledCodecs(),
        metadata: settings.metadata ?? '',
      }),
      people: new Map(),
      recorders: new Map(),
      ending: null,
    };
    rooms.set(name, room);
    tell('room_started', room);
    return room;
  };

  const count = (room: OpenRoom): void => {
    room.info.numParticipants = room.people.size;
    room.info.numPublishers = room.people.size;
    room.info.activeRecording = room.recorders.size > 0;
  };

  const finish = (room: OpenRoom): void => {
    if (room.ending) clearTimeout(room.ending);
    rooms.delete(room.info.name);
    tell('room_finished', room);
  };
  const finishAfter = (room: OpenRoom, afterS: number): void => {
    room.ending = setTimeout(() => finish(room), afterS * 1000);
  };

  const join = (
    room: OpenRoom,
    person: { readonly identity: string; readonly name: string; readonly muted: boolean },
  ): void => {
    if (room.ending) clearTimeout(room.ending);
    room.ending = null;
    const atMs = now();
    const tracks = [microphoneTrack(newId('TR_AM'), person.muted), cameraTrack(newId('TR_VC'))];
    const participant = new ParticipantInfo({
      sid: newId('PA_'),
      identity: person.identity,
      name: person.name,
      state: ParticipantInfo_State.ACTIVE,
      joinedAt: BigInt(Math.floor(atMs / 1000)),
      joinedAtMs: BigInt(Math.floor(atMs)),
      version: 2,
      permission: speakerPermission(),
      isPublisher: true,
      kind: ParticipantInfo_Kind.STANDARD,
      clientProtocol: 2,
    });
    room.people.set(person.identity, participant);
    tell('participant_joined', room, participant);
    participant.tracks = tracks;
    count(room);
    for (const track of tracks) tell('track_published', room, participant, track);
  };

  const leave = (room: OpenRoom, participant: ParticipantInfo, reason: DisconnectReason): void => {
    room.people.delete(participant.identity);
    count(room);
    for (const track of participant.tracks) tell('track_unpublished', room, participant, track);
    participant.state = ParticipantInfo_State.DISCONNECTED;
    participant.disconnectReason = reason;
    participant.version += 1;
    tell('participant_left', room, participant);
    if (room.people.size === 0) finishAfter(room, room.info.departureTimeout);
  };

  // Why people are missing when an act makes us look; else they left by the script.
  let reason = DisconnectReason.CLIENT_INITIATED;
  const actFor = (cause: DisconnectReason, act: () => void): void => {
    reason = cause;
    act();
    reason = DisconnectReason.CLIENT_INITIATED;
  };
  const look = (): void => {
    const atMs = now();
    for (const name of show.rooms) {
      const present = show.people(name, atMs);
      const room = rooms.get(name) ?? (present.length > 0 ? open(name, newId('RM_'), {}) : undefined);
      if (!room) continue;
      for (const participant of room.people.values()) {
        if (!present.some((person) => person.identity === participant.identity)) leave(room, participant, reason);
      }
      for (const person of present) {
        const microphone = room.people.get(person.identity)?.tracks[0];
        if (!microphone) join(room, person);
        else if (microphone.muted !== person.muted) {
          microphone.muted = person.muted;
          tell('track_muted', room, room.people.get(person.identity), microphone);
        }
      }
    }
  };
  const lookAgainAfter = (afterMs: number): void => {
    if (isClosed) return;
    const event = show.nextEvent(afterMs);
    if (!event) return;
    timer = setTimeout(
      () => {
        look();
        // A timer may fire a moment before the wall clock says so: never ask for the same event's past again.
        lookAgainAfter(Math.max(event.atMs, now()));
      },
      Math.min(maxTimerMs, Math.max(0, event.atMs - now()) + 1),
    );
  };

  for (const name of show.rooms) open(name, newId('RM_'), {});
  look();
  lookAgainAfter(now());
  const stopActs = acts.onAct(() => look());

  return {
    list: (names) =>
      [...rooms.values()].map((room) => room.info).filter((info) => names.length === 0 || names.includes(info.name)),
    room: (name) => rooms.get(name)?.info,
    people: (name) => {
      const room = rooms.get(name);
      return room ? [...room.people.values(), ...room.recorders.values()] : [];
    },
    person: (name, identity) => rooms.get(name)?.people.get(identity) ?? rooms.get(name)?.recorders.get(identity),
    create: (name, settings) => {
      const there = rooms.get(name);
      if (there) return there.info;
      const room = open(name, newId('RM_'), settings);
      finishAfter(room, room.info.emptyTimeout);
      return room.info;
    },
    remove: (name) => {
      const room = rooms.get(name);
      if (!room) return false;
      actFor(DisconnectReason.ROOM_DELETED, () => {
        for (const identity of room.people.keys()) acts.remove(name, identity);
      });
      finish(room);
      return true;
    },
    removePerson: (name, identity) => {
      let wasThere = false;
      actFor(DisconnectReason.PARTICIPANT_REMOVED, () => (wasThere = acts.remove(name, identity)));
      return wasThere;
    },
    muteTrack: (name, identity, trackSid) => {
      const track = rooms
        .get(name)
        ?.people.get(identity)
        ?.tracks.find((entry) => entry.sid === trackSid);
      if (!track) return undefined;
      if (track === rooms.get(name)?.people.get(identity)?.tracks[0]) acts.mute(name, identity);
      else track.muted = true;
      return track;
    },
    enterRecorder: (name, identity) => {
      const room = rooms.get(name);
      if (!room) return () => {};
      const atMs = now();
      const recorder = new ParticipantInfo({
        sid: newId('PA_'),
        identity,
        state: ParticipantInfo_State.ACTIVE,
        joinedAt: BigInt(Math.floor(atMs / 1000)),
        joinedAtMs: BigInt(Math.floor(atMs)),
        version: 2,
        permission: recorderPermission(),
        kind: ParticipantInfo_Kind.EGRESS,
      });
      room.recorders.set(identity, recorder);
      count(room);
      tell('participant_joined', room, recorder);
      return () => {
        if (!room.recorders.delete(identity)) return;
        recorder.state = ParticipantInfo_State.DISCONNECTED;
        recorder.disconnectReason = DisconnectReason.CLIENT_INITIATED;
        recorder.version += 1;
        tell('participant_left', room, recorder);
        count(room);
      };
    },
    close: () => {
      isClosed = true;
      stopActs();
      if (timer) clearTimeout(timer);
      for (const room of rooms.values()) if (room.ending) clearTimeout(room.ending);
    },
  };
}
