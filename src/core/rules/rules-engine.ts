import { randomUUID } from 'node:crypto';
import type { Rule, RuleDraft, RuleSubject, RuleView } from '../../shared/model/rule.ts';
import { ProblemError, problemOf } from '../../shared/model/problem-error.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import { decide, type Decision } from './decide.ts';
import type { Budget, RuleStart, RuleStop, RuleStore, SeenJob, SeenRoom } from './ports.ts';
import { RuleEntries } from './rule-entries.ts';
import { textOf, unseenText } from './rule-text.ts';

export interface RulesEngineOptions {
  readonly store: RuleStore;
  /** Rooms of a server whose people are known; null while the server is not seen: nothing is decided then. */
  readonly rooms: (serverId: string) => readonly SeenRoom[] | null;
  readonly jobs: (serverId: string) => readonly SeenJob[];
  readonly budget: (serverId: string) => Budget;
  /** Begins a job and returns its id at once; throws a ProblemError where it cannot. */
  readonly start: (start: RuleStart) => string;
  readonly stop: (stop: RuleStop) => void;
  /** Calls back at each change of a server's rooms, jobs or limits, until the returned function is called. */
  readonly follow: (serverId: string, changed: () => void) => () => void;
  /** Calls back when a server was removed, until the returned function is called. */
  readonly onServerRemoved: (listener: (serverId: string) => void) => () => void;
  /** Something that was decided for the user. */
  readonly onDecided: (rule: Rule, what: string, done: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const maxRules = 100;
const maxSubjects = 500;
/** Changes come in bursts (a webhook, a look, a job's start): one decision answers them. */
const settleMs = 200;

interface Followed {
  readonly unfollow: () => void;
  timer: NodeJS.Timeout | null;
  dueMs: number;
}

/** Runs the rules of every server: looks when something changes, decides, and does what was decided. */
export class RulesEngine {
  readonly #options: RulesEngineOptions;
  readonly #rules = new Map<string, Rule>();
  readonly #entries: RuleEntries;
  readonly #cells = new Map<string, StateCell<{ rules: RuleView[] }>>();
  readonly #followed = new Map<string, Followed>();
  readonly #waiting = new Map<string, string>();
  readonly #offRemoved: () => void;
  #isClosed = false;

  constructor(options: RulesEngineOptions) {
    this.#options = options;
    this.#offRemoved = options.onServerRemoved((serverId) => this.#forgetServer(serverId));
    for (const rule of options.store.rules()) this.#rules.set(rule.id, rule);
    this.#entries = new RuleEntries(options.store, (ruleId) => this.#rules.has(ruleId), options.clock.nowMs());
    for (const serverId of new Set(Array.from(this.#rules.values(), (rule) => rule.serverId))) this.#follow(serverId);
  }

  rules(serverId: string): StateCell<{ rules: RuleView[] }> {
    const known = this.#cells.get(serverId);
    if (known) return known;
    const cell = new StateCell({ rules: this.#views(serverId, this.#decide(serverId)) });
    this.#cells.set(serverId, cell);
    return cell;
  }

  save(serverId: string, ruleId: string | undefined, draft: RuleDraft): Rule {
    const known = ruleId === undefined ? null : this.#known(ruleId);
    if (!known && this.#of(serverId).length >= maxRules) throw tooMany();
    const id = known?.id ?? `rule_${randomUUID().slice(0, 8)}`;
    const rule: Rule = { ...draft, id, serverId: known?.serverId ?? serverId, savedAtMs: this.#options.clock.nowMs() };
    this.#rules.set(id, rule);
    this.#options.store.saveRule(rule);
    const jobs = this.#options.jobs(rule.serverId);
    this.#entries.followParts(jobs);
    this.#entries.forgetOver(id, jobs);
    this.#follow(rule.serverId);
    this.#run(rule.serverId);
    return rule;
  }

  remove(ruleId: string): void {
    const rule = this.#known(ruleId);
    this.#rules.delete(ruleId);
    this.#options.store.removeRule(ruleId);
    this.#entries.forgetRule(ruleId);
    this.#waiting.delete(ruleId);
    if (this.#of(rule.serverId).length === 0) this.#unfollow(rule.serverId);
    this.#run(rule.serverId);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#offRemoved();
    for (const serverId of this.#followed.keys()) this.#unfollow(serverId);
    return Promise.resolve();
  }

  /** Its rules go with it. */
  #forgetServer(serverId: string): void {
    for (const rule of this.#of(serverId)) this.remove(rule.id);
    this.#unfollow(serverId);
    this.#cells.delete(serverId);
  }
  #of(serverId: string): readonly Rule[] {
    return Array.from(this.#rules.values()).filter((rule) => rule.serverId === serverId);
  }
  #known(ruleId: string): Rule {
    const rule = this.#rules.get(ruleId);
    if (rule) return rule;
    throw new ProblemError({ code: 'no-such-rule', fault: 'yours', retryable: false, text: 'This rule is gone.' });
  }

  #follow(serverId: string): void {
    if (this.#followed.has(serverId) || this.#isClosed) return;
    const entry: Followed = {
      unfollow: this.#options.follow(serverId, () => this.#soon(serverId, settleMs)),
      timer: null,
      dueMs: Infinity,
    };
    this.#followed.set(serverId, entry);
    this.#soon(serverId, settleMs);
  }
  #unfollow(serverId: string): void {
    const entry = this.#followed.get(serverId);
    this.#followed.delete(serverId);
    entry?.unfollow();
    if (entry?.timer) clearTimeout(entry.timer);
  }
  #soon(serverId: string, inMs: number): void {
    const entry = this.#followed.get(serverId);
    const dueMs = this.#options.clock.monotonicMs() + inMs;
    if (!entry || dueMs >= entry.dueMs) return;
    if (entry.timer) clearTimeout(entry.timer);
    entry.dueMs = dueMs;
    entry.timer = setTimeout(() => {
      entry.timer = null;
      entry.dueMs = Infinity;
      this.#run(serverId);
    }, inMs);
  }

  #decide(serverId: string): Decision {
    const { rooms, jobs, budget, clock } = this.#options;
    const rules = this.#of(serverId);
    const entries = this.#entries.all();
    return decide({
      rules,
      rooms: rules.length === 0 ? [] : (rooms(serverId) ?? []),
      jobs: jobs(serverId),
      entries,
      budget: budget(serverId),
      nowMs: clock.nowMs(),
    });
  }

  #run(serverId: string): void {
    if (this.#isClosed) return;
    this.#entries.followParts(this.#options.jobs(serverId));
    const decision = this.#decide(serverId);
    for (const stop of decision.stops) this.#stop(stop);
    for (const start of decision.starts) this.#start(start);
    // What was done has changed the jobs: what is shown is decided from them as they are now.
    const shown = decision.starts.length + decision.stops.length === 0 ? decision : this.#decide(serverId);
    this.#tellWaiting(shown);
    this.#publish(serverId, shown);
    const { nextAtMs } = shown;
    if (nextAtMs !== null) this.#soon(serverId, Math.max(settleMs, nextAtMs - this.#options.clock.nowMs()));
  }

  #start(start: RuleStart): void {
    const { clock, log } = this.#options;
    const { rule, key, roomName, identity, tries } = start;
    const entry = { ruleId: rule.id, key, jobId: '', roomName, identity, tries, atMs: clock.nowMs(), said: null };
    try {
      const jobId = this.#options.start(start);
      this.#entries.keep({ ...entry, jobId });
      log.info('A rule started a job', { ruleId: rule.id, roomName, what: start.what, jobId, tries });
    } catch (error) {
      const { code, text } = problemOf(error);
      if (code !== 'closing') this.#entries.keep({ ...entry, said: text });
      log.warn('A rule could not start a job', { ruleId: rule.id, roomName, code });
    }
  }

  /** What the rule itself has stopped is as if it had never been started: it may be wanted again. */
  #stop(stop: RuleStop): void {
    this.#options.log.info('A rule stopped a job', {
      ruleId: stop.rule.id,
      jobId: stop.jobId,
      roomName: stop.roomName,
    });
    this.#entries.forgetJob(stop.jobId);
    this.#options.stop(stop);
    this.#options.onDecided(stop.rule, `Rule ${stop.rule.name} stopped a recording in ${stop.roomName}.`, stop.why);
  }

  /** Told once when somebody begins to wait, and again only after nobody did. */
  #tellWaiting({ subjects }: Decision): void {
    for (const [ruleId, rows] of subjects) {
      const rule = this.#rules.get(ruleId);
      const short = rows.find((row) => row.reason.startsWith('Waits: '));
      if (!rule || !short) this.#waiting.delete(ruleId);
      else if (!this.#waiting.has(ruleId)) {
        this.#waiting.set(ruleId, short.reason);
        this.#options.onDecided(rule, `Rule ${rule.name} does not record everybody now.`, short.reason);
      }
    }
  }

  #publish(serverId: string, decision: Decision): void {
    const cell = this.#cells.get(serverId);
    if (!cell) return;
    const next = { rules: this.#views(serverId, decision) };
    if (JSON.stringify(next) !== JSON.stringify(cell.value)) cell.set(next);
  }
  #views(serverId: string, { subjects }: Decision): RuleView[] {
    const rules = this.#of(serverId);
    const isSeen = rules.length > 0 && this.#options.rooms(serverId) !== null;
    return rules.map((rule) => {
      const rows: readonly RuleSubject[] = subjects.get(rule.id) ?? [];
      return {
        rule,
        text: isSeen ? textOf(rule, rows) : unseenText,
        subjects: rows.slice(0, maxSubjects),
        hasMore: rows.length > maxSubjects,
      };
    });
  }
}

const tooMany = (): ProblemError =>
  new ProblemError({
    code: 'too-many-rules',
    fault: 'yours',
    retryable: false,
    text: `No more than ${maxRules} rules can be kept for a server.`,
  });
