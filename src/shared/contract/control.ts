import { z } from 'zod';
import { CreatedRoom, Identity, Metadata, NewRoom, PersonFacts, RoomFacts, RoomName } from '../model/control.ts';
import { JoinLink, JoinOrder } from '../model/join-link.ts';
import { call } from '../rpc/contract.ts';

const InRoom = { serverId: z.string(), roomName: RoomName };
const OfPerson = { ...InRoom, identity: Identity };

/** What a producer does to rooms and people. Each refusal comes in words; none is repeated by itself. */
export const control = {
  createRoom: call(z.object({ serverId: z.string(), room: NewRoom }), CreatedRoom),
  /** Ends a room for everybody in it; what records it at the server ends with it. */
  endRoom: call(z.object(InRoom), z.null()),
  roomFacts: call(z.object(InRoom), RoomFacts),
  editRoomMetadata: call(z.object({ ...InRoom, metadata: Metadata }), z.null()),
  personFacts: call(z.object(OfPerson), PersonFacts),
  /** What is left out stays. A name or metadata that is empty is left as it was: the server takes no empty one. */
  editPerson: call(
    z.object({ ...OfPerson, name: z.string().max(256).optional(), metadata: Metadata.optional() }),
    z.null(),
  ),
  /** Most servers refuse to unmute (`unmute-not-allowed`). */
  muteTrack: call(z.object({ ...OfPerson, trackSid: z.string().min(1).max(64), isMuted: z.boolean() }), z.null()),
  /** Takes a person out of the room. A token that still is valid lets them in again. */
  removePerson: call(z.object(OfPerson), z.null()),
  /** The answer is a secret, given to who asked and kept nowhere: asked twice, there are two tokens. */
  makeJoinLink: call(z.object({ serverId: z.string(), order: JoinOrder }), JoinLink),
};
