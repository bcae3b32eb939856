import { bytes, timer } from '../../shared/text/figures.ts';
import type { Account } from './control.ts';

export interface FileReport {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly durationMs: number;
  /** Its length against the job's own times; within 1 s is right. */
  readonly offByMs: number;
  readonly words: Account;
}
export interface JobReport {
  readonly title: string;
  readonly engine: string;
  readonly phase: string;
  readonly text: string;
  readonly refusal: string | null;
  readonly files: readonly FileReport[];
}
export interface Summary {
  readonly isRight: boolean;
  /** Each thing that is wrong, in a sentence. */
  readonly wrong: readonly string[];
  readonly rooms: readonly { readonly name: string; readonly people: number }[];
  readonly jobs: readonly JobReport[];
  readonly captions: {
    readonly feed: string;
    readonly words: Account;
    readonly lines: number;
    readonly delayMs: { readonly p50: number; readonly p95: number; readonly max: number } | null;
  };
  readonly incidents: readonly {
    readonly at: string;
    readonly kind: string;
    readonly what: string;
    readonly done: string;
  }[];
}

export function textOf(summary: Summary): string {
  const lines = ['', `Rooms: ${summary.rooms.map((room) => `${room.name} ${room.people}`).join(', ')}`];
  for (const job of summary.jobs) {
    lines.push(`Job "${job.title}" by ${job.engine}: ${job.phase}. ${job.text}`);
    if (job.refusal) lines.push(`  refused: ${job.refusal}`);
    for (const file of job.files) {
      lines.push(
        `  ${file.name}  ${bytes(file.bytes)}  ${timer(file.durationMs)}  off by ${file.offByMs} ms  words ${wordsOf(file.words)}`,
      );
    }
  }
  const { captions } = summary;
  lines.push(`Captions by ${captions.feed}: words ${wordsOf(captions.words)}, ${captions.lines} lines`);
  if (captions.delayMs)
    lines.push(
      `  delay, measured: ${captions.delayMs.p50} ms median, ${captions.delayMs.p95} ms p95, ${captions.delayMs.max} ms at most`,
    );
  lines.push(`Incidents: ${summary.incidents.length === 0 ? 'none' : ''}`);
  for (const incident of summary.incidents)
    lines.push(`  ${incident.at.slice(11, 19)} UTC  ${incident.kind}: ${incident.what} ${incident.done}`);
  lines.push(
    '',
    summary.isRight ? 'All of it is right.' : `Wrong:\n${summary.wrong.map((line) => `  ${line}`).join('\n')}`,
  );
  return lines.join('\n');
}

const wordsOf = (account: Account): string =>
  `${account.spoken - account.missing.length} of ${account.spoken}, ${account.doubled.length} doubled, ${account.wrong.length} wrong`;

/** Nearest rank; null without values. */
export function spread(values: readonly number[]): { p50: number; p95: number; max: number } | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
