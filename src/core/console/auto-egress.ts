import { checkRequest } from '../../shared/checks/check-request.ts';
import { isAsked, requestsOf, type AutoEgress } from '../../shared/model/auto-egress.ts';
import type { CreatedRoom, NewRoom } from '../../shared/model/control.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import type { LiveKitApi } from '../livekit/api.ts';
import type { Fields } from '../livekit/egress-request/forms.ts';
import { roomEgress } from '../livekit/egress-request/room-egress.ts';
import { refuseFirst } from './request-checks.ts';
import { requestBooks, secretsOfAll } from './request-secrets.ts';
import type { ConsoleParts } from './parts.ts';

/** The egress of a room to be made, secrets filled in; undefined where none is asked for. Refuses what is known to be unfit. */
export async function autoEgressFields(
  parts: Pick<ConsoleParts, 'servers' | 'addresses' | 'storages'>,
  { serverId, auto }: { readonly serverId: string; readonly auto: AutoEgress },
): Promise<Fields | undefined> {
  if (!isAsked(auto)) return undefined;
  const asked = Object.values(requestsOf(auto)).filter((request) => request !== null);
  const kind = parts.servers.find(serverId)?.kind;
  for (const request of asked) refuseFirst(checkRequest(request, kind ? { serverKind: kind } : {}));
  return roomEgress(auto, await secretsOfAll(asked, requestBooks(parts, kind === 'rehearsal')));
}

interface Making {
  readonly room: Omit<NewRoom, 'autoEgress'>;
  readonly auto: AutoEgress;
  readonly egress: Fields | undefined;
}
interface Tools {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Makes a room, and finds out what became of the egress that it was asked with: the server does not say. Without a worker it
 * answers after 10 s, as if all were well, or (a server without redis) as if nothing was made; the room is there in both
 * cases (measured).
 */
export async function createRoom(
  api: LiveKitApi,
  making: Making,
  tools: Tools,
  signal: AbortSignal,
): Promise<CreatedRoom> {
  const { room, auto, egress } = making;
  const { name } = room;
  const before = await api.control.findRoom(name, signal);
  const made = await api.control.createRoom(room, egress, signal).catch(async (error: unknown) => {
    signal.throwIfAborted();
    const there = egress && !before ? await api.control.findRoom(name, signal) : null;
    if (there) return there;
    throw error;
  });
  if (before !== null && before.sid === made.sid)
    return { name, wasOpen: true, egress: egress ? 'not-set' : 'not-asked' };
  return { name, wasOpen: false, egress: await lookForEgress(api, name, auto, tools, signal) };
}

/** Egress is in the list within 20 ms of its start; a second look is for a slow one. */
const lookAgainAfterMs = 1_000;

async function lookForEgress(
  api: LiveKitApi,
  roomName: string,
  auto: AutoEgress,
  { clock, log }: Tools,
  signal: AbortSignal,
): Promise<CreatedRoom['egress']> {
  if (!isAsked(auto)) return 'not-asked';
  try {
    for (const isLast of [false, true]) {
      const list = await api.listEgress({ roomName, isActive: true }, signal);
      if (auto.room === null) return 'later';
      if (list.length > 0) return 'started';
      if (!isLast) await clock.delay(lookAgainAfterMs, signal);
    }
    return 'missing';
  } catch (error) {
    signal.throwIfAborted();
    const { code } = problemOf(error);
    log.warn('The egress of a new room could not be looked for', { roomName, code });
    return code === 'egress-not-connected' ? 'no-egress' : 'unknown';
  }
}
