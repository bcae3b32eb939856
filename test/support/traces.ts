import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EgressCall } from '../../src/core/livekit/egress-request/forms.ts';

/** Answers of a real livekit-server 1.13.5 and egress 1.14.1, recorded on loopback; all rooms and people are invented. */
export interface RecordedCall {
  readonly call: string;
  readonly status: number;
  readonly json?: { readonly code?: string; readonly msg?: string };
  readonly text?: string;
}
export interface RecordedEgress {
  readonly egress_id: string;
  readonly kind: readonly string[];
  readonly infos: readonly {
    readonly status: string;
    readonly error: string;
    readonly error_code: number;
    readonly details: string;
  }[];
}

const lines = (name: string): readonly unknown[] =>
  readFileSync(join(import.meta.dirname, 'traces', name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
export const recordedCalls = (): readonly RecordedCall[] => lines('calls.jsonl') as RecordedCall[];
/** Accepted starts: what was sent, and how the answer repeats it. */
export const recordedStarts = (): readonly {
  readonly call: EgressCall['method'];
  readonly req: EgressCall['body'];
  readonly json: unknown;
}[] => lines('starts.jsonl') as ReturnType<typeof recordedStarts>;
export const recordedEgress = (): readonly RecordedEgress[] => lines('egress-info.jsonl') as RecordedEgress[];
export const recordedWebhooks = (): readonly { readonly event: string; readonly id: string }[] =>
  lines('webhooks.jsonl') as { event: string; id: string }[];
