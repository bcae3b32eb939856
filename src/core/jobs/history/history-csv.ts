import type { FileCheck } from '../../../shared/model/file-check.ts';
import type { Job } from '../../../shared/model/job.ts';

type Cell = string | number | null;
type Checks = readonly FileCheck[];

const columns: readonly (readonly [string, (job: Job, checks: Checks) => Cell])[] = [
  ['requested (UTC)', (job) => utc(job.requestedAtMs)],
  ['media began (UTC)', (job) => utc(job.startedAtMs)],
  ['ended (UTC)', (job) => utc(job.endedAtMs)],
  ['title', (job) => job.title],
  ['room', (job) => job.roomName],
  ['kind', (job) => job.request.kind],
  ['done by', (job) => job.engine],
  ['state', (job) => job.phase],
  ['in words', (job) => job.text],
  ['seconds', (job) => secondsOf(job)],
  ['bytes', (job) => sum(job.files.map((file) => file.bytes))],
  ['files', (job) => job.files.map((file) => file.location).join('; ')],
  ['found after the end', (job, checks) => foundText(job, checks)],
  ['looked for (UTC)', (_job, checks) => utc(newest(checks))],
  ['manifest', (job) => job.egress?.results.manifestLocation ?? ''],
  ['backup storage used', (job) => (job.egress?.results.isInBackupStorage ? 'yes' : 'no')],
  ['started', (job) => job.startedBy],
  ['server', (job) => job.serverId],
  ['egress', (job) => job.egress?.egressId ?? ''],
  ['job', (job) => job.id],
];

/** One row a job (RFC 4180). A text that a spreadsheet would take for a formula is kept a text. */
export const historyCsv = (jobs: readonly Job[], checksOf: (jobId: string) => Checks): string =>
  [columns.map(([name]) => cell(name)), ...jobs.map((job) => rowOf(job, checksOf(job.id)))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');

const rowOf = (job: Job, checks: Checks): string[] => columns.map(([, of]) => cell(of(job, checks)));

/** "a.mp4: there, 1.2 GB (MD5 5d41...)", a file after the other. */
const foundText = ({ files }: Job, checks: Checks): string =>
  checks
    .map(({ fileId, state, text, checksum }) => {
      const name = files.find(({ id }) => id === fileId)?.name ?? fileId;
      const found = state === 'missing' || state === 'unknown' ? `${state}, ${text}` : text;
      return `${name}: ${found}${checksum ? ` (${checksum.kind} ${checksum.value})` : ''}`;
    })
    .join('; ');
const newest = (checks: Checks): number | null =>
  checks.length === 0 ? null : Math.max(...checks.map(({ atMs }) => atMs));

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const utc = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
const sum = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};
const secondsOf = ({ startedAtMs, endedAtMs }: Job): number | null =>
  startedAtMs === null || endedAtMs === null ? null : Math.round(endedAtMs - startedAtMs) / 1_000;
