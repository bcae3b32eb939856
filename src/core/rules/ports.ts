import type { Rule } from '../../shared/model/rule.ts';

/** What a rule needs to know of rooms, jobs and limits, in its own words. */
export interface SeenTrack {
  readonly sid: string;
  readonly kind: 'audio' | 'video' | 'data';
  readonly source: 'camera' | 'microphone' | 'screen-share' | 'screen-share-audio' | 'unknown';
  readonly isEncrypted: boolean;
}
export interface SeenPerson {
  /** Of this session of theirs: another one after they have left and come back. */
  readonly sid: string;
  readonly identity: string;
  readonly name: string;
  readonly kind: 'standard' | 'ingress' | 'sip' | 'agent' | 'other';
  readonly tracks: readonly SeenTrack[];
}
/** A room whose people are known. One that was not looked at yet is left out: nothing is decided of it. */
export interface SeenRoom {
  readonly name: string;
  /** By the clock of its server. */
  readonly openedAtMs: number;
  readonly people: readonly SeenPerson[];
}

/** What a job records, as far as rules take it. */
export type JobSubject =
  | { readonly by: 'participant'; readonly identity: string }
  | { readonly by: 'track'; readonly trackSid: string }
  | { readonly by: 'other' };
export interface SeenJob {
  readonly id: string;
  readonly roomName: string;
  readonly subject: JobSubject;
  readonly state: 'starting' | 'recording' | 'stopping' | 'done' | 'failed';
  /** The job that goes on with it after the session limit of its server. */
  readonly nextId: string | null;
  /** Why it ended, where that was not as it should and nobody had stopped it. */
  readonly problem: { readonly code: string; readonly text: string; readonly isRetryable: boolean } | null;
  readonly endedAtMs: number | null;
  /** How long its media ran; 0 where it never began. */
  readonly ranMs: number;
}

/** Egress sessions that are left; null where the limit is not known. `asking` of ours wait for an answer. */
export interface Budget {
  /** The server has told what runs there; before that nobody knows what a start would double. */
  readonly isListed: boolean;
  readonly free: number | null;
  readonly limit: number | null;
  readonly asking: number;
}

/** What a rule has started for a person, a track, or (`desk`) a room. Kept in the journal: a restart starts nothing twice. */
export interface RuleEntry {
  readonly ruleId: string;
  readonly key: string;
  readonly jobId: string;
  readonly roomName: string;
  readonly identity: string;
  readonly tries: number;
  readonly atMs: number;
  /** Why it could not even be asked for; null where it was. */
  readonly said: string | null;
}

/** A job that a rule wants. */
export interface RuleStart {
  readonly rule: Rule;
  readonly key: string;
  readonly roomName: string;
  readonly identity: string;
  readonly name: string;
  /** `room`: the sound of the room, by this computer. */
  readonly what: 'participant' | 'track' | 'room';
  readonly trackSid: string | null;
  readonly tries: number;
}
export interface RuleStop {
  readonly rule: Rule;
  readonly jobId: string;
  readonly roomName: string;
  readonly why: string;
}

export interface RuleStore {
  rules(): readonly Rule[];
  saveRule(rule: Rule): void;
  removeRule(ruleId: string): void;
  entries(): readonly RuleEntry[];
  saveEntry(entry: RuleEntry): void;
  removeEntry(ruleId: string, key: string): void;
}
