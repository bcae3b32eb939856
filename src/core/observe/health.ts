/** What health is told from: counts, never names. */
export interface HealthInput {
  readonly servers: { readonly all: number; readonly away: number; readonly withoutEgress: number };
  readonly egress: { readonly active: number; readonly completed: number; readonly failed: number };
  /** Of the last `recentMs`. */
  readonly recentlyFailed: number;
  /** False while the journal keeps in memory what its disk does not take. */
  readonly isJournalWritten: boolean;
  /** How long the disk lasts for what is recorded here; null where nothing is. */
  readonly diskLastsMs: number | null;
}
export interface Health {
  readonly service: 'livekit_egress';
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly active_egress: number;
  readonly completed_egress: number;
  readonly failed_egress: number;
  readonly supported_formats: readonly string[];
  readonly supported_storage: readonly string[];
  readonly reasons: readonly string[];
}

/** A failure is a reason for this long. */
export const recentMs = 10 * 60_000;
const diskShortMs = 10 * 60_000;

/** The health of what this console does, in the form that monitors of egress read. Pure. */
export function healthOf(input: HealthInput): Health {
  const { servers, egress, recentlyFailed, diskLastsMs } = input;
  const bad: string[] = [];
  const poor: string[] = [];
  if (servers.all === 0) poor.push('No server is set up.');
  else if (servers.away === servers.all) bad.push('No server answers.');
  else if (servers.away > 0)
    poor.push(`${servers.away} of ${servers.all} servers ${servers.away === 1 ? 'does' : 'do'} not answer.`);
  if (servers.withoutEgress > 0)
    poor.push(
      `${servers.withoutEgress} of ${servers.all} servers ${servers.withoutEgress === 1 ? 'has' : 'have'} no egress: recordings run here.`,
    );
  if (recentlyFailed > 0) poor.push(`${recentlyFailed} egress failed within the last 10 minutes.`);
  if (!input.isJournalWritten) bad.push('The journal cannot be written: what happens is kept in memory.');
  if (diskLastsMs !== null && diskLastsMs < diskShortMs)
    bad.push('The disk for recordings lasts less than 10 minutes.');
  return {
    service: 'livekit_egress',
    status: bad.length > 0 ? 'unhealthy' : poor.length > 0 ? 'degraded' : 'healthy',
    active_egress: egress.active,
    completed_egress: egress.completed,
    failed_egress: egress.failed,
    supported_formats: ['mp4', 'ogg', 'webm', 'ts', 'hls', 'rtmp', 'srt'],
    supported_storage: ['s3', 'gcp', 'azure', 'alioss'],
    reasons: [...bad, ...poor],
  };
}
