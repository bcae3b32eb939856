import { z } from 'zod';
import type { Person, Track } from '../../shared/model/room.ts';
import type { ListReader } from './kept-reader.ts';
import { Flag, Int64, snakeCaseKeys, Text } from './wire-fields.ts';

/** A room as the server lists it. Its own count of people lags by up to 5 s and is only a hint. */
export interface ListedRoom {
  readonly name: string;
  readonly sid: string;
  readonly createdAtMs: number;
  readonly laggingCount: number;
}

const Room = z.object({
  sid: Text,
  name: Text,
  creation_time: Int64,
  creation_time_ms: Int64,
  num_participants: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? 0),
});
const TrackInfo = z.object({
  sid: Text,
  type: Text,
  source: Text,
  name: Text,
  muted: Flag,
  encryption: Text,
  mime_type: Text,
});
const Participant = z.object({
  sid: Text,
  identity: Text,
  name: Text,
  state: Text,
  kind: Text,
  joined_at: Int64,
  joined_at_ms: Int64,
  tracks: z
    .array(TrackInfo)
    .nullish()
    .transform((list) => list ?? []),
  permission: z.object({ hidden: Flag, recorder: Flag, agent: Flag }).nullish(),
});
const Rooms = z.object({
  rooms: z
    .array(z.unknown())
    .nullish()
    .transform((list) => list ?? []),
});
const Participants = z.object({
  participants: z
    .array(Participant)
    .nullish()
    .transform((list) => list ?? []),
});

/** Rooms of a ListRooms answer, by name; null where it is none. */
export function parseRooms(
  value: unknown,
  read: ListReader<ListedRoom | null> = (items) => items.map(readRoom),
): readonly ListedRoom[] | null {
  const parsed = Rooms.safeParse(value);
  if (!parsed.success) return null;
  const rooms = read(parsed.data.rooms);
  const known = rooms.filter((room) => room !== null);
  return known.length < rooms.length ? null : known.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** A room of the list; null where it is none. The password of TURN that it carries is not read. */
export function readRoom(item: unknown): ListedRoom | null {
  const room = Room.safeParse(snakeCaseKeys(item)).data;
  if (!room) return null;
  return {
    name: room.name,
    sid: room.sid,
    createdAtMs: msOf(room.creation_time_ms, room.creation_time),
    laggingCount: room.num_participants,
  };
}

/** The people of a ListParticipants answer, in order of joining, without recorders and hidden ones; null where it is none. */
export function parsePeople(value: unknown): readonly Person[] | null {
  const parsed = Participants.safeParse(snakeCaseKeys(value));
  if (!parsed.success) return null;
  return parsed.data.participants
    .filter(isPerson)
    .map(personOf)
    .toSorted((a, b) => a.joinedAtMs - b.joinedAtMs || (a.identity < b.identity ? -1 : 1));
}

/** Identities of the recorders of a ListParticipants answer; null where it is none. */
export function parseRecorders(value: unknown): readonly string[] | null {
  const parsed = Participants.safeParse(snakeCaseKeys(value));
  if (!parsed.success) return null;
  return parsed.data.participants
    .filter((one) => one.kind === 'EGRESS' || one.permission?.recorder === true)
    .map((one) => one.identity);
}

type Participant = z.infer<typeof Participant>;

/** Egress recorders and hidden listeners (ours too) are in the list of the server, and are not people. */
const isPerson = (one: Participant): boolean =>
  one.kind !== 'EGRESS' &&
  one.permission?.hidden !== true &&
  one.permission?.recorder !== true &&
  one.state !== 'DISCONNECTED';

function personOf(one: Participant): Person {
  const tracks = one.tracks.map(trackOf);
  return {
    sid: one.sid,
    identity: one.identity,
    name: one.name || one.identity,
    kind: kinds[one.kind || 'STANDARD'] ?? 'other',
    joinedAtMs: msOf(one.joined_at_ms, one.joined_at),
    tracks,
    isMuted: isMuted(tracks),
    isSpeaking: false,
  };
}

/** True where every microphone is muted, or none is published. */
const isMuted = (tracks: readonly Track[]): boolean =>
  tracks.every((track) => track.source !== 'microphone' || track.isMuted);

function trackOf(track: z.infer<typeof TrackInfo>): Track {
  return {
    sid: track.sid,
    kind: track.type === 'VIDEO' ? 'video' : track.type === 'DATA' ? 'data' : 'audio',
    source: sources[track.source] ?? 'unknown',
    name: track.name,
    isMuted: track.muted,
    isEncrypted: track.encryption !== '' && track.encryption !== 'NONE',
    ...(track.mime_type === '' ? {} : { codec: track.mime_type }),
  };
}

const kinds: Readonly<Record<string, Person['kind']>> = {
  STANDARD: 'standard',
  INGRESS: 'ingress',
  SIP: 'sip',
  AGENT: 'agent',
};
const sources: Readonly<Record<string, Track['source']>> = {
  CAMERA: 'camera',
  MICROPHONE: 'microphone',
  SCREEN_SHARE: 'screen-share',
  SCREEN_SHARE_AUDIO: 'screen-share-audio',
};
const msOf = (ms: bigint, seconds: bigint): number => Math.max(0, Number(ms > 0n ? ms : seconds * 1000n));
