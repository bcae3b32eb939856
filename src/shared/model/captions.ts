import { z } from 'zod';
import { Problem, UnixMs } from './common.ts';

export const FeedKind = z.enum(['direct', 'track-socket']);
export type FeedKind = z.infer<typeof FeedKind>;

/** What a caption session listens to, and what its transcriber is told beforehand. */
export const CaptionOptions = z.object({
  feed: FeedKind,
  /** Empty: found by the transcriber from the first words. */
  language: z.string().max(16).default('en'),
  /** Spoken in between; they count only beside a language. */
  otherLanguages: z.array(z.string().min(2).max(16)).max(4).default([]),
  /** Names and words that would be heard wrongly. */
  vocabulary: z.array(z.string().trim().min(1).max(80)).max(200).default([]),
});
export type CaptionOptions = z.infer<typeof CaptionOptions>;
/** The options in one line: "direct, en, fr, 12 words". */
export const captionsLabel = ({ feed, language, otherLanguages, vocabulary }: CaptionOptions): string =>
  [
    feed,
    language === '' ? 'language found by itself' : [language, ...otherLanguages].join(' '),
    vocabulary.length === 0 ? '' : `${vocabulary.length} ${vocabulary.length === 1 ? 'word' : 'words'} told before`,
  ]
    .filter((part) => part !== '')
    .join(', ');
/** What is told beside the language. */
export type SpeechHints = Readonly<Pick<CaptionOptions, 'otherLanguages' | 'vocabulary'>>;

const Word = z.object({ text: z.string(), startMs: z.number(), endMs: z.number(), confidence: z.number() });

/** Times are session time: milliseconds since the session's first sample. */
export const Utterance = z.object({
  type: z.literal('utterance'),
  id: z.string(),
  /** Rises by one with each change of the ledger; where to resume from. */
  seq: z.number().int(),
  identity: z.string(),
  name: z.string(),
  text: z.string(),
  isFinal: z.boolean(),
  startMs: z.number(),
  endMs: z.number(),
  words: z.array(Word),
  language: z.string(),
  confidence: z.number(),
  /** From the last sound of it to its arrival here; measured. */
  delayMs: z.number().nullable(),
});
export type Utterance = z.infer<typeof Utterance>;

/** A stretch of session time of which nothing was heard. `endMs: null` while it lasts. */
export const Gap = z.object({
  type: z.literal('gap'),
  id: z.string(),
  seq: z.number().int(),
  /** Null: the whole room. */
  identity: z.string().nullable(),
  name: z.string().nullable(),
  startMs: z.number(),
  endMs: z.number().nullable(),
  cause: z.string(),
});
export type Gap = z.infer<typeof Gap>;

export const Marker = z.object({
  type: z.literal('marker'),
  id: z.string(),
  seq: z.number().int(),
  startMs: z.number(),
  name: z.string(),
});
export type Marker = z.infer<typeof Marker>;

export const TranscriptEntry = z.discriminatedUnion('type', [Utterance, Gap, Marker]);
export type TranscriptEntry = z.infer<typeof TranscriptEntry>;

export const CaptionSpeaker = z.object({
  identity: z.string(),
  name: z.string(),
  /** 1 to 8: the steady colour of this speaker. */
  hue: z.number().int().min(1).max(8),
  state: z.enum(['joining', 'live', 'gap', 'left', 'waiting']),
});
export type CaptionSpeaker = z.infer<typeof CaptionSpeaker>;

export const CaptionSession = z.object({
  id: z.string(),
  serverId: z.string(),
  roomName: z.string(),
  feed: FeedKind,
  state: z.enum(['starting', 'live', 'reconnecting', 'stopping', 'ended']),
  stateAtMs: UnixMs,
  /** The state in one sentence: "Joining town-hall", "Transcriber dropped, resuming, try 2". */
  text: z.string(),
  /** Wall clock of session time zero. */
  startedAtMs: UnixMs.nullable(),
  endedAtMs: UnixMs.nullable(),
  language: z.string(),
  speakers: z.array(CaptionSpeaker),
  /** How the speakers fit the transcriber's sessions: one each, channels of one, or a mix. */
  fit: z.enum(['channels', 'mix']),
  /** Median of the last finals; null before the first. Always measured. */
  delayMs: z.number().nullable(),
  lineCount: z.number().int(),
  gapCount: z.number().int(),
  problem: Problem.optional(),
});
export type CaptionSession = z.infer<typeof CaptionSession>;

export const ExportFormat = z.enum(['srt', 'vtt', 'txt', 'json']);
export type ExportFormat = z.infer<typeof ExportFormat>;
