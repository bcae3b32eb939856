import type { CaptionSession, Gap } from '../../../../shared/model/captions.ts';
import { isRunning, type Job } from '../../../../shared/model/job.ts';
import { isKept } from '../../../../shared/model/streaming.ts';

/** A stretch of wall clock time, milliseconds since the epoch. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Which second is in which copy. */
export interface Coverage extends Stretch {
  readonly isRunning: boolean;
  readonly egress: readonly Stretch[];
  readonly desk: readonly Stretch[];
  readonly captions: readonly Stretch[];
  readonly captionGaps: readonly Stretch[];
  /** Null where nothing was recorded at all. */
  readonly recorded: {
    readonly allMs: number;
    readonly keptMs: number;
    /** From a press of Start to the first sound or picture that was kept. */
    readonly missingStarts: readonly Stretch[];
    /** Holes in neither copy, later than that. A pause that was asked for is none. */
    readonly neither: readonly Stretch[];
  } | null;
}

const oneShowMs = 300_000; // recordings less than five minutes apart are of one show
const leastHoleMs = 500; // under half a second is the seam of two clocks, not a hole

/** Stretches in order, without overlap; those that touch are one. */
export function union(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const each of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = joined.at(-1);
    if (each.toMs <= each.fromMs) continue;
    if (last && each.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, each.toMs);
    else joined.push({ fromMs: each.fromMs, toMs: each.toMs });
  }
  return joined;
}

/** What of `whole` is in none of the (united) stretches. */
export function holes(whole: Stretch, stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = [];
  let atMs = whole.fromMs;
  for (const each of stretches) {
    if (each.fromMs > atMs) found.push({ fromMs: atMs, toMs: Math.min(each.fromMs, whole.toMs) });
    atMs = Math.max(atMs, each.toMs);
  }
  if (atMs < whole.toMs) found.push({ fromMs: atMs, toMs: whole.toMs });
  return found.filter((each) => each.toMs > each.fromMs);
}

const total = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, each) => sum + each.toMs - each.fromMs, 0);

interface Part {
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
}
const stretchOf = (part: Part, isOver: boolean, job: Job, nowMs: number): Stretch[] =>
  part.startedAtMs === null
    ? []
    : [{ fromMs: part.startedAtMs, toMs: part.endedAtMs ?? (isOver ? (job.endedAtMs ?? part.startedAtMs) : nowMs) }];

const egressOver: ReadonlySet<string> = new Set(['complete', 'failed', 'aborted', 'limit-reached', 'refused']);
const deskOver: ReadonlySet<string> = new Set(['kept', 'released', 'failed']);

const isEgressLost = (job: Job): boolean =>
  job.egress?.status === 'failed' && !job.files.some((file) => file.engine === 'egress' && file.isComplete);

function egressOf(job: Job, nowMs: number): Stretch[] {
  if (!job.egress || isEgressLost(job)) return [];
  return stretchOf(job.egress, egressOver.has(job.egress.status), job, nowMs);
}

function deskOf(job: Job, nowMs: number): Stretch[] {
  if (!job.desk) return [];
  // What was released or failed counts only as far as there are files of it.
  const isKept = !['released', 'failed'].includes(job.desk.status) || job.files.some((file) => file.engine === 'desk');
  const present = isKept ? stretchOf(job.desk, deskOver.has(job.desk.status), job, nowMs) : [];
  const all = union([...partsBefore(job, present[0]?.fromMs ?? Infinity), ...present]);
  return all.flatMap((each) => holes(each, job.desk?.holes ?? []));
}

/** A recording here may have several parts; what came before the present one is told by its files. */
const partsBefore = (job: Job, untilMs: number): Stretch[] =>
  job.files.flatMap(({ engine, content, startedAtMs, durationMs }) =>
    engine === 'desk' && content === 'program' && startedAtMs !== null && durationMs !== null && startedAtMs < untilMs
      ? [{ fromMs: startedAtMs, toMs: Math.min(startedAtMs + durationMs, untilMs) }]
      : [],
  );

const endOf = (job: Job, nowMs: number): number => (isRunning(job) ? nowMs : (job.endedAtMs ?? job.phaseAtMs));

/** The jobs of the present show: those that run, or else the newest, and what came shortly before them. */
function ofThisShow(jobs: readonly Job[], nowMs: number): readonly Job[] {
  const newest = jobs.toSorted((a, b) => endOf(b, nowMs) - endOf(a, nowMs));
  const show: Job[] = [];
  let fromMs = Infinity;
  for (const job of newest) {
    if (show.length > 0 && endOf(job, nowMs) < fromMs - oneShowMs) break;
    show.push(job);
    fromMs = Math.min(fromMs, job.requestedAtMs);
  }
  return show;
}

/** Coverage of one room; null where nothing was to be kept and nothing captioned. `jobs` are of that room alone. */
export function coverageOf(
  jobs: readonly Job[],
  session: CaptionSession | null,
  gaps: readonly Gap[],
  nowMs: number,
): Coverage | null {
  const show = ofThisShow(
    jobs.filter((job) => isKept(job.request)),
    nowMs,
  );
  const zeroMs = session?.startedAtMs ?? null;
  const heard = session && zeroMs !== null ? { fromMs: zeroMs, toMs: session.endedAtMs ?? nowMs } : null;
  if (show.length === 0 && heard === null) return null;
  const asked = askedOf(show, nowMs);
  const egress = union(show.flatMap((job) => egressOf(job, nowMs)));
  const desk = union(show.flatMap((job) => deskOf(job, nowMs)));
  const whole = heard === null ? asked : [...asked, heard];
  const isCaptioning = session !== null && session.state !== 'ended';
  const captionGaps =
    zeroMs === null
      ? []
      : union(
          gaps
            .filter((gap) => gap.identity === null) // of the whole room; one person's gap does not hide the others
            .map((gap) => ({ fromMs: zeroMs + gap.startMs, toMs: gap.endMs === null ? nowMs : zeroMs + gap.endMs })),
        );
  return {
    fromMs: Math.min(...whole.map((each) => each.fromMs)),
    toMs: Math.max(...whole.map((each) => each.toMs)),
    isRunning: isCaptioning || show.some(isRunning),
    egress,
    desk,
    captions: heard ? holes(heard, captionGaps) : [],
    captionGaps,
    recorded: show.length === 0 ? null : recordedOf(asked, union([...egress, ...desk])),
  };
}

/** A time in which something was to be kept, with the end of the last recording of egress in it that was lost with its file. */
interface Asked extends Stretch {
  readonly lostUntilMs: number;
}

/** When something was to be kept. A pause begins where a stop was asked of the last recording; one that ended by itself leaves a hole. */
function askedOf(show: readonly Job[], nowMs: number): readonly Asked[] {
  const joined: { fromMs: number; toMs: number; lostUntilMs: number; isWanted: boolean }[] = [];
  for (const job of show.toSorted((a, b) => a.requestedAtMs - b.requestedAtMs)) {
    const toMs = endOf(job, nowMs);
    // What was not taken at the end is missing, and no recording that is only being finished.
    const holedUntilMs = job.desk?.holes.at(-1)?.toMs ?? -Infinity;
    const lostUntilMs = Math.max(holedUntilMs, isEgressLost(job) ? (job.egress?.endedAtMs ?? toMs) : -Infinity);
    const isWanted = job.stopAskedAtMs !== null;
    const last = joined.at(-1);
    if (last && (!last.isWanted || job.requestedAtMs <= last.toMs)) {
      last.isWanted = toMs < last.toMs ? last.isWanted : isWanted;
      last.toMs = Math.max(last.toMs, toMs);
      last.lostUntilMs = Math.max(last.lostUntilMs, lostUntilMs);
    } else joined.push({ fromMs: job.requestedAtMs, toMs, lostUntilMs, isWanted });
  }
  return joined;
}

function recordedOf(asked: readonly Asked[], kept: readonly Stretch[]): NonNullable<Coverage['recorded']> {
  const parts = asked.map((each) => partOf(each, kept));
  return {
    allMs: total(parts.map(({ whole }) => whole)),
    keptMs: total(parts.flatMap((part) => part.kept)),
    missingStarts: parts.flatMap((part) => part.missingStart ?? []),
    neither: parts.flatMap((part) => part.neither),
  };
}

function partOf(asked: Asked, all: readonly Stretch[]) {
  const kept = within(asked, all);
  const first = kept[0];
  const last = kept.at(-1);
  // After the last kept sound a recording is only being finished: no second of the room is lost by that.
  const isFinished = last !== undefined && last.toMs >= asked.lostUntilMs && asked.toMs - last.toMs < 30_000;
  const whole = { fromMs: asked.fromMs, toMs: Math.max(isFinished ? last.toMs : asked.toMs, asked.fromMs) };
  const found = holes(whole, kept).filter((hole) => hole.toMs - hole.fromMs >= leastHoleMs);
  const missingStart = first && found[0] && found[0].fromMs === whole.fromMs ? found[0] : null;
  return { whole, kept, missingStart, neither: missingStart ? found.slice(1) : first ? found : [] };
}

/** What of the (united) stretches lies in `whole`. */
const within = (whole: Stretch, stretches: readonly Stretch[]): readonly Stretch[] =>
  stretches
    .map((each) => ({ fromMs: Math.max(each.fromMs, whole.fromMs), toMs: Math.min(each.toMs, whole.toMs) }))
    .filter((each) => each.toMs > each.fromMs);

/** Where the ruler has its marks: at most nine, at round times since the beginning. */
export function ruler(lengthMs: number): readonly number[] {
  const steps = [5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].map((s) => s * 1000);
  const step = steps.find((each) => lengthMs / each <= 9) ?? 28_800_000;
  const marks: number[] = [];
  // The last mark keeps clear of "now".
  for (let atMs = 0; atMs <= lengthMs - step * 0.4 || atMs === 0; atMs += step) marks.push(atMs);
  return marks;
}
