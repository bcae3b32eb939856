import type { Problem } from '../../../shared/model/common.ts';
import type { JobState } from '../job-state.ts';

/** What is known of a room beside its jobs; null where it is not known. */
export interface RoomFacts {
  readonly people:
    | readonly {
        readonly identity: string;
        readonly tracks: readonly { readonly sid: string; readonly kind: 'audio' | 'video' | 'data' }[];
      }[]
    | null;
  /** Identities of the recorders in it: those of running egress are its ids. */
  readonly recorders: { readonly ids: readonly string[]; readonly asOfMs: number } | null;
  /** When it was last heard; null where nobody listens here. */
  readonly heardAtMs: number | null;
}

export const noRoomFacts: RoomFacts = { people: null, recorders: null, heardAtMs: null };

/** All that the watchdogs judge by. */
export interface JobFacts {
  readonly job: JobState;
  readonly room: RoomFacts;
  /** Since when what grows with time (segments, images) has not grown; null where nothing of this job does. */
  readonly stillSinceMs: number | null;
  /** Since when nobody has been in the room; null where somebody is, or it is not known. */
  readonly emptySinceMs: number | null;
  /** Since when its recorder has not been seen in the room, by two looks of ours; null where it is there, or it is not known. */
  readonly orphanSinceMs: number | null;
  /** The server's last refusal to stop it. */
  readonly stopRefused: Problem | null;
  readonly atMs: number;
}
