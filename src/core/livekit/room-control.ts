import { z } from 'zod';
import type { NewRoom, PersonFacts, RoomFacts } from '../../shared/model/control.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { readAnswer } from './read-answer.ts';
import type { Grants } from './tokens.ts';
import { Int64, snakeCaseKeys, Text } from './wire-fields.ts';

/** A call on nobody is refused after 3.0 s (measured). */
const controlLimitMs = 8_000;
/** Without a worker for its egress the room is made after 10.0 s (measured). */
const createWithEgressLimitMs = 20_000;

/** One call of the room service; resolves with the text of a good answer. */
export type AskRoomService = (
  method: string,
  grants: Grants,
  body: Readonly<Record<string, unknown>>,
  limitMs: number,
  signal?: AbortSignal,
) => Promise<string>;

interface PersonRef {
  readonly roomName: string;
  readonly identity: string;
}

/** What is done to the rooms and people of one server. Every call rejects with a ProblemError, or with the reason of its signal. */
export class RoomControl {
  readonly #ask: AskRoomService;
  constructor(ask: AskRoomService) {
    this.#ask = ask;
  }

  /**
   * Makes a room, or finds the one of this name as it is: settings and egress count only where it is made. Of the egress the
   * answer says nothing, also where there is none.
   */
  async createRoom(
    room: Omit<NewRoom, 'autoEgress'>,
    egress?: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<RoomFacts> {
    const body = createRoomBody(room, egress);
    const limitMs = egress ? createWithEgressLimitMs : controlLimitMs;
    return read(Room, await this.#ask('CreateRoom', { roomCreate: true }, body, limitMs, signal));
  }
  /** Ends a room for everybody. Refused with `no-such-room` where there is none. */
  async deleteRoom(roomName: string, signal?: AbortSignal): Promise<void> {
    await this.#ask('DeleteRoom', { roomCreate: true }, { room: roomName }, controlLimitMs, signal);
  }
  /** Null where no such room is open. */
  async findRoom(roomName: string, signal?: AbortSignal): Promise<RoomFacts | null> {
    const answer = await this.#ask('ListRooms', { roomList: true }, { names: [roomName] }, controlLimitMs, signal);
    return read(Rooms, answer).rooms.find((room) => room.name === roomName) ?? null;
  }
  /** Replaces the metadata; an empty one takes it away. Refused with `too-long` above 512 KiB. */
  async updateRoomMetadata(roomName: string, metadata: string, signal?: AbortSignal): Promise<void> {
    const body = { room: roomName, metadata };
    await this.#ask('UpdateRoomMetadata', adminOf(roomName), body, controlLimitMs, signal);
  }

  /** Refused with `no-such-person` where they have left. */
  async person(of: PersonRef, signal?: AbortSignal): Promise<PersonFacts> {
    return read(Participant, await this.#toPerson('GetParticipant', of, {}, signal));
  }
  /** What is left out, or empty, stays as it is: the server knows no empty name and no empty metadata here. */
  async updatePerson(
    of: PersonRef,
    change: { readonly name?: string | undefined; readonly metadata?: string | undefined },
    signal?: AbortSignal,
  ): Promise<void> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined && value !== '');
    await this.#toPerson('UpdateParticipant', of, Object.fromEntries(given), signal);
  }
  async removePerson(of: PersonRef, signal?: AbortSignal): Promise<void> {
    await this.#toPerson('RemoveParticipant', of, {}, signal);
  }
  /**
   * Mutes a track. Unmuting is refused with `unmute-not-allowed` by most servers. A track that is not there any more is
   * answered by the server as if all were well, only without the track: that is refused here (`no-such-track`).
   */
  async mutePublishedTrack(
    of: PersonRef & { readonly trackSid: string; readonly muted: boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    const answer = await this.#toPerson('MutePublishedTrack', of, { track_sid: of.trackSid, muted: of.muted }, signal);
    if (read(Muted, answer).track) return;
    throw new ProblemError({
      code: 'no-such-track',
      fault: 'server',
      retryable: false,
      text: 'This track is not published any more.',
      advice: 'Who publishes anew gets another track: try again with that.',
    });
  }

  #toPerson(method: string, of: PersonRef, body: object, signal?: AbortSignal): Promise<string> {
    const { roomName, identity } = of;
    return this.#ask(method, adminOf(roomName), { room: roomName, identity, ...body }, controlLimitMs, signal);
  }
}

const adminOf = (roomName: string): Grants => ({ roomAdmin: true, room: roomName });

/** The body of CreateRoom; what is null or empty is left to the server. */
function createRoomBody(
  room: Omit<NewRoom, 'autoEgress'>,
  egress: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, unknown>> {
  return {
    name: room.name,
    ...(room.emptyTimeoutS === null ? {} : { empty_timeout: room.emptyTimeoutS }),
    ...(room.departureTimeoutS === null ? {} : { departure_timeout: room.departureTimeoutS }),
    ...(room.maxPeople === null ? {} : { max_participants: room.maxPeople }),
    ...(room.metadata === '' ? {} : { metadata: room.metadata }),
    ...(egress ? { egress } : {}),
  };
}

const Count = z
  .number()
  .int()
  .nullish()
  .transform((value) => value ?? 0);
/** The password of TURN that every room carries is not read. */
const Room = z
  .object({
    sid: Text,
    name: Text,
    creation_time: Int64,
    creation_time_ms: Int64,
    metadata: Text,
    empty_timeout: Count,
    departure_timeout: Count,
    max_participants: Count,
  })
  .transform((room) => ({
    name: room.name,
    sid: room.sid,
    createdAtMs: Number(room.creation_time_ms > 0n ? room.creation_time_ms : room.creation_time * 1000n),
    metadata: room.metadata,
    emptyTimeoutS: room.empty_timeout,
    departureTimeoutS: room.departure_timeout,
    maxPeople: room.max_participants,
  }));
const Rooms = z.object({
  rooms: z
    .array(Room)
    .nullish()
    .transform((list) => list ?? []),
});
const Participant = z.object({ identity: Text, name: Text, metadata: Text });
const Muted = z.object({ track: z.object({ sid: Text }).nullish() });

function read<S extends z.ZodType>(schema: S, body: string): z.output<S> {
  return readAnswer((value) => schema.safeParse(snakeCaseKeys(value)).data ?? null, body);
}
