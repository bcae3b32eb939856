import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { Rule } from '../../shared/model/rule.ts';
import type { Log } from '../live/log.ts';
import type { PatientWrites } from './patient-writes.ts';
import { readJson } from './rows.ts';

const RuleEntry = z.object({
  ruleId: z.string(),
  key: z.string(),
  jobId: z.string(),
  roomName: z.string(),
  identity: z.string(),
  tries: z.number(),
  atMs: z.number(),
  said: z.string().nullable(),
});
/** What a rule has started for one person, track or room. */
export type RuleEntry = z.infer<typeof RuleEntry>;

export class RulesTable {
  readonly #log: Log;
  readonly #writes: PatientWrites;
  readonly #saveRule: StatementSync;
  readonly #removeRule: StatementSync;
  readonly #rules: StatementSync;
  readonly #saveEntry: StatementSync;
  readonly #removeEntry: StatementSync;
  readonly #entries: StatementSync;
  constructor(db: DatabaseSync, writes: PatientWrites, log: Log) {
    this.#log = log;
    this.#writes = writes;
    this.#saveRule = db.prepare(
      'INSERT INTO rules (id, saved_at_ms, rule) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET rule = excluded.rule',
    );
    this.#removeRule = db.prepare('DELETE FROM rules WHERE id = ?');
    this.#rules = db.prepare('SELECT id, rule FROM rules ORDER BY saved_at_ms, rowid');
    this.#saveEntry = db.prepare(
      `INSERT INTO rule_entries (rule_id, key, entry) VALUES (?, ?, ?)
       ON CONFLICT (rule_id, key) DO UPDATE SET entry = excluded.entry`,
    );
    this.#removeEntry = db.prepare('DELETE FROM rule_entries WHERE rule_id = ? AND key = ?');
    this.#entries = db.prepare('SELECT rule_id AS id, entry FROM rule_entries');
  }
  /** In order of their first saving. */
  rules(): readonly Rule[] {
    return readJson(Rule, this.#rules.all(), 'rule', this.#log);
  }
  saveRule(rule: Rule): void {
    const { id, savedAtMs } = rule;
    this.#writes.write(`rule ${id}`, () => this.#saveRule.run(id, savedAtMs, JSON.stringify(rule)));
  }
  removeRule(ruleId: string): void {
    this.#writes.write(`rule ${ruleId}`, () => this.#removeRule.run(ruleId));
  }
  entries(): readonly RuleEntry[] {
    return readJson(RuleEntry, this.#entries.all(), 'entry', this.#log);
  }
  saveEntry(entry: RuleEntry): void {
    const { ruleId, key } = entry;
    this.#writes.write(nameOf(ruleId, key), () => this.#saveEntry.run(ruleId, key, JSON.stringify(entry)));
  }
  removeEntry(ruleId: string, key: string): void {
    this.#writes.write(nameOf(ruleId, key), () => this.#removeEntry.run(ruleId, key));
  }
}

const nameOf = (ruleId: string, key: string): string => `rule entry ${ruleId} ${key}`;
