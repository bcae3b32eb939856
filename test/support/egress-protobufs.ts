import {
  ParticipantEgressRequest,
  RoomCompositeEgressRequest,
  StartEgressRequest,
  TrackCompositeEgressRequest,
  TrackEgressRequest,
  WebEgressRequest,
} from '@livekit/protocol';
import type { EgressCall } from '../../src/core/livekit/egress-request/forms.ts';

/** The official message of each call. */
export const messageOf = {
  StartEgress: StartEgressRequest,
  StartRoomCompositeEgress: RoomCompositeEgressRequest,
  StartWebEgress: WebEgressRequest,
  StartParticipantEgress: ParticipantEgressRequest,
  StartTrackCompositeEgress: TrackCompositeEgressRequest,
  StartTrackEgress: TrackEgressRequest,
} as const satisfies Record<EgressCall['method'], unknown>;
export const methods = Object.keys(messageOf) as (keyof typeof messageOf)[]; // of the object above

/** The body as the official library reads and writes it again: rejects unknown names, drops what is default. */
export function asOfficial({ method, body }: EgressCall): unknown {
  const text = JSON.stringify(body);
  return messageOf[method].fromJsonString(text, { ignoreUnknownFields: false }).toJson({ useProtoFieldName: true });
}
