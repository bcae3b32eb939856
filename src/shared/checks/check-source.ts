import { type EgressRequest, isMixedWithoutBrowser } from '../model/job-request.ts';
import type { Track } from '../model/room.ts';
import { refuse, warn, type CheckContext, type Finding } from './finding.ts';

/** Layouts of the stock template; `-light` and `-dark` may follow. */
const layouts = /^(grid|speaker|single-speaker)(-light|-dark)?$/;

/** What is wrong with what is recorded, whatever becomes of it. */
export function checkSource(request: EgressRequest): readonly Finding[] {
  switch (request.kind) {
    case 'room-composite': {
      const isMixed = isMixedWithoutBrowser(request);
      return [
        ...checkLayout(request),
        ...(request.audioMixing !== 'default' && !isMixed
          ? [
              warn(
                'audioMixing',
                'It is not used here: two channels are mixed only for sound alone, without a layout and a template.',
              ),
            ]
          : []),
      ];
    }
    case 'template':
      return [
        ...checkLayout(request),
        ...(request.output.to === 'websocket' && request.tracks !== 'audio'
          ? [refuse('tracks', 'A WebSocket takes sound alone: with a picture the egress worker crashes.')]
          : []),
      ];
    case 'web':
      return request.awaitStartSignal
        ? [warn('awaitStartSignal', 'Nothing is recorded before the page writes START_RECORDING into its console.')]
        : [];
    case 'track-composite':
      return request.audioTrackSid === null && request.videoTrackSid === null
        ? [refuse('videoTrackSid', 'Choose a sound, a picture, or both.')]
        : [];
    case 'media':
      if (request.video.by === 'none' && request.audio.by === 'none')
        return [refuse('audio', 'Choose a sound, a picture, or both.')];
      if (request.output.to !== 'websocket') return [];
      if (request.video.by !== 'none')
        return [refuse('video', 'A WebSocket takes sound alone: with a picture the egress worker crashes.')];
      return [];
    case 'participant':
    case 'track':
      return [];
  }
}

const checkLayout = ({
  layout,
  tracks,
  templateId,
}: Extract<EgressRequest, { kind: 'room-composite' | 'template' }>): readonly Finding[] =>
  templateId === null && layout !== '' && tracks !== 'audio' && !layouts.test(layout)
    ? [warn('layout', 'The stock template does not know this layout, and shows the grid.')]
    : [];

/** How long egress looks for a person or a track that is not there (measured: 30.2 s). */
const looksForS = 30;
/** What egress cannot decode where it takes tracks without a browser. */
const undecodable = /^video\/(av1|h265|hevc)$/i;

/** What is wrong with the people and tracks of now; where the room is not known nothing is said. */
export function checkRoom(request: EgressRequest, { people }: CheckContext): readonly Finding[] {
  if (!people) return [];
  const found: Finding[] = [];
  for (const { field, identity } of identitiesOf(request))
    if (!people.some((person) => person.identity === identity))
      found.push(warn(field, `This person is not in the room: egress looks for them for ${looksForS} s, then fails.`));
  const tracks = people.flatMap((person) => person.tracks);
  for (const { field, trackSid } of tracksOf(request))
    if (!tracks.some((track) => track.sid === trackSid))
      found.push(warn(field, `This track is not there: egress looks for it for ${looksForS} s, then fails.`));
  const taken = takenFrom(request, people);
  if (taken.some(({ track }) => track.isEncrypted))
    found.push(
      warn('kind', 'Somebody is encrypted end to end. Egress has no key, and records nothing usable of them.'),
    );
  for (const { field, track } of taken) {
    if (field !== null && track.codec !== undefined && undecodable.test(track.codec))
      found.push(
        refuse(
          field,
          `Egress cannot take ${track.codec.split('/')[1]?.toUpperCase()} by itself. Record the room instead, or let it be published as H.264 or VP8.`,
        ),
      );
    if (request.kind === 'track' && request.output.to === 'websocket' && track.kind === 'video')
      found.push(refuse('trackSid', 'A WebSocket takes sound alone, and this track is a picture.'));
  }
  return found;
}

function identitiesOf(request: EgressRequest): readonly { field: string; identity: string }[] {
  if (request.kind === 'participant') return [{ field: 'identity', identity: request.identity }];
  if (request.kind !== 'media') return [];
  const { video, audio } = request;
  return [
    ...(video.by === 'participant' ? [{ field: 'video.identity', identity: video.identity }] : []),
    ...(audio.by === 'routes'
      ? audio.routes.flatMap(({ match }, index) =>
          match.by === 'identity' ? [{ field: `audio.routes.${index}`, identity: match.identity }] : [],
        )
      : []),
  ];
}

function tracksOf(request: EgressRequest): readonly { field: string; trackSid: string }[] {
  switch (request.kind) {
    case 'track':
      return [{ field: 'trackSid', trackSid: request.trackSid }];
    case 'track-composite':
      return (['audioTrackSid', 'videoTrackSid'] as const).flatMap((field) => {
        const trackSid = request[field];
        return trackSid === null ? [] : [{ field, trackSid }];
      });
    case 'media': {
      const { video, audio } = request;
      return [
        ...(video.by === 'track' ? [{ field: 'video.trackSid', trackSid: video.trackSid }] : []),
        ...(audio.by === 'routes'
          ? audio.routes.flatMap(({ match }, index) =>
              match.by === 'track' ? [{ field: `audio.routes.${index}`, trackSid: match.trackSid }] : [],
            )
          : []),
      ];
    }
    case 'room-composite':
    case 'web':
    case 'participant':
    case 'template':
      return [];
  }
}

/** The tracks that a job takes; `field` is null where a browser takes them, which decodes all that browsers publish. */
function takenFrom(
  request: EgressRequest,
  people: NonNullable<CheckContext['people']>,
): readonly { readonly field: string | null; readonly track: Track }[] {
  const everybodys = people.flatMap((person) => person.tracks);
  if (request.kind === 'web') return [];
  if (request.kind === 'room-composite' || request.kind === 'template')
    return everybodys.map((track) => ({ field: null, track }));
  const named = [
    ...tracksOf(request).flatMap(({ field, trackSid }) =>
      everybodys.filter((track) => track.sid === trackSid).map((track) => ({ field, track })),
    ),
    ...identitiesOf(request).flatMap(({ field, identity }) =>
      people
        .filter((person) => person.identity === identity)
        .flatMap((person) => person.tracks)
        .filter((track) => isTakenOfPerson(request, field, track))
        .map((track) => ({ field, track })),
    ),
  ];
  const all = request.kind === 'media' && request.audio.by === 'everybody';
  return [
    ...named,
    ...(all ? everybodys.filter(({ kind }) => kind === 'audio').map((track) => ({ field: null, track })) : []),
  ];
}

function isTakenOfPerson(request: EgressRequest, field: string, track: Track): boolean {
  const isScreen = track.source === 'screen-share' || track.source === 'screen-share-audio';
  if (request.kind === 'participant') return request.screenShare === isScreen;
  return field === 'video.identity' ? track.kind === 'video' : track.kind === 'audio';
}
