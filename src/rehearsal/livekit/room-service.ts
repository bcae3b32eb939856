import {
  CreateRoomRequest,
  DeleteRoomRequest,
  DeleteRoomResponse,
  ForwardParticipantRequest,
  ListParticipantsRequest,
  ListParticipantsResponse,
  ListRoomsRequest,
  ListRoomsResponse,
  MoveParticipantRequest,
  MuteRoomTrackRequest,
  MuteRoomTrackResponse,
  RemoveParticipantResponse,
  RoomParticipantIdentity,
  SendDataRequest,
  SendDataResponse,
  UpdateParticipantRequest,
  UpdateRoomMetadataRequest,
  UpdateSubscriptionsRequest,
  UpdateSubscriptionsResponse,
} from '@livekit/protocol';
import type { ParticipantInfo, RoomEgress } from '@livekit/protocol';
import type { RoomBook } from './rooms.ts';
import { rpc, type Service } from './rpc.ts';
import type { Grants } from './token.ts';
import { innerError, noResponse, noSuchParticipant, noSuchRoom, TwirpError } from './twirp-error.ts';

/** Limits of livekit-server's default configuration, in bytes. */
const limits = { name: 256, metadata: 524_288, attributes: 65_536 };

/** The room service over the book of rooms. `noHandler` is the measured pause before a call on nobody is refused. */
export function roomService(options: {
  readonly rooms: RoomBook;
  readonly canUnmute: boolean;
  noHandler(): Promise<void>;
  /** A room was newly made, with auto egress. */
  startAutoEgress(room: string, egress: RoomEgress): Promise<void>;
}): Service {
  const { rooms } = options;
  const mayCreate = (grants: Grants): boolean => grants.roomCreate === true;
  const mayList = (grants: Grants): boolean => grants.roomList === true;
  const mayRule = (grants: Grants, request: { readonly room: string }): boolean =>
    grants.roomAdmin === true && (grants.room ?? '') === request.room;
  const mayMove = (grants: Grants, request: { readonly room: string; readonly destinationRoom: string }): boolean =>
    mayRule(grants, request) && grants.destinationRoom === request.destinationRoom;

  const personOrRefusal = (room: string, identity: string): ParticipantInfo => {
    const person = rooms.person(room, identity);
    if (!person) throw noSuchParticipant();
    return person;
  };
  /** Calls that go to the room's own process: where it is not there, nobody answers. */
  const demandThere = async (isThere: boolean): Promise<void> => {
    if (isThere) return;
    await options.noHandler();
    throw noResponse();
  };
  const cloudOnly = async (request: MoveParticipantRequest | ForwardParticipantRequest): Promise<never> => {
    if (request.destinationRoom === request.room) {
      const argument = 'destination room cannot be the same as source room';
      throw new TwirpError('invalid_argument', `${argument} `, { argument });
    }
    await demandThere(rooms.person(request.room, request.identity) !== undefined);
    throw innerError('unknown', 'not implemented');
  };

  return {
    CreateRoom: rpc(CreateRoomRequest, mayCreate, async (request) => {
      if (Buffer.byteLength(request.name) > limits.name) {
        throw innerError('invalid_argument', `room name length exceeds limits: max length ${limits.name}`);
      }
      limitSize('metadata size', request.metadata, limits.metadata);
      // Presets are in the settings of a server, and this one has none.
      if (request.roomPreset !== '')
        throw innerError('invalid_argument', 'unknown room configuration in create room request');
      const isNew = rooms.room(request.name) === undefined;
      const room = rooms.create(request.name, {
        emptyTimeoutS: request.emptyTimeout,
        departureTimeoutS: request.departureTimeout,
        maxParticipants: request.maxParticipants,
        metadata: request.metadata,
      });
      // A room that is there already is given as it is: its auto egress can be neither set nor read.
      if (isNew && request.egress) await options.startAutoEgress(request.name, request.egress);
      return room;
    }),
    ListRooms: rpc(
      ListRoomsRequest,
      mayList,
      (request) => new ListRoomsResponse({ rooms: [...rooms.list(request.names)] }),
    ),
    DeleteRoom: rpc(DeleteRoomRequest, mayCreate, (request) => {
      if (!rooms.remove(request.room)) throw noSuchRoom();
      return new DeleteRoomResponse();
    }),
    ListParticipants: rpc(
      ListParticipantsRequest,
      mayRule,
      (request) => new ListParticipantsResponse({ participants: [...rooms.people(request.room)] }),
    ),
    GetParticipant: rpc(RoomParticipantIdentity, mayRule, ({ room, identity }) => personOrRefusal(room, identity)),
    RemoveParticipant: rpc(RoomParticipantIdentity, mayRule, ({ room, identity }) => {
      personOrRefusal(room, identity);
      rooms.removePerson(room, identity);
      return new RemoveParticipantResponse();
    }),
    MutePublishedTrack: rpc(MuteRoomTrackRequest, mayRule, async ({ room, identity, trackSid, muted }) => {
      await demandThere(rooms.person(room, identity) !== undefined);
      if (!muted && !options.canUnmute) throw innerError('failed_precondition', 'remote unmute not enabled');
      const track = muted ? rooms.muteTrack(room, identity, trackSid) : undefined;
      return new MuteRoomTrackResponse(track ? { track } : {});
    }),
    UpdateParticipant: rpc(UpdateParticipantRequest, mayRule, (request) => {
      limitSize('metadata size', request.metadata, limits.metadata);
      limitSize('name length', request.name, limits.name);
      const attributes = Object.entries(request.attributes);
      limitSize('attribute size', attributes.flat().join(''), limits.attributes);
      const person = personOrRefusal(request.room, request.identity);
      if (request.metadata !== '') person.metadata = request.metadata;
      if (request.name !== '') person.name = request.name;
      if (request.permission) person.permission = request.permission;
      for (const [key, value] of attributes) {
        if (value === '') delete person.attributes[key];
        else person.attributes[key] = value;
      }
      return person;
    }),
    UpdateSubscriptions: rpc(UpdateSubscriptionsRequest, mayRule, async ({ room, identity }) => {
      await demandThere(rooms.person(room, identity) !== undefined);
      return new UpdateSubscriptionsResponse();
    }),
    SendData: rpc(SendDataRequest, mayRule, async ({ room }) => {
      await demandThere(rooms.room(room) !== undefined);
      return new SendDataResponse();
    }),
    UpdateRoomMetadata: rpc(UpdateRoomMetadataRequest, mayRule, ({ room, metadata }) => {
      limitSize('metadata size', metadata, limits.metadata);
      const info = rooms.room(room);
      if (!info) throw noSuchRoom();
      info.metadata = metadata;
      return info;
    }),
    ForwardParticipant: rpc(ForwardParticipantRequest, mayMove, cloudOnly),
    MoveParticipant: rpc(MoveParticipantRequest, mayMove, cloudOnly),
  };
}

function limitSize(what: string, text: string, maxBytes: number): void {
  if (Buffer.byteLength(text) <= maxBytes) return;
  throw new TwirpError('invalid_argument', `${what} exceeds limits ${maxBytes}`, {
    argument: `${what} exceeds limits`,
  });
}
