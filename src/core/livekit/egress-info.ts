import { z } from 'zod';
import { redactSecrets } from '../../shared/text/redact.ts';
import { Int64, msOrNull, snakeCaseKeys, Text } from './wire-fields.ts';

/** What the server says of one egress at one moment. Times are Unix milliseconds of the server's clock. */
export interface EgressSnapshot {
  readonly egressId: string;
  readonly roomName: string;
  readonly kind: 'room-composite' | 'web' | 'participant' | 'track-composite' | 'track' | 'v2';
  readonly status: 'starting' | 'active' | 'ending' | 'complete' | 'failed' | 'aborted' | 'limit-reached';
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
  readonly files: readonly EgressFile[];
}
interface EgressFile {
  readonly name: string;
  /** Empty until the upload is complete. */
  readonly location: string;
  readonly bytes: number;
  readonly durationMs: number;
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

const Result = z.object({ started_at: Int64, filename: Text, location: Text, size: Int64, duration: Int64 });
const Results = z
  .array(Result)
  .nullish()
  .transform((list) => list ?? []);
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
  stream_results: Results,
  file_results: Results,
  segment_results: Results,
  image_results: Results,
  ...Object.fromEntries(kinds.map(([field]) => [field, z.unknown().optional()])),
});

/** Reads an EgressInfo of the API or of a webhook; null where it is none. */
export function parseEgressInfo(value: unknown): EgressSnapshot | null {
  const parsed = Info.safeParse(snakeCaseKeys(value));
  if (!parsed.success) return null;
  const info = parsed.data;
  const results = [...info.file_results, ...info.segment_results, ...info.stream_results, ...info.image_results];
  const began = results.map((result) => result.started_at).filter((ns) => ns > 0n);
  return {
    egressId: info.egress_id,
    roomName: info.room_name,
    kind: kinds.find(([field]) => (info as Record<string, unknown>)[field] != null)?.[1] ?? 'v2',
    status: statuses[info.status],
    startedAtMs: msOrNull(info.started_at),
    // A starting stream already carries the time of its creation.
    mediaStartedAtMs:
      info.status === 'EGRESS_STARTING' || began.length === 0
        ? null
        : msOrNull(began.reduce((a, b) => (b < a ? b : a))),
    endedAtMs: msOrNull(info.ended_at),
    updatedAtNs: info.updated_at,
    error: redactSecrets(info.error.slice(0, 2_000)),
    errorCode: info.error_code,
    details: redactSecrets(info.details.slice(0, 2_000)),
    // The small fields of a failed item are not to be trusted: sizes and durations below zero were met.
    files: info.file_results.map((file) => ({
      name: file.filename,
      location: file.location,
      bytes: Math.max(0, Number(file.size)),
      durationMs: Math.max(0, Number(file.duration / 1_000_000n)),
    })),
  };
}
