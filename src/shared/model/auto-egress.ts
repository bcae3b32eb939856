import { z } from 'zod';
import { Encoding, FileOutput, KeptOutputs, noOutputs, RoomComposite, type EgressRequest } from './job-request.ts';

/**
 * Egress that LiveKit itself starts, asked for with CreateRoom and only there: it cannot be added to an open room, changed,
 * taken back or read. Of a participant: files and segments, no streams and no images. Of tracks: files only.
 */
export const AutoEgress = z.object({
  /** The room as one program, from its making on. */
  room: RoomComposite.nullable(),
  /** Each participant, from their first track on. */
  participant: z
    .object({
      encoding: Encoding,
      outputs: KeptOutputs,
    })
    .nullable(),
  /** Each track that is published. */
  tracks: FileOutput.pick({ filePath: true, hasManifest: true, storageId: true }).nullable(),
});
export type AutoEgress = z.infer<typeof AutoEgress>;

export const isAsked = ({ room, participant, tracks }: AutoEgress): boolean =>
  room !== null || participant !== null || tracks !== null;

/** The requests that say the same by hand, for one person and one track: what is checked, and what names entries by id. */
export function requestsOf({ room, participant, tracks }: AutoEgress): {
  readonly room: EgressRequest | null;
  readonly participant: EgressRequest | null;
  readonly tracks: EgressRequest | null;
} {
  return {
    room,
    participant: participant && {
      kind: 'participant',
      identity: 'everybody',
      screenShare: false,
      encoding: participant.encoding,
      outputs: { ...noOutputs, ...participant.outputs },
    },
    tracks: tracks && { kind: 'track', trackSid: 'each', output: { to: 'file', ...tracks } },
  };
}
