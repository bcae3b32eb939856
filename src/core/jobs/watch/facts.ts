import type { Problem } from '../../../shared/model/common.ts';
import type { JobState } from '../job-state.ts';

/** What is known of a room beside its jobs; null where it is not known. */
export interface RoomFacts {
  readonly people:
    | readonly {
        readonly identity: string;
        readonly tracks: readonly {
          readonly sid: string;
          readonly kind: 'audio' | 'video' | 'data';
          readonly isMuted: boolean;
        }[];
      }[]
    | null;
  /** Identities of the recorders in it: those of running egress are its ids. */
  readonly recorders: { readonly ids: readonly string[]; readonly asOfMs: number } | null;
  /** When it was last heard; null where nobody listens here. */
  readonly heardAtMs: number | null;
}

export const noRoomFacts: RoomFacts = { people: null, recorders: null, heardAtMs: null };

/** What looks at the storage of a job have found. */
export interface OutputFacts {
  /** What grows with time, each as far as something of it was ever found. */
  readonly growing: readonly {
    readonly what: 'segment' | 'image';
    /** How long one of it lasts. */
    readonly everyMs: number;
    /** When something new was found last, by a look not later than the last one. */
    readonly newAtMs: number;
    readonly lookedAtMs: number;
  }[];
  /** Since when its pictures have been black, by two looks; null where they are not, or nobody can look. */
  readonly blackSinceMs: number | null;
}

export const noOutputFacts: OutputFacts = { growing: [], blackSinceMs: null };

/** All that the watchdogs judge by. */
export interface JobFacts {
  readonly job: JobState;
  readonly room: RoomFacts;
  readonly outputs: OutputFacts;
  /** Since when nobody has been in the room; null where somebody is, nobody has come yet, or it is not known. */
  readonly emptySinceMs: number | null;
  /** Since when no sound has come to the recording here, of a room that it is in or wants to be in; null where it comes. */
  readonly deskAwaySinceMs: number | null;
  /** Since when its recorder has not been seen in the room, by two looks of ours; null where it is there, or it is not known. */
  readonly orphanSinceMs: number | null;
  /** A name that another egress of its server writes too; null where there is none. */
  readonly sharedName: string | null;
  /** The server's last refusal to stop it. */
  readonly stopRefused: Problem | null;
  readonly atMs: number;
}
