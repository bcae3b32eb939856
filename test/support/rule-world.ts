import type { Clock } from '../../src/core/live/clock.ts';
import type { Log } from '../../src/core/live/log.ts';
import type {
  Budget,
  RuleEntry,
  RuleStart,
  RuleStore,
  SeenJob,
  SeenPerson,
  SeenTrack,
} from '../../src/core/rules/ports.ts';
import { RulesEngine } from '../../src/core/rules/rules-engine.ts';
import type { Rule, RuleDraft } from '../../src/shared/model/rule.ts';
import { vi } from 'vitest';

export const fileAt = (filePath: string, storageId: string | null = null) => ({
  fileType: 'mp4' as const,
  filePath,
  hasManifest: false,
  storageId,
});
export const draft = (part: Partial<RuleDraft>): RuleDraft => ({
  name: 'Everybody',
  isOn: true,
  roomName: null,
  takes: 'participants',
  include: [],
  exclude: [],
  withAgents: false,
  encoding: { use: 'default' },
  outputs: { file: fileAt('{room_name}/{publisher_identity}-{time}'), segments: null },
  whenFull: 'wait',
  leaveFree: 0,
  ...part,
});
export const rule = (part: Partial<Rule>): Rule => ({ ...draft({}), id: 'r1', serverId: 's', savedAtMs: 1, ...part });
export const track = (sid: string, kind: SeenTrack['kind']): SeenTrack => ({
  sid,
  kind,
  source: kind === 'audio' ? 'microphone' : 'camera',
  isEncrypted: false,
});
export const person = (identity: string, part: Partial<SeenPerson> = {}): SeenPerson => ({
  sid: `PA_${identity}`,
  identity,
  name: identity,
  kind: 'standard',
  tracks: [track(`TR_${identity}`, 'audio')],
  ...part,
});

interface WorldJob {
  readonly id: string;
  readonly start: RuleStart;
  readonly identity: string;
  state: SeenJob['state'];
  nextId: string | null;
  problem: SeenJob['problem'];
  endedAtMs: number | null;
}

class MemoryStore implements RuleStore {
  readonly known = new Map<string, Rule>();
  readonly kept = new Map<string, RuleEntry>();
  rules = (): readonly Rule[] => [...this.known.values()];
  saveRule = (saved: Rule): void => void this.known.set(saved.id, saved);
  removeRule = (id: string): void => void this.known.delete(id);
  entries = (): readonly RuleEntry[] => [...this.kept.values()];
  saveEntry = (saved: RuleEntry): void => void this.kept.set(JSON.stringify([saved.ruleId, saved.key]), saved);
  removeEntry = (ruleId: string, key: string): void => void this.kept.delete(JSON.stringify([ruleId, key]));
}

const names = ['ada', 'ben', 'cem', 'dee', 'eve', 'guest-1', 'guest-2'];

/** A server of two rooms, with people, sessions and failures under a seed; its time is the fake timers'. */
export class RuleWorld {
  readonly store = new MemoryStore();
  readonly jobs: WorldJob[] = [];
  readonly stopped: string[] = [];
  readonly #rooms = new Map<string, Map<string, SeenPerson>>([
    ['hall', new Map()],
    ['stage', new Map()],
  ]);
  readonly #options: { readonly seed: number; readonly clock: Clock; readonly log: Log };
  engine: RulesEngine;
  limit: number | null = 3;
  overBudget = 0;
  #changed = (): void => {};
  #seed: number;
  #count = 0;

  constructor(options: { readonly seed: number; readonly clock: Clock; readonly log: Log }) {
    this.#options = options;
    this.#seed = options.seed * 7_919;
    this.engine = this.#open();
  }

  join(room: string, identity: string, part: Partial<SeenPerson> = {}): void {
    this.leave(identity);
    const n = ++this.#count;
    this.#rooms
      .get(room)
      ?.set(identity, person(identity, { sid: `PA_${n}`, tracks: [track(`TR_${n}`, 'audio')], ...part }));
    this.#changed();
  }
  leave(identity: string): void {
    for (const people of this.#rooms.values()) people.delete(identity);
    this.#endGone();
  }
  republish(identity: string): void {
    for (const people of this.#rooms.values()) {
      const known = people.get(identity);
      if (known) people.set(identity, { ...known, tracks: [track(`TR_${++this.#count}`, 'audio')] });
    }
    this.#endGone();
  }
  fail(identity: string, problem: NonNullable<SeenJob['problem']>): void {
    for (const job of this.running()) if (job.identity === identity) this.#end(job, 'failed', problem);
    this.#changed();
  }
  /** At the session limit of its server another job goes on with what one has recorded. */
  handOver(identity: string): void {
    for (const job of this.running().filter((one) => one.identity === identity)) {
      const next = { ...job, id: `job-${++this.#count}` };
      this.jobs.push(next);
      job.nextId = next.id;
      this.#end(job, 'done', null);
    }
    this.#changed();
  }
  running(): readonly WorldJob[] {
    return this.jobs.filter((job) => job.state !== 'done' && job.state !== 'failed');
  }
  /** Lets the engine look, decide and act until it is quiet. */
  settle(ms = 1_500): void {
    vi.advanceTimersByTime(ms);
    for (const job of this.jobs) if (job.state === 'stopping') this.#end(job, 'done', null);
    this.#changed();
    vi.advanceTimersByTime(Math.max(ms, 500));
  }
  restart(): void {
    void this.engine.close();
    this.engine = this.#open();
  }
  close(): void {
    void this.engine.close();
  }

  /** One random thing that happens; says what. */
  step(): string {
    const pick = <T>(from: readonly T[]): T => from[Math.floor(this.#random() * from.length)] as T; // never empty
    const identity = pick(names);
    const saved = [...this.store.known.values()];
    const acts: Record<string, () => void> = {
      join: () => this.join(pick(['hall', 'stage']), identity),
      joinSilent: () => this.join('hall', identity, { tracks: [] }),
      leave: () => this.leave(identity),
      republish: () => this.republish(identity),
      begin: () => this.#begin(),
      refuse: () => this.fail(identity, { code: 'no-egress-worker', text: 'No worker.', isRetryable: true }),
      full: () => this.fail(identity, { code: 'egress-limit', text: 'No more.', isRetryable: false }),
      handOver: () => this.handOver(identity),
      limit: () => void (this.limit = pick([null, 0, 1, 2, 5])),
      wait: () => void vi.advanceTimersByTime(40_000),
      restart: () => this.restart(),
      rule: () => {
        const known = saved.length < 3 ? undefined : pick(saved).id;
        this.engine.save(
          's',
          known,
          draft({
            takes: pick(['participants', 'audio-tracks']),
            roomName: pick([null, 'hall']),
            exclude: pick([[], ['guest-*'], [identity]]),
            whenFull: pick(['wait', 'desk']),
            leaveFree: pick([0, 0, 1]),
            isOn: pick([true, true, false]),
          }),
        );
      },
      remove: () => {
        if (saved.length > 1) this.engine.remove(pick(saved).id);
      },
    };
    const what = pick(['join', 'join', 'join', 'begin', 'begin', 'rule', ...Object.keys(acts)]);
    acts[what]?.();
    this.#changed();
    return `${what} ${identity}`;
  }

  /** What should never be, in words; empty where all is well. */
  wrongs(): readonly string[] {
    const found: string[] = [];
    const seen = new Set<string>();
    const held = this.running().filter((job) => job.state !== 'stopping');
    for (const { start } of held) {
      const what = JSON.stringify([
        start.what,
        start.roomName,
        start.trackSid ?? start.identity,
        start.what === 'room' && start.rule.id,
      ]);
      if (seen.has(what)) found.push(`twice: ${what}`);
      seen.add(what);
      const now = this.store.known.get(start.rule.id);
      if (!now) continue; // its rule was removed: it goes on, as the producer was told
      const isOut = (identity: string): boolean =>
        now.exclude.some((one) => (one === 'guest-*' ? identity.startsWith('guest-') : one === identity));
      const isIn = now.roomName === null || now.roomName === start.roomName;
      if (isIn && start.what !== 'room' && isOut(start.identity))
        found.push(`excluded, and recorded: ${start.identity}`);
      const people = [...(this.#rooms.get(start.roomName)?.keys() ?? [])];
      if (isIn && start.what === 'room' && people.some(isOut)) found.push(`the desk holds somebody excluded`);
    }
    if (this.overBudget > 0) found.push('started over the budget');
    const { free, asking } = this.#budget();
    for (const { rule: one, subjects } of this.engine.rules('s').value.rules)
      for (const row of subjects)
        if (row.state === 'waits' && row.reason.startsWith('Waits: ') && asking < 4 && (free ?? 99) > one.leaveFree)
          found.push(`waits while there is room: ${row.identity}`);
    return found;
  }

  #open(): RulesEngine {
    return new RulesEngine({
      store: this.store,
      rooms: () => [...this.#rooms].map(([name, people]) => ({ name, openedAtMs: 0, people: [...people.values()] })),
      jobs: () => this.jobs.map((job) => this.#seen(job)),
      budget: () => this.#budget(),
      start: (start) => {
        const { free } = this.#budget();
        if (start.what !== 'room' && free !== null && free <= 0) this.overBudget++;
        const id = `job-${++this.#count}`;
        const { identity } = start;
        this.jobs.push({ id, start, identity, state: 'starting', nextId: null, problem: null, endedAtMs: null });
        return id;
      },
      stop: ({ jobId }) => {
        this.stopped.push(jobId);
        const job = this.jobs.find((one) => one.id === jobId);
        if (job && job.state !== 'done' && job.state !== 'failed') job.state = 'stopping';
      },
      follow: (_serverId, changed) => {
        this.#changed = changed;
        return () => {
          this.#changed = () => {};
        };
      },
      onServerRemoved: () => () => {},
      onDecided: () => {},
      clock: this.#options.clock,
      log: this.#options.log,
    });
  }
  #budget(): Budget {
    const sessions = this.running().filter((job) => job.start.what !== 'room');
    const free = this.limit === null ? null : Math.max(0, this.limit - sessions.length);
    return {
      isListed: true,
      free,
      limit: this.limit,
      asking: sessions.filter((job) => job.state === 'starting').length,
    };
  }
  #seen({ id, start, state, nextId, problem, endedAtMs }: WorldJob): SeenJob {
    const { what, identity, trackSid, roomName } = start;
    const subject: SeenJob['subject'] =
      what === 'participant'
        ? { by: 'participant', identity }
        : what === 'track'
          ? { by: 'track', trackSid: trackSid ?? '' }
          : { by: 'other' };
    return { id, roomName, subject, state, nextId, problem, endedAtMs, ranMs: 0 };
  }
  #begin(): void {
    for (const job of this.jobs) if (job.state === 'starting') job.state = 'recording';
  }
  /** As at a real server: what records somebody, or a track, ends when that has gone. */
  #endGone(): void {
    for (const job of this.running()) {
      const { what, roomName, identity, trackSid } = job.start;
      const there = this.#rooms.get(roomName)?.get(identity);
      const isThere = what === 'track' ? there?.tracks.some((one) => one.sid === trackSid) : there !== undefined;
      if (what !== 'room' && !isThere) this.#end(job, 'done', null);
    }
    this.#changed();
  }
  #end(job: WorldJob, state: 'done' | 'failed', problem: SeenJob['problem']): void {
    job.state = state;
    job.problem = problem;
    job.endedAtMs = this.#options.clock.nowMs();
  }
  #random(): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return this.#seed / 2_147_483_648;
  }
}
