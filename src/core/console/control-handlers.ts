import type { ConsoleContract } from '../../shared/contract/index.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Handlers } from '../../shared/rpc/contract.ts';
import type { RoomControl } from '../livekit/room-control.ts';
import { autoEgressFields, createRoom } from './auto-egress.ts';
import { needServer } from './need-server.ts';
import type { ConsoleParts } from './parts.ts';

type ControlHandlers = Pick<
  Handlers<ConsoleContract>,
  | 'createRoom'
  | 'endRoom'
  | 'roomFacts'
  | 'editRoomMetadata'
  | 'personFacts'
  | 'editPerson'
  | 'muteTrack'
  | 'removePerson'
  | 'makeJoinLink'
>;

/** What a producer does to rooms and people: asked of the server, then looked at again at once. */
export function controlHandlers(parts: ConsoleParts): ControlHandlers {
  const { servers, access, rooms, jobs, log } = parts;
  const ask = async <T>(serverId: string, work: (control: RoomControl) => Promise<T>): Promise<T> => {
    needServer(servers, serverId);
    return work((await access.api(serverId)).control);
  };
  /** A change of this room, told in the log: it was done by hand. */
  const change = async (
    what: string,
    { serverId, roomName }: { readonly serverId: string; readonly roomName: string },
    work: (control: RoomControl) => Promise<void>,
  ): Promise<null> => {
    await ask(serverId, work).finally(() => rooms.lookNow(serverId)); // after a refusal too: what was seen was old
    log.info(what, { serverId, roomName });
    return null;
  };
  return {
    createRoom: async ({ serverId, room: { autoEgress: auto, ...room } }, signal) => {
      needServer(servers, serverId);
      const egress = await autoEgressFields(parts, { serverId, auto });
      const made = await createRoom(await access.api(serverId), { room, auto, egress }, parts, signal).finally(() =>
        rooms.lookNow(serverId),
      );
      log.info('A room was created', { serverId, roomName: room.name, wasOpen: made.wasOpen, egress: made.egress });
      if (made.egress === 'started') jobs.servers.nudge(serverId);
      return made;
    },
    endRoom: (input, signal) =>
      change('A room was ended', input, (control) => control.deleteRoom(input.roomName, signal)),
    roomFacts: ({ serverId, roomName }, signal) =>
      ask(serverId, async (control) => {
        const found = await control.findRoom(roomName, signal);
        if (found) return found;
        throw new ProblemError({
          code: 'no-such-room',
          fault: 'yours',
          retryable: false,
          text: 'This room is not open any more.',
        });
      }),
    editRoomMetadata: (input, signal) =>
      change('The metadata of a room was changed', input, (control) =>
        control.updateRoomMetadata(input.roomName, input.metadata, signal),
      ),
    personFacts: ({ serverId, ...of }, signal) => ask(serverId, (control) => control.person(of, signal)),
    editPerson: (input, signal) =>
      change('A person was changed', input, (control) =>
        control.updatePerson(input, { name: input.name, metadata: input.metadata }, signal),
      ),
    muteTrack: ({ isMuted, ...input }, signal) =>
      change(isMuted ? 'A track was muted' : 'A track was unmuted', input, (control) =>
        control.mutePublishedTrack({ ...input, muted: isMuted }, signal),
      ),
    removePerson: (input, signal) =>
      change('A person was removed', input, (control) => control.removePerson(input, signal)),
    makeJoinLink: async ({ serverId, order }) => {
      needServer(servers, serverId);
      const made = (await access.api(serverId)).joinLink(order);
      log.info('A token to join a room was made', { serverId, roomName: order.roomName, role: order.role });
      return made;
    },
  };
}
