import type { Job } from '../../../shared/model/job.ts';

type Cell = string | number | null;

const columns: readonly (readonly [string, (job: Job) => Cell])[] = [
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
  ['manifest', (job) => job.egress?.results.manifestLocation ?? ''],
  ['backup storage used', (job) => (job.egress?.results.isInBackupStorage ? 'yes' : 'no')],
  ['started', (job) => job.startedBy],
  ['server', (job) => job.serverId],
  ['egress', (job) => job.egress?.egressId ?? ''],
  ['job', (job) => job.id],
];

/** One row a job (RFC 4180). A text that a spreadsheet would take for a formula is kept a text. */
export const historyCsv = (jobs: readonly Job[]): string =>
  [columns.map(([name]) => cell(name)), ...jobs.map((job) => columns.map(([, of]) => cell(of(job))))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('');

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
