import {
  AudioChannel,
  type AudioRoute,
  type ParticipantInfo,
  ParticipantInfo_Kind,
  TrackSource,
  TrackType,
} from '@livekit/protocol';
import type { RoomChange } from '../livekit/rooms.ts';
import type { NameParts } from './file-name.ts';

/** What an egress takes from a room, or a page instead of one. */
export type Source =
  /** Everybody, as they come and go. */
  | { readonly kind: 'room'; readonly mixing: 'both' | 'agent-left' | 'alternate' }
  /** One person, until they leave. */
  | { readonly kind: 'person'; readonly identity: string }
  /** Tracks by their ids, until the last one of them is gone. */
  | { readonly kind: 'tracks'; readonly sids: readonly string[] }
  /** v2 `media`: sound by routes or of everybody, picture of a track or a person; goes on whoever leaves. */
  | {
      readonly kind: 'media';
      readonly routes: readonly AudioRoute[] | 'everybody';
      readonly videoSid: string;
      readonly videoIdentity: string;
    }
  | { readonly kind: 'page'; readonly url: string; readonly awaitsStart: boolean };

type Channel = 'both' | 'left' | 'right';
interface Voice {
  readonly identity: string;
  readonly channel: Channel;
}

/** A source that was found in its room. */
export interface FoundSource {
  /** Who is heard at a moment, given who is in the room. */
  voices(people: readonly { readonly identity: string }[]): readonly Voice[];
  /** Whose picture it is; null: of the whole room. */
  readonly seen: string | null;
  readonly names: Omit<NameParts, 'atMs' | 'identifier'> & { readonly identifier?: string };
  /** Whether a change ends it; remembers what it has seen go. */
  isEndedBy(change: RoomChange): boolean;
}

/** The source in the room as it is; undefined where something of it is not there (yet). */
export function findSource(source: Source, people: readonly ParticipantInfo[]): FoundSource | undefined {
  const humans = people.filter((person) => person.kind !== ParticipantInfo_Kind.EGRESS);
  switch (source.kind) {
    case 'page':
      return { voices: () => [], seen: null, names: { identifier: 'web' }, isEndedBy: () => false };
    case 'room':
      if (!humans.some((person) => person.isPublisher)) return undefined;
      return { voices: mixOf(source.mixing), seen: null, names: {}, isEndedBy: isRoomOver };
    case 'person':
      return findPerson(source.identity, humans);
    case 'tracks':
      return findTracks(source.sids, humans);
    case 'media':
      return findMedia(source, humans);
  }
}

/** What egress says after it has waited for a source in vain. */
export function notFound(source: Source, people: readonly ParticipantInfo[]): string {
  const sids = people.flatMap((person) => person.tracks.map((track) => track.sid));
  if (source.kind === 'person') return `participant ${source.identity} not found`;
  if (source.kind === 'tracks') return `track ${source.sids.find((sid) => !sids.includes(sid)) ?? ''} not found`;
  if (source.kind !== 'media') return 'Start signal not received';
  const wanted = source.routes === 'everybody' ? [] : source.routes.map((route) => route.match);
  const identities = wanted.flatMap((match) => (match.case === 'participantIdentity' ? [match.value] : []));
  const missing = [source.videoIdentity, ...identities].find(
    (identity) => identity !== '' && !people.some((person) => person.identity === identity),
  );
  if (missing) return `participant ${missing} not found`;
  const wantedSids = wanted.flatMap((match) => (match.case === 'trackId' ? [match.value] : []));
  return `track ${[source.videoSid, ...wantedSids].find((sid) => sid !== '' && !sids.includes(sid)) ?? ''} not found`;
}

const isRoomOver = (change: RoomChange): boolean => change.type === 'room_finished';

function mixOf(mixing: 'both' | 'agent-left' | 'alternate'): FoundSource['voices'] {
  return (people) =>
    people.map(({ identity }, index) => {
      if (mixing === 'both') return { identity, channel: 'both' };
      if (mixing === 'agent-left') return { identity, channel: 'right' }; // a scene has no agents
      return { identity, channel: index % 2 === 0 ? 'left' : 'right' };
    });
}

function findPerson(identity: string, people: readonly ParticipantInfo[]): FoundSource | undefined {
  if (!people.some((person) => person.identity === identity && person.tracks.length > 0)) return undefined;
  return {
    voices: () => [{ identity, channel: 'both' }],
    seen: identity,
    names: { publisherIdentity: identity, identifier: identity },
    isEndedBy: (change) =>
      isRoomOver(change) || (change.type === 'participant_left' && change.participant?.identity === identity),
  };
}

function findTracks(sids: readonly string[], people: readonly ParticipantInfo[]): FoundSource | undefined {
  const all = people.flatMap((person) => person.tracks.map((track) => ({ identity: person.identity, track })));
  const found = sids.flatMap((sid) => all.find(({ track }) => track.sid === sid) ?? []);
  const [first] = found;
  if (!first || found.length < sids.length) return undefined;
  // By person and type, not by sid: with a server behind, the same track has another sid there than in the scene.
  const open = new Set(found.map(({ identity, track }) => `${identity} ${track.type}`));
  const heard = found.filter(({ track }) => track.type === TrackType.AUDIO).map(({ identity }) => identity);
  return {
    voices: () => heard.map((identity) => ({ identity, channel: 'both' })),
    seen: first.identity,
    names: {
      publisherIdentity: first.identity,
      identifier: first.track.sid,
      trackId: first.track.sid,
      trackType: first.track.type === TrackType.AUDIO ? 'audio' : 'video',
      trackSource: (TrackSource[first.track.source] ?? 'unknown').toLowerCase(),
    },
    isEndedBy: (change) => {
      if (change.type === 'track_unpublished') open.delete(`${change.participant?.identity} ${change.track?.type}`);
      return isRoomOver(change) || open.size === 0;
    },
  };
}

function findMedia(
  source: Extract<Source, { kind: 'media' }>,
  people: readonly ParticipantInfo[],
): FoundSource | undefined {
  const ownerOf = (sid: string): string | undefined =>
    people.find((person) => person.tracks.some((track) => track.sid === sid))?.identity;
  const isThere = (identity: string): boolean => people.some((person) => person.identity === identity);
  const seen = source.videoSid === '' ? source.videoIdentity : ownerOf(source.videoSid);
  if (seen === undefined || (seen !== '' && !isThere(seen))) return undefined;
  const routes: { readonly identity: string | null; readonly channel: Channel }[] = [];
  for (const route of source.routes === 'everybody' ? [] : source.routes) {
    const { match } = route;
    const channel = channelOf(route.channel);
    // A scene has only people: no agents, no recorders among the heard.
    if (match.case === 'participantKind') {
      if (match.value === ParticipantInfo_Kind.STANDARD) routes.push({ identity: null, channel });
      continue;
    }
    const identity = match.case === 'trackId' ? ownerOf(match.value) : (match.value ?? '');
    if (identity === undefined || !isThere(identity)) return undefined;
    routes.push({ identity, channel });
  }
  return {
    voices: (present) =>
      present.flatMap(({ identity }) => {
        if (source.routes === 'everybody') return [{ identity, channel: 'both' as const }];
        const route = routes.find((one) => one.identity === null || one.identity === identity);
        return route ? [{ identity, channel: route.channel }] : [];
      }),
    seen: seen === '' ? null : seen,
    names: seen === '' ? {} : { publisherIdentity: seen, identifier: seen },
    isEndedBy: isRoomOver,
  };
}

function channelOf(channel: AudioChannel): Channel {
  if (channel === AudioChannel.LEFT) return 'left';
  return channel === AudioChannel.RIGHT ? 'right' : 'both';
}
