import type { JobRequest } from './job-request.ts';
import { idsOf } from './request-ids.ts';
import type { Person } from './room.ts';
import type { NamedEntry, Show, ShowJob, TrackOwner } from './show.ts';

/** An entry of the address book or a storage profile of this computer. */
export interface KnownEntry {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

/** What is there at the moment of a start. */
export interface Present {
  readonly people: readonly Person[];
  readonly addresses: readonly KnownEntry[];
  readonly storages: readonly KnownEntry[];
}

export type Lack =
  | { readonly what: 'person'; readonly name: string }
  | { readonly what: 'track'; readonly name: string; readonly source: TrackOwner['source'] }
  | { readonly what: 'address' | 'storage'; readonly name: string; readonly shown: string };

export interface ReadyJob {
  /** The request with the ids and SIDs of here and now. Only to be used where nothing lacks. */
  readonly request: JobRequest;
  readonly lacks: readonly Lack[];
}

/**
 * A job of a show, for the room as it is now: tracks found again by their owner and source, addresses and storages by their
 * id or, on another computer, by name and kind.
 */
export function readyJob(show: Show, job: ShowJob, present: Present): ReadyJob {
  const lacks: Lack[] = [];
  const find = (
    what: 'address' | 'storage',
    ids: readonly string[],
    here: readonly KnownEntry[],
    named: Readonly<Record<string, NamedEntry>>,
  ): Map<string, string> =>
    new Map(
      ids.flatMap((id) => {
        const label = named[id];
        const entry =
          here.find((each) => each.id === id) ??
          here.find((each) => each.name === label?.name && each.kind === label.kind);
        if (entry) return [[id, entry.id] as const];
        lacks.push({ what, name: label?.name ?? '', shown: label?.shown ?? '' });
        return [];
      }),
    );
  const { addressIds, storageIds } = idsOf(job.request);
  const ids = new Map([
    ...find('address', addressIds, present.addresses, show.addresses),
    ...find('storage', storageIds, present.storages, show.storages),
  ]);
  for (const sid of trackSidsOf(job.request)) {
    const owner = job.trackOwners[sid];
    const found = trackNow(sid, owner, present.people);
    if (found === null) lacks.push({ what: 'track', name: owner?.person ?? sid, source: owner?.source ?? 'unknown' });
    else ids.set(sid, found);
  }
  for (const identity of identitiesOf(job.request))
    if (!present.people.some((person) => person.identity === identity)) lacks.push({ what: 'person', name: identity });
  return { request: replaced(job.request, ids), lacks };
}

function trackNow(sid: string, owner: TrackOwner | undefined, people: readonly Person[]): string | null {
  if (people.some((person) => person.tracks.some((track) => track.sid === sid))) return sid;
  const tracks = people.find((person) => person.identity === owner?.identity)?.tracks ?? [];
  return tracks.find((track) => track.source === owner?.source && track.kind === owner.kind)?.sid ?? null;
}

/** Each track that a request names. */
function trackSidsOf(request: JobRequest): readonly string[] {
  const sids = valuesOf(request, ['trackSid', 'audioTrackSid', 'videoTrackSid']);
  return [...new Set(sids)];
}

/** Each person that a request cannot do without. Of a route nobody need be there: others may be heard. */
function identitiesOf(request: JobRequest): readonly string[] {
  if (request.kind === 'participant') return [request.identity];
  return request.kind === 'media' && request.video.by === 'participant' ? [request.video.identity] : [];
}

/** Whose the tracks of a request are now, to be kept with it. */
export function trackOwnersOf(request: JobRequest, people: readonly Person[]): Record<string, TrackOwner> {
  const sids = new Set(trackSidsOf(request));
  return Object.fromEntries(
    people.flatMap((person) =>
      person.tracks
        .filter((track) => sids.has(track.sid))
        .map((track) => [
          track.sid,
          { identity: person.identity, source: track.source, kind: track.kind, person: person.name },
        ]),
    ),
  );
}

function valuesOf(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    names.includes(name) && typeof each === 'string' ? [each] : valuesOf(each, names),
  );
}

const idFields = new Set([
  'trackSid',
  'audioTrackSid',
  'videoTrackSid',
  'pageId',
  'templateId',
  'destinationId',
  'destinationIds',
  'storageId',
]);

/** The same request with other ids, of the same shape throughout. */
function replaced<T>(value: T, ids: ReadonlyMap<string, string>, isId = false): T {
  if (typeof value === 'string') return (isId ? (ids.get(value) ?? value) : value) as T; // a string for a string
  if (Array.isArray(value)) return value.map((each) => replaced(each as unknown, ids, isId)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    replaced(each as unknown, ids, idFields.has(name)),
  ]);
  return Object.fromEntries(entries) as T; // the same names, each with a value of its own type
}
