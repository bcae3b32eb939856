import type { Rule, RuleSubject } from '../../shared/model/rule.ts';
import { clockUtc } from '../../shared/text/utc.ts';
import { attemptOf } from './attempts.ts';
import { DeskCover } from './desk-cover.ts';
import { entryKey } from './entry-key.ts';
import { whyLeftOut } from './match.ts';
import type { Budget, RuleEntry, RuleStart, RuleStop, SeenJob, SeenRoom } from './ports.ts';
import { candidatesOf, isSubject, type Candidate } from './subjects.ts';

export interface DecideInput {
  /** All of one server, on or off. */
  readonly rules: readonly Rule[];
  readonly rooms: readonly SeenRoom[];
  readonly jobs: readonly SeenJob[];
  readonly entries: readonly RuleEntry[];
  readonly budget: Budget;
  readonly nowMs: number;
}
export interface Decision {
  readonly starts: readonly RuleStart[];
  readonly stops: readonly RuleStop[];
  readonly subjects: ReadonlyMap<string, readonly RuleSubject[]>;
  /** When something becomes due by time alone; null: nothing does. */
  readonly nextAtMs: number | null;
}

/** A start may wait 25 s for its answer at the server: more than this at once would only wait in line there. */
const maxAsking = 4;

const runs = (job: SeenJob): boolean => job.state !== 'done' && job.state !== 'failed';

/** Which jobs rules want now, which of theirs must end, and of each person or track why. Pure. */
export function decide(input: DecideInput): Decision {
  const jobs = new Map(input.jobs.map((job) => [job.id, job]));
  const entries = new Map(input.entries.map((entry) => [entryKey(entry.ruleId, entry.key), entry]));
  const running = input.jobs.filter(runs);
  const starts: RuleStart[] = [];
  const stops: RuleStop[] = [];
  const subjects = new Map<string, readonly RuleSubject[]>();
  const taken = new Set<string>();
  let { asking } = input.budget;
  let free = input.budget.free ?? Infinity;
  let nextAtMs: number | null = null;
  const dueAt = (atMs: number): void => {
    nextAtMs = nextAtMs === null ? atMs : Math.min(nextAtMs, atMs);
  };

  for (const rule of input.rules) {
    const rows: RuleSubject[] = [];
    for (const room of input.rooms) {
      if (rule.roomName !== null && rule.roomName !== room.name) continue;
      const desk = new DeskCover(rule, room, entries, jobs);
      const people = room.people.map((person) => ({ person, leftOut: whyLeftOut(rule, person) }));
      for (const { person, leftOut } of people)
        if (leftOut !== null) {
          desk.leavesOut(person.identity);
          stopAllOf(rule, room.name, person.identity, leftOut);
        }
      for (const { person, leftOut } of people)
        for (const candidate of candidatesOf(rule, room, person)) rows.push(judge(rule, candidate, leftOut, desk));
      const change = desk.change(input.nowMs);
      if (change?.do === 'start') starts.push(change.start);
      if (change?.do === 'stop') stops.push(change.stop);
      if (change?.do === 'later') dueAt(change.atMs);
    }
    subjects.set(rule.id, rows);
  }
  return { starts, stops, subjects, nextAtMs };

  /** All that a rule has started of somebody, also under what it took before it was changed. */
  function stopAllOf(rule: Rule, roomName: string, identity: string, why: string): void {
    for (const entry of input.entries) {
      if (entry.ruleId !== rule.id || entry.roomName !== roomName || entry.identity !== identity) continue;
      const job = jobs.get(entry.jobId);
      if (job && runs(job) && job.state !== 'stopping') stops.push({ rule, jobId: job.id, roomName, why });
    }
  }

  function judge(rule: Rule, candidate: Candidate, leftOut: string | null, desk: DeskCover): RuleSubject {
    const { key, hindrance } = candidate;
    const entry = entries.get(entryKey(rule.id, key));
    const attempt = attemptOf(entry, entry && jobs.get(entry.jobId));
    const row = rowMaker(candidate);
    if (leftOut !== null) return row('excluded', leftOut, null);
    if (attempt.is === 'runs') {
      taken.add(key);
      const state = attempt.job.state === 'starting' ? 'starting' : 'recording';
      return row(state, state === 'starting' ? 'Its job starts.' : 'Recorded by this rule.', attempt.job.id);
    }
    const other = running.find((job) => job.roomName === candidate.room.name && isSubject(job.subject, candidate));
    if (other || taken.has(key)) return row('recording', 'Recorded by another job already.', other?.id ?? null);
    if (attempt.is === 'over') return row(attempt.state, attempt.reason, null);
    if (!rule.isOn) return row('waits', 'The rule is off.', null);
    if (hindrance) return row(hindrance.state, hindrance.reason, null);
    if (attempt.is === 'again' && attempt.atMs > input.nowMs) {
      dueAt(attempt.atMs);
      return short(rule, row, desk, `${attempt.reason} Tried again at ${utc(attempt.atMs)}.`);
    }
    if (!input.budget.isListed) return row('waits', 'Waits until the server has told what runs there.', null);
    if (free <= rule.leaveFree) return short(rule, row, desk, fullWords(input.budget, rule));
    if (asking >= maxAsking) return row('waits', 'Waits its turn: others are being started.', null);
    free--;
    asking++;
    taken.add(key);
    const { room, person, track } = candidate;
    starts.push({
      rule,
      key,
      roomName: room.name,
      identity: person.identity,
      name: person.name,
      what: track === null ? 'participant' : 'track',
      trackSid: track?.sid ?? null,
      tries: attempt.tries + 1,
    });
    return row('starting', 'Its job starts.', null);
  }
}

type Row = (state: RuleSubject['state'], reason: string, jobId: string | null) => RuleSubject;
const rowMaker =
  ({ room, person, track }: Candidate): Row =>
  (state, reason, jobId) => ({
    roomName: room.name,
    identity: person.identity,
    name: person.name,
    trackSid: track?.sid ?? null,
    source: track?.source ?? null,
    state,
    reason,
    jobId,
  });

/** No session for it now: it waits, or the sound of its room is recorded here meanwhile. */
function short(rule: Rule, row: Row, desk: DeskCover, reason: string): RuleSubject {
  if (rule.whenFull === 'wait') return row('waits', reason, null);
  const cover = desk.wants();
  return cover.isThere
    ? row('desk', `${reason} ${cover.words}`, cover.jobId)
    : row('waits', `${reason} ${cover.words}`, null);
}

function fullWords({ limit, free }: Budget, rule: Rule): string {
  if (free !== null && free > 0 && rule.leaveFree > 0)
    return `Waits: ${free} ${free === 1 ? 'session is' : 'sessions are'} free, and the rule leaves ${rule.leaveFree} to you.`;
  if (limit === 0) return 'Waits: this server has no egress.';
  return limit === null ? 'Waits: no egress session is free.' : `Waits: all ${limit} egress sessions are in use.`;
}
const utc = (unixMs: number): string => `${clockUtc(unixMs)} UTC`;
