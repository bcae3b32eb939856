import type { Rule } from '../../shared/model/rule.ts';
import { attemptOf, type Attempt } from './attempts.ts';
import { entryKey } from './entry-key.ts';
import type { RuleEntry, RuleStart, RuleStop, SeenJob, SeenRoom } from './ports.ts';

/** The clocks of a server and of here are no further apart, or its calls would be refused. */
const clockSkewMs = 60_000;

type Change =
  | { readonly do: 'start'; readonly start: RuleStart }
  | { readonly do: 'stop'; readonly stop: RuleStop }
  | { readonly do: 'later'; readonly atMs: number };

/**
 * The sound of one room by this computer, for those of a rule who find no egress session. It holds everybody in the room:
 * so it runs only while the rule leaves nobody out, and ends at once when somebody comes whom it does.
 */
export class DeskCover {
  readonly #rule: Rule;
  readonly #room: SeenRoom;
  readonly #attempt: Attempt;
  #leftOut: string | null = null;
  #wanted = 0;

  constructor(rule: Rule, room: SeenRoom, entries: ReadonlyMap<string, RuleEntry>, jobs: ReadonlyMap<string, SeenJob>) {
    this.#rule = rule;
    this.#room = room;
    const entry = entries.get(entryKey(rule.id, keyOf(room.name)));
    const job = entry && jobs.get(entry.jobId);
    // What was over before the room was opened is of another evening.
    const endedAtMs = job ? (job.endedAtMs ?? Infinity) : (entry?.atMs ?? Infinity);
    this.#attempt = endedAtMs < room.openedAtMs - clockSkewMs ? attemptOf(undefined, undefined) : attemptOf(entry, job);
  }

  leavesOut(identity: string): void {
    this.#leftOut ??= identity;
  }

  /** Somebody has no session: are they held here, or why not? */
  wants(): { readonly isThere: boolean; readonly words: string; readonly jobId: string | null } {
    this.#wanted++;
    const leftOut = this.#leftOut ?? null;
    if (leftOut !== null)
      return {
        isThere: false,
        words: `It is not recorded here meanwhile: that would hold ${leftOut}, whom the rule leaves out.`,
        jobId: null,
      };
    const jobId = this.#attempt.is === 'runs' ? this.#attempt.job.id : null;
    if (this.#attempt.is === 'over') return { isThere: false, words: this.#attempt.reason, jobId: null };
    return { isThere: true, words: 'The sound of the room is recorded here meanwhile.', jobId };
  }

  /** What is to be done once all of the room was judged. */
  change(nowMs: number): Change | null {
    const attempt = this.#attempt;
    if (attempt.is === 'runs') {
      if (attempt.job.state === 'stopping') return null;
      if (this.#leftOut === null && (this.#wanted > 0 || !this.#rule.isOn)) return null;
      const why =
        this.#leftOut === null
          ? 'Everybody whom the rule takes is recorded by egress.'
          : `${this.#leftOut} is in the room, whom the rule leaves out: the sound of the room would hold them.`;
      return {
        do: 'stop',
        stop: { rule: this.#rule, jobId: attempt.job.id, roomName: this.#room.name, why },
      };
    }
    if (!this.#rule.isOn || this.#wanted === 0 || this.#leftOut !== null || attempt.is === 'over') return null;
    if (attempt.is === 'again' && attempt.atMs > nowMs) return { do: 'later', atMs: attempt.atMs };
    return {
      do: 'start',
      start: {
        rule: this.#rule,
        key: keyOf(this.#room.name),
        roomName: this.#room.name,
        identity: '',
        name: '',
        what: 'room',
        trackSid: null,
        tries: attempt.tries + 1,
      },
    };
  }
}

const keyOf = (roomName: string): string => `desk ${roomName}`;
