import {
  DisconnectReason,
  EncryptionType,
  ParticipantKind,
  TrackKind,
  TrackSource,
  type RemoteParticipant,
  type TrackPublication,
} from '@livekit/rtc-node';
import type { WirePerson, WireTrack } from '../wire/messages.ts';

/** LiveKit's numbers in the words of docs/room-child.md. */

const sources: Partial<Record<TrackSource, WireTrack['source']>> = {
  [TrackSource.SOURCE_CAMERA]: 'camera',
  [TrackSource.SOURCE_MICROPHONE]: 'microphone',
  [TrackSource.SOURCE_SCREENSHARE]: 'screen-share',
  [TrackSource.SOURCE_SCREENSHARE_AUDIO]: 'screen-share-audio',
};

const kinds: Partial<Record<ParticipantKind, WirePerson['kind']>> = {
  [ParticipantKind.STANDARD]: 'standard',
  [ParticipantKind.INGRESS]: 'ingress',
  [ParticipantKind.SIP]: 'sip',
  [ParticipantKind.AGENT]: 'agent',
};

/** LiveKit's own limits for people, which it has none of for tracks: a guest may give any name to any number of them. */
const maxNameChars = 256;
const maxTracks = 200;
export const nameOf = (name: string): string => name.slice(0, maxNameChars);

export const trackOf = (publication: TrackPublication): WireTrack => ({
  sid: publication.sid ?? '',
  kind:
    publication.kind === TrackKind.KIND_AUDIO ? 'audio' : publication.kind === TrackKind.KIND_VIDEO ? 'video' : 'data',
  source: sources[publication.source ?? TrackSource.SOURCE_UNKNOWN] ?? 'unknown',
  name: nameOf(publication.name ?? ''),
  muted: publication.muted ?? false,
  encrypted: (publication.encryptionType ?? EncryptionType.NONE) !== EncryptionType.NONE,
});

export const personOf = (participant: RemoteParticipant): WirePerson => ({
  sid: participant.sid ?? '',
  identity: participant.identity,
  name: nameOf(participant.name || participant.identity),
  kind: kinds[participant.kind] ?? 'other',
  joinedAtMs: Number(participant.info.joinedAt ?? 0n),
  tracks: [...participant.trackPublications.values()].slice(0, maxTracks).map(trackOf),
});

/** Egress recorders are not people. */
export const isPerson = (participant: RemoteParticipant): boolean => participant.kind !== ParticipantKind.EGRESS;

/** What we listen to: everything that sounds, except a camera's own sound track, which no client publishes. */
export const isWanted = (publication: TrackPublication): boolean =>
  publication.kind === TrackKind.KIND_AUDIO && publication.source !== TrackSource.SOURCE_CAMERA;

/** Endings after which a new join would be against somebody's will, or would make a room that was ended anew. */
const final: readonly DisconnectReason[] = [
  DisconnectReason.CLIENT_INITIATED,
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
  DisconnectReason.USER_REJECTED,
];

export const leftOf = (reason: DisconnectReason): { readonly reason: string; readonly retryable: boolean } => ({
  reason: DisconnectReason[reason] ?? 'UNKNOWN_REASON',
  retryable: !final.includes(reason),
});

/** What a failed join means. The texts are those of the Rust client: "signal failure: ... 401 Unauthorized", for example. */
export function joinFailureOf(text: string): { readonly code: string; readonly retryable: boolean } {
  if (/\b40[13]\b|unauthori[sz]ed|invalid token|permission/i.test(text))
    return { code: 'join-refused', retryable: false };
  if (/\b404\b|room does not exist|could not be found/i.test(text)) return { code: 'room-unknown', retryable: false };
  if (/invalid url|unsupported scheme|relative url/i.test(text)) return { code: 'address-invalid', retryable: false };
  if (/timed? ?out/i.test(text)) return { code: 'join-timeout', retryable: true };
  return { code: 'join-failed', retryable: true };
}
