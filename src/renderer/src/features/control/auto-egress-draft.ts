import { checkRequest } from '../../../../shared/checks/check-request.ts';
import type { CheckContext, Finding } from '../../../../shared/checks/finding.ts';
import { AutoEgress } from '../../../../shared/model/auto-egress.ts';
import { placed } from '../start/finds.tsx';
import { fileAt, outputNames, segmentsAt, type OutputName } from '../start/outputs.ts';
import { orderOf } from '../start/request-of.ts';
import { firstChoice, type StartChoice } from '../start/start-choice.ts';

export const autoParts = ['room', 'participant', 'tracks'] as const;
export type AutoPart = (typeof autoParts)[number];

/** What LiveKit shall record of a new room, each part as the start panel holds it; null: not asked for. */
export type AutoDraft = Readonly<Record<AutoPart, StartChoice | null>>;
export const noAuto: AutoDraft = { room: null, participant: null, tracks: null };

/** LiveKit takes no more of them at the making of a room. */
export const takenOf: Readonly<Record<AutoPart, readonly OutputName[]>> = {
  room: outputNames,
  participant: ['file', 'segments'],
  tracks: ['file'],
};

const folder = '{room_name}/{publisher_identity}';
const withFile = (part: Partial<StartChoice>, path: string): StartChoice => ({
  ...firstChoice,
  ...part,
  outputs: { ...firstChoice.outputs, file: fileAt(path) },
});
/** With whom or what LiveKit fills in named by a word, so that the part is complete. */
export const firstPart: Readonly<Record<AutoPart, StartChoice>> = {
  room: withFile({ kind: 'room-composite' }, '{room_name}-{time}.mp4'),
  participant: withFile({ kind: 'participant', identity: 'everybody' }, `${folder}-{time}.mp4`),
  tracks: withFile({ kind: 'track', trackSid: 'each' }, `${folder}-{track_id}-{time}`),
};
/** What a part has added to it. */
export const firstOutputsOf = (part: AutoPart) => ({
  file: firstPart[part].outputs.file ?? fileAt(''),
  segments: segmentsAt(part === 'room' ? '{room_name}-{time}/part' : `${folder}-{time}/part`),
});

/** What is sent; null while a part is incomplete. */
export function autoOf(draft: AutoDraft): AutoEgress | null {
  const request = (part: AutoPart) => {
    const choice = draft[part];
    return choice === null ? null : orderOf(choice).order?.request;
  };
  const tracks = request('tracks');
  const auto = AutoEgress.safeParse({
    room: request('room'),
    participant: request('participant'),
    tracks: tracks?.kind === 'track' ? tracks.output : tracks,
  });
  return auto.success ? auto.data : null;
}

/** What is known to be wrong with one part. */
export function findingsOf(choice: StartChoice, context: CheckContext): readonly Finding[] {
  const { order } = orderOf(choice);
  return order ? placed(checkRequest(order.request, context)) : [];
}
