import type { CaptionSession } from '../../shared/model/captions.ts';
import type { Job } from '../../shared/model/job.ts';
import type { PriceList, ShowCost } from '../../shared/model/price.ts';
import type { ServerKind } from '../../shared/model/server.ts';
import { money } from '../../shared/text/figures.ts';
import type { CaptionController } from '../captions/caption-controller.ts';
import type { JobController } from '../jobs/job-controller.ts';
import { wayOf, ways } from '../jobs/plan/ways.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import type { Incidents } from '../observe/incidents.ts';
import type { LimitBook } from '../observe/limits.ts';
import { priceList } from '../observe/price-list.ts';
import { capAlarm, showCost, type CostItem } from '../observe/show-cost.ts';
import type { FigureBook } from '../settings/figure-book.ts';
import type { ServerBook } from '../settings/server-book.ts';

export interface CostWatchOptions {
  readonly servers: ServerBook;
  readonly jobs: JobController;
  readonly captions: CaptionController;
  readonly figures: FigureBook;
  readonly limits: LimitBook;
  readonly incidents: Incidents;
  readonly clock: Clock;
  readonly log: Log;
}

/** A cent that is ten seconds late frightens nobody. */
const countEveryMs = 10_000;

/** Counts what the show of today costs at each server, and alarms at 80 % and 100 % of its cap. */
export class CostWatch {
  readonly #options: CostWatchOptions;
  readonly #scope: Scope;
  /** By server: the cap and the share of it that were told of last. */
  readonly #told = new Map<string, string>();

  constructor(options: CostWatchOptions) {
    this.#options = options;
    this.#scope = new Scope('cost', {
      onError: (error) => options.log.error('The cost is no longer counted', {}, error),
    });
    this.#scope.add(
      'prices',
      options.figures.figures.on(() => {
        this.#count();
        options.limits.refresh();
      }),
    );
    this.#scope.spawn('count', async (signal) => {
      while (!signal.aborted) {
        this.#count();
        await options.clock.delay(countEveryMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
      }
    });
  }
  close(): Promise<void> {
    return this.#scope.close();
  }

  #count(): void {
    const { servers, jobs, captions, figures, limits, clock } = this.#options;
    const list = priceList(figures.figures.value);
    const nowMs = clock.nowMs();
    for (const { id, kind, name } of servers.servers.value.servers) {
      const cost = costOfToday(
        {
          kind,
          jobs: jobs.jobs(id).value.jobs,
          sessions: captions.sessions(id).value,
          list,
          cap: figures.of(id).costCap,
        },
        nowMs,
      );
      limits.setCost(id, cost);
      this.#alarm(id, name, cost);
    }
  }

  #alarm(serverId: string, name: string, cost: ShowCost): void {
    const share = capAlarm(cost);
    const state = `${cost.cap} ${share}`;
    if (this.#told.get(serverId) === state) return;
    this.#told.set(serverId, state);
    const { incidents } = this.#options;
    incidents.closeWhere({ kind: 'cost', serverId }, 'The cap was changed, or more of it was used.');
    if (share === null || cost.cap === null) return;
    const cap = money(cost.cap, cost.currency);
    incidents.add({
      kind: 'cost',
      state: 'trouble',
      serverId,
      what:
        share === 1
          ? `The show at ${name} has reached its cost cap of ${cap}.`
          : `The show at ${name} has used 80 % of its cost cap of ${cap}.`,
      detail: `Estimated: ${money(cost.amount, cost.currency)} today, ${money(cost.perHour, cost.currency)} an hour now.`,
      done: 'Nothing was stopped. Stop what is not needed, or raise the cap in the limits.',
    });
  }
}

/** A pause within a show; what ended longer before was another. */
const longestPauseMs = 3_600_000;

interface Run {
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
}
/** When the show of today began: it may have gone over midnight, and over short pauses before. Infinity: there is none. */
function beganAtMs(runs: readonly Run[], dayMs: number): number {
  let fromMs = Infinity;
  for (const run of runs.toSorted((a, b) => endOf(b) - endOf(a)))
    if (run.startedAtMs !== null && endOf(run) >= Math.min(dayMs, fromMs - longestPauseMs))
      fromMs = Math.min(fromMs, run.startedAtMs);
  return fromMs;
}
const endOf = ({ endedAtMs }: Run): number => endedAtMs ?? Number.MAX_SAFE_INTEGER; // a difference of two Infinities is none

/** What the show of today has cost: what runs, what ended since midnight, and what came before it in the same show. */
export function costOfToday(
  server: {
    readonly kind: ServerKind;
    readonly jobs: readonly Job[];
    readonly sessions: readonly CaptionSession[];
    readonly list: PriceList;
    readonly cap: number | null;
  },
  nowMs: number,
): ShowCost {
  const { kind, list, cap } = server;
  const dayMs = new Date(nowMs).setHours(0, 0, 0, 0);
  const showMs = beganAtMs([...server.jobs, ...server.sessions], dayMs);
  const isOfShow = ({ endedAtMs }: { readonly endedAtMs: number | null }): boolean =>
    endedAtMs === null || endedAtMs >= Math.min(dayMs, showMs);
  const jobs = server.jobs.filter(isOfShow);
  const sessions = server.sessions.filter(isOfShow);
  // Only the Cloud bills egress by the minute; the rehearsal's transcriber is its own.
  const egress = kind === 'cloud' ? [...jobs.flatMap(egressItem), ...sessions.flatMap(feedItem)] : [];
  const captions = kind === 'rehearsal' ? [] : sessions.flatMap(captionItem);
  const stored = jobs
    .flatMap((job) => job.files)
    .filter((file) => file.engine === 'egress' && !file.isLocal && file.isComplete);
  const storedBytes = kind === 'cloud' ? stored.reduce((total, file) => total + (file.bytes ?? 0), 0) : 0;
  return showCost({ items: [...egress, ...captions], storedBytes, list, cap, nowMs });
}

function egressItem({ egress, request }: Job): CostItem[] {
  const { metering } = ways[wayOf(request)];
  if (!egress || egress.startedAtMs === null || metering === 'none') return [];
  const price = metering === 'track' ? 'egress-track' : 'egress-transcoded';
  return [{ price, startedAtMs: egress.startedAtMs, endedAtMs: egress.endedAtMs, count: 1 }];
}

/** Captions that hear the room by track egress take one for each voice. */
function feedItem({ feed, startedAtMs, endedAtMs, speakers }: CaptionSession): CostItem[] {
  if (feed !== 'track-socket' || startedAtMs === null) return [];
  return [{ price: 'egress-track', startedAtMs, endedAtMs, count: speakers.length }];
}

/** A session is opened with one of these many channels, and silent ones are billed too. */
const channelSteps = [1, 2, 4, 6, 8];

function captionItem({ startedAtMs, endedAtMs, fit, speakers }: CaptionSession): CostItem[] {
  if (startedAtMs === null) return [];
  const count = fit === 'mix' ? 1 : (channelSteps.find((step) => step >= speakers.length) ?? 8);
  return [{ price: 'captions', startedAtMs, endedAtMs, count }];
}
