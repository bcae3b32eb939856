import { z } from 'zod';
import { UnixMs } from './common.ts';
import { RoomName } from './control.ts';
import { Encoding, KeptOutputs } from './job-request.ts';

/** `*` stands for any letters, `?` for one; the case of letters does not count. */
const Pattern = z.string().trim().min(1).max(256);
const RuleTakes = z.enum(['participants', 'audio-tracks', 'video-tracks', 'all-tracks']);

/** "Record every present and future participant, or track": what a producer says, without its id. */
export const RuleDraft = z.object({
  name: z.string().trim().min(1).max(80),
  isOn: z.boolean(),
  /** Null: every room of the server. */
  roomName: RoomName.nullable(),
  takes: RuleTakes,
  /** Identities. Empty: everybody. */
  include: z.array(Pattern).max(200),
  /** Identities that are never recorded by this rule, whatever else is said: consent. */
  exclude: z.array(Pattern).max(200),
  withAgents: z.boolean(),
  /** Of participants; a track is taken as it comes. */
  encoding: Encoding,
  /** One of a participant at least. A track goes into the file; a set of segments is looked past there. */
  outputs: KeptOutputs,
  /** Who finds no free session waits, or is recorded here: the sound of the whole room, so only where all of it may be. */
  whenFull: z.enum(['wait', 'desk']),
  /** Sessions that the rule leaves to the producer. */
  leaveFree: z.number().int().min(0).max(100),
});
export type RuleDraft = z.infer<typeof RuleDraft>;

export const Rule = RuleDraft.extend({ id: z.string(), serverId: z.string(), savedAtMs: UnixMs });
export type Rule = z.infer<typeof Rule>;

/** One person or track as a rule sees it now, and why. */
export const RuleSubject = z.object({
  roomName: z.string(),
  identity: z.string(),
  name: z.string(),
  /** The track; null where the rule takes the whole person. */
  trackSid: z.string().nullable(),
  source: z.enum(['camera', 'microphone', 'screen-share', 'screen-share-audio', 'unknown']).nullable(),
  state: z.enum(['starting', 'recording', 'desk', 'waits', 'excluded', 'cannot', 'ended', 'gave-up']),
  reason: z.string(),
  jobId: z.string().nullable(),
});
export type RuleSubject = z.infer<typeof RuleSubject>;

export const RuleView = z.object({
  rule: Rule,
  /** What it does now, in one sentence. */
  text: z.string(),
  /** At most 500. */
  subjects: z.array(RuleSubject),
  hasMore: z.boolean(),
});
export type RuleView = z.infer<typeof RuleView>;
