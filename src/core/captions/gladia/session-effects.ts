import type { Problem } from '../../../shared/model/common.ts';
import type { Heard } from './heard.ts';

/** Why one transcriber session is over. `collect`: what was said last has to be fetched over HTTP. */
export type SessionEnd =
  | { readonly why: 'done' | 'collect' }
  | { readonly why: 'renew' | 'rest'; readonly text: string }
  | { readonly why: 'refused'; readonly problem: Problem };

export type SessionEffect =
  | { readonly type: 'create' }
  | { readonly type: 'connect'; readonly connection: number }
  | { readonly type: 'cut'; readonly connection: number }
  | { readonly type: 'heard'; readonly heard: Heard }
  | {
      readonly type: 'state';
      readonly state: 'connecting' | 'live' | 'reconnecting' | 'stopping';
      readonly text: string;
    }
  | { readonly type: 'refusedOnce'; readonly problem: Problem }
  /** A message that no description of Gladia allows was passed over; told once. */
  | { readonly type: 'unreadable' }
  | { readonly type: 'ended'; readonly end: SessionEnd };

export interface CreateFailure {
  readonly problem: Problem;
  readonly retryAfterMs: number | null;
}
