import { joinRights, type JoinLink, type JoinOrder } from '../../shared/model/join-link.ts';
import type { Endpoint } from './endpoint.ts';
import { signToken, type ApiCredentials, type Grants } from './tokens.ts';

const meetingPage = 'https://meet.livekit.io/custom';

function grantsOf({ role, roomName }: JoinOrder): Grants {
  const { isHidden, canPublish, canSubscribe, canPublishData } = joinRights[role];
  const base = { roomJoin: true, room: roomName, canPublish, canSubscribe, canPublishData } as const;
  return isHidden ? { ...base, hidden: true, agent: true } : base;
}

/** A token for one person and one room, and the link that carries it. Secrets both: never log one, keep one nowhere. */
export function makeJoinLink(
  credentials: ApiCredentials,
  endpoint: Endpoint,
  order: JoinOrder,
  nowMs: number,
): JoinLink {
  const { identity, name, validForS } = order;
  const token = signToken(
    credentials,
    { grants: grantsOf(order), ttlS: validForS, identity, ...(name.trim() === '' ? {} : { name: name.trim() }) },
    nowMs,
  );
  const query = new URLSearchParams({ liveKitUrl: endpoint.joinUrl, token });
  return {
    serverUrl: endpoint.joinUrl,
    token,
    link: `${meetingPage}?${query.toString()}`,
    expiresAtMs: (Math.floor(nowMs / 1000) + validForS) * 1000,
    isReachableByPage: endpoint.isTls || endpoint.isLoopback,
  };
}
