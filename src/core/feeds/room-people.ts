import type { Person, Track } from '../../shared/model/room.ts';
import type { ChildMessage, WirePerson, WireTrack } from './wire/messages.ts';

/** The people of a room as its own events tell of them. Pure: returns the same list where nothing changed. */
export function peopleAfter(people: readonly Person[], message: ChildMessage): readonly Person[] {
  switch (message.ev) {
    case 'joined':
      return message.people.map(personOf);
    case 'personJoined':
      return [...without(people, message.person.identity), personOf(message.person)];
    case 'personLeft':
      return without(people, message.identity);
    case 'trackPublished':
      return change(people, message.identity, (person) =>
        withTracks(person, [
          ...person.tracks.filter((track) => track.sid !== message.track.sid),
          trackOf(message.track),
        ]),
      );
    case 'trackUnpublished':
      return change(people, message.identity, (person) =>
        withTracks(
          person,
          person.tracks.filter((track) => track.sid !== message.sid),
        ),
      );
    case 'trackMuted':
      return change(people, message.identity, (person) =>
        withTracks(
          person,
          person.tracks.map((track) => (track.sid === message.sid ? { ...track, isMuted: message.muted } : track)),
        ),
      );
    case 'nameChanged':
      return change(people, message.identity, (person) => ({ ...person, name: message.name }));
    case 'speakers': {
      const speaking = new Set(message.identities);
      const isSame = people.every((person) => person.isSpeaking === speaking.has(person.identity));
      return isSame ? people : people.map((person) => ({ ...person, isSpeaking: speaking.has(person.identity) }));
    }
    case 'streamOpened':
    case 'streamEnded':
    case 'connection':
    case 'left':
    case 'joinFailed':
      return people;
  }
}

const without = (people: readonly Person[], identity: string): readonly Person[] =>
  people.filter((person) => person.identity !== identity);

const change = (people: readonly Person[], identity: string, how: (person: Person) => Person): readonly Person[] =>
  people.map((person) => (person.identity === identity ? how(person) : person));

const withTracks = (person: Person, tracks: Track[]): Person => ({ ...person, tracks, isMuted: isMuted(tracks) });

function isMuted(tracks: readonly Track[]): boolean {
  return tracks.every((track) => track.source !== 'microphone' || track.isMuted);
}

const trackOf = (track: WireTrack): Track => ({
  sid: track.sid,
  kind: track.kind,
  source: track.source,
  name: track.name,
  isMuted: track.muted,
  isEncrypted: track.encrypted,
});

function personOf(person: WirePerson): Person {
  const tracks = person.tracks.map(trackOf);
  const { sid, identity, name, kind, joinedAtMs } = person;
  return { sid, identity, name, kind, joinedAtMs, tracks, isMuted: isMuted(tracks), isSpeaking: false };
}
