import { z } from 'zod';
import type { Problem } from '../../shared/model/common.ts';
import { noResults, type EgressResults } from '../../shared/model/egress-results.ts';
import { redactAddress, redactSecrets } from '../../shared/text/redact.ts';
import { readAsked, type Asked } from './egress-asked.ts';
import { problemOfEgress } from './errors.ts';
import { Flag, Int64, msOrNull, snakeCaseKeys, Text } from './wire-fields.ts';

/** What the server says of one egress at one moment. Times are Unix milliseconds of the server's clock. */
export interface EgressSnapshot {
  readonly egressId: string;
  readonly roomName: string;
  readonly kind: 'room-composite' | 'web' | 'participant' | 'track-composite' | 'track' | 'v2';
  /** `unknown`: its row cannot be read, as that of a newer server; whether it runs nobody here can tell. */
  readonly status: 'starting' | 'active' | 'ending' | 'complete' | 'failed' | 'aborted' | 'limit-reached' | 'unknown';
  /** When the worker took the job; still moves by some 100 ms. */
  readonly startedAtMs: number | null;
  /** When media began (`*_results[].started_at`); null before. */
  readonly mediaStartedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Nanoseconds; rises with every change at the server: what snapshots are merged by. */
  readonly updatedAtNs: bigint;
  /** The server's own words, with keys and tokens taken out. */
  readonly error: string;
  readonly errorCode: number;
  readonly details: string;
  /** Why it did not end well, by the catalogue. */
  readonly problem?: Problem;
  readonly results: EgressResults;
  /** What was asked for, as far as the server tells it; read when somebody wants to know, not at each look. */
  readonly asked?: () => Asked | null;
}

const statuses = {
  EGRESS_STARTING: 'starting',
  EGRESS_ACTIVE: 'active',
  EGRESS_ENDING: 'ending',
  EGRESS_COMPLETE: 'complete',
  EGRESS_FAILED: 'failed',
  EGRESS_ABORTED: 'aborted',
  EGRESS_LIMIT_REACHED: 'limit-reached',
} as const;
const kinds = [
  ['room_composite', 'room-composite'],
  ['web', 'web'],
  ['participant', 'participant'],
  ['track_composite', 'track-composite'],
  ['track', 'track'],
] as const;

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((list) => list ?? []);
const began = { started_at: Int64 };
const Count = Int64.transform((value) => Math.max(0, Number(value)));
const Duration = Int64.transform((ns) => Math.max(0, Number(ns / 1_000_000n)));
const streamStatuses = { ACTIVE: 'active', FINISHED: 'finished', FAILED: 'failed' } as const;
const StreamEntry = z.object({
  ...began,
  url: Text,
  status: z
    .enum(Object.keys(streamStatuses) as [keyof typeof streamStatuses])
    .nullish()
    .transform((value) => value ?? 'ACTIVE'),
  ended_at: Int64,
  error: Text,
  retries: Count,
  last_retry_at: Int64,
});
const FileEntry = z.object({ ...began, filename: Text, location: Text, size: Count, duration: Duration });
const SegmentsEntry = z.object({
  ...began,
  playlist_name: Text,
  playlist_location: Text,
  live_playlist_location: Text,
  size: Count,
  duration: Duration,
  segment_count: Count,
});
const ImagesEntry = z.object({ ...began, filename_prefix: Text, image_count: Count });

const Info = z.object({
  egress_id: z.string().min(1).max(128),
  room_name: Text,
  // Left out means the first value, as in every message of proto3.
  status: z
    .enum(Object.keys(statuses) as [keyof typeof statuses])
    .nullish()
    .transform((value) => value ?? 'EGRESS_STARTING'),
  started_at: Int64,
  ended_at: Int64,
  updated_at: Int64,
  error: Text,
  error_code: z
    .number()
    .int()
    .nullish()
    .transform((value) => value ?? 0),
  details: Text,
  stream_results: listOf(StreamEntry),
  file_results: listOf(FileEntry),
  segment_results: listOf(SegmentsEntry),
  image_results: listOf(ImagesEntry),
  manifest_location: Text,
  backup_storage_used: Flag,
  ...Object.fromEntries(kinds.map(([field]) => [field, z.unknown().optional()])),
});

/** Reads an EgressInfo of the API or of a webhook; null where it is none. */
export function parseEgressInfo(value: unknown): EgressSnapshot | null {
  const keyed = snakeCaseKeys(value);
  const parsed = Info.safeParse(keyed);
  if (!parsed.success) return null;
  const info = parsed.data;
  const results = [...info.file_results, ...info.segment_results, ...info.stream_results, ...info.image_results];
  const beganNs = results.map((result) => result.started_at).filter((ns) => ns > 0n);
  const problem = problemOfEgress({ error: info.error, errorCode: info.error_code, details: info.details });
  return {
    egressId: info.egress_id,
    roomName: info.room_name,
    kind: kinds.find(([field]) => (info as Record<string, unknown>)[field] != null)?.[1] ?? 'v2',
    status: statuses[info.status],
    startedAtMs: msOrNull(info.started_at),
    // A starting stream already carries the time of its creation.
    mediaStartedAtMs:
      info.status === 'EGRESS_STARTING' || beganNs.length === 0
        ? null
        : msOrNull(beganNs.reduce((a, b) => (b < a ? b : a))),
    endedAtMs: msOrNull(info.ended_at),
    updatedAtNs: info.updated_at,
    error: redactSecrets(info.error.slice(0, 2_000)),
    errorCode: info.error_code,
    details: redactSecrets(info.details.slice(0, 2_000)),
    ...(problem && { problem }),
    results: resultsOf(info),
    asked: () => readAsked(keyed as Readonly<Record<string, unknown>>),
  };
}

/** What the server lists and nobody here can read: that it is there. Null where not even its id can be read. */
export function unclearEgress(value: unknown): EgressSnapshot | null {
  const parsed = Info.pick({ egress_id: true }).safeParse(snakeCaseKeys(value));
  if (!parsed.success) return null;
  return {
    egressId: parsed.data.egress_id,
    roomName: '',
    kind: 'v2',
    status: 'unknown',
    startedAtMs: null,
    mediaStartedAtMs: null,
    endedAtMs: null,
    updatedAtNs: 0n,
    error: '',
    errorCode: 0,
    details: '',
    results: noResults,
  };
}

function resultsOf(info: z.infer<typeof Info>): EgressResults {
  return {
    files: info.file_results.map((file) => ({
      name: file.filename,
      location: placeOf(file.location),
      bytes: file.size,
      durationMs: file.duration,
    })),
    segments: info.segment_results.map((entry) => ({
      playlistName: entry.playlist_name,
      playlistLocation: placeOf(entry.playlist_location),
      livePlaylistLocation: placeOf(entry.live_playlist_location),
      bytes: entry.size,
      durationMs: entry.duration,
      segmentCount: entry.segment_count,
    })),
    images: info.image_results.map((entry) => ({
      filenamePrefix: entry.filename_prefix,
      imageCount: entry.image_count,
    })),
    streams: info.stream_results.map((entry) => ({
      url: redactAddress(entry.url),
      status: streamStatuses[entry.status],
      startedAtMs: msOrNull(entry.started_at),
      endedAtMs: msOrNull(entry.ended_at),
      error: redactSecrets(entry.error.slice(0, 2_000)),
      retries: entry.retries,
      lastRetryAtMs: msOrNull(entry.last_retry_at),
    })),
    manifestLocation: placeOf(info.manifest_location),
    isInBackupStorage: info.backup_storage_used,
  };
}

/** With `generate_presigned_url` a worker tells addresses that open the file for everybody: only the place is kept. */
const placeOf = (location: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(location)
    ? location.replace(/\?.*(?:signature|sig|token|credential)=.*$/is, '')
    : location;
