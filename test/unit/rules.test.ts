// Rules: who is recorded, who waits, who is left out and why; and 300 random shows in which nothing is recorded twice,
// nobody is recorded who is excluded, and a restart starts nothing anew.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { ruleHandlers } from '../../src/core/console/rule-handlers.ts';
import { seenJobs } from '../../src/core/console/rule-links.ts';
import type { JobState } from '../../src/core/jobs/job-state.ts';
import { viewOf } from '../../src/core/jobs/job-view.ts';
import { systemClock } from '../../src/core/live/clock.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { formV1 } from '../../src/core/livekit/egress-request/v1.ts';
import { decide, type Decision } from '../../src/core/rules/decide.ts';
import { whyLeftOut } from '../../src/core/rules/match.ts';
import type { Budget, RuleEntry, SeenJob, SeenPerson, SeenTrack } from '../../src/core/rules/ports.ts';
import { openJournal } from '../../src/core/store/journal.ts';
import { migrate } from '../../src/core/store/migrate.ts';
import { migrations } from '../../src/core/store/migrations/list.ts';
import { clashesOf, draftOf, formOf, withTakes } from '../../src/renderer/src/features/rules/rule-draft.ts';
import { segmentsAt } from '../../src/renderer/src/features/start/outputs.ts';
import { noResults } from '../../src/shared/model/egress-results.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { ruleRequest } from '../../src/shared/model/rule-request.ts';
import type { RuleDraft } from '../../src/shared/model/rule.ts';
import { askedJob } from '../support/asked-job.ts';
import { secrets } from '../support/egress-requests.ts';
import { draft, fileAt, person, rule, RuleWorld, track } from '../support/rule-world.ts';

type By = Extract<JobState['egress'], { at: 'ended' }>['by'];
const plenty: Budget = { isListed: true, free: 10, limit: 10, asking: 0 };
const nowMs = 1_000_000;
const job = (part: Partial<SeenJob>): SeenJob => ({
  id: 'job-1',
  roomName: 'hall',
  subject: { by: 'other' },
  state: 'recording',
  nextId: null,
  problem: null,
  endedAtMs: null,
  ranMs: 0,
  ...part,
});
function look(part: {
  readonly rule?: Parameters<typeof rule>[0];
  readonly people?: readonly SeenPerson[];
  readonly jobs?: readonly SeenJob[];
  readonly entries?: readonly RuleEntry[];
  readonly budget?: Budget;
  readonly openedAtMs?: number;
}): Decision {
  return decide({
    rules: [rule(part.rule ?? {})],
    rooms: [{ name: 'hall', openedAtMs: part.openedAtMs ?? 0, people: part.people ?? [person('ada'), person('ben')] }],
    jobs: part.jobs ?? [],
    entries: part.entries ?? [],
    budget: part.budget ?? plenty,
    nowMs,
  });
}
const states = (decision: Decision): readonly string[] =>
  [...decision.subjects.values()].flat().map((row) => `${row.identity} ${row.state}: ${row.reason}`);
const entry = (part: Partial<RuleEntry>): RuleEntry => ({
  ruleId: 'r1',
  key: 'person PA_ada',
  jobId: 'job-1',
  roomName: 'hall',
  identity: 'ada',
  tries: 1,
  atMs: nowMs,
  said: null,
  ...part,
});

describe('what a rule decides', () => {
  test('records every person, or every track of the wanted kind, and only in its room', () => {
    expect(look({}).starts.map((start) => start.identity)).toEqual(['ada', 'ben']);
    const people = [person('ada', { tracks: [track('TR_a', 'audio'), track('TR_v', 'video'), track('TR_d', 'data')] })];
    const sids = (takes: 'audio-tracks' | 'video-tracks' | 'all-tracks') =>
      look({ rule: { takes }, people }).starts.map((start) => start.trackSid);
    expect([sids('audio-tracks'), sids('video-tracks'), sids('all-tracks')]).toEqual([
      ['TR_a'],
      ['TR_v'],
      ['TR_a', 'TR_v'],
    ]);
    expect(look({ rule: { roomName: 'stage' } }).starts).toEqual([]);
    expect(look({ rule: { isOn: false } }).starts).toEqual([]);
  });

  test('excludes for consent by identity and pattern, whatever the letters’ case, over any inclusion, and says by what', () => {
    const rules = rule({ include: ['guest-*'], exclude: ['GUEST-7?', 'no.body', 'ren\u00e9'] });
    const why = (identity: string, kind: SeenPerson['kind'] = 'standard') =>
      whyLeftOut(rules, person(identity, { kind }));
    expect(why('guest-1')).toBeNull();
    expect(why('guest-77')).toBe('Excluded by “GUEST-7?”.');
    expect(why('Rene\u0301')).toBe('Excluded by “ren\u00e9”.'); // typed with one letter, sent as two
    expect(why('noXbody')).toBe('Not among those whom the rule includes.');
    expect(why('guest-2', 'agent')).toBe('An agent: the rule takes people only.');
  });

  test('stops what it records of somebody who is excluded now, and leaves what others started alone', () => {
    const jobs = [
      job({ subject: { by: 'participant', identity: 'ada' } }),
      job({ id: 'job-2', subject: { by: 'participant', identity: 'ben' } }),
    ];
    const { stops } = look({ rule: { exclude: ['ada', 'ben'] }, jobs, entries: [entry({})] });
    expect(stops.map((stop) => [stop.jobId, stop.why])).toEqual([['job-1', 'Excluded by “ada”.']]);
  });

  test('starts nothing for who is recorded already, be it by another rule, by hand or by somebody else', () => {
    const decision = look({ jobs: [job({ subject: { by: 'participant', identity: 'ada' } })] });
    expect(decision.starts.map((start) => start.identity)).toEqual(['ben']);
    expect(states(decision)[0]).toBe('ada recording: Recorded by another job already.');
  });

  test('nothing is started before the server has told what runs there: it might be doubled, or refused', () => {
    const decision = look({ budget: { isListed: false, free: 2, limit: 2, asking: 0 } });
    expect(decision.starts).toEqual([]);
    expect(states(decision)).toEqual([
      'ada waits: Waits until the server has told what runs there.',
      'ben waits: Waits until the server has told what runs there.',
    ]);
  });

  test('what does not fit waits and says so; a share can be left to the producer', () => {
    const full = look({ budget: { isListed: true, free: 1, limit: 2, asking: 0 } });
    expect(full.starts.map((start) => start.identity)).toEqual(['ada']);
    expect(states(full)[1]).toBe('ben waits: Waits: all 2 egress sessions are in use.');
    const left = look({ rule: { leaveFree: 1 }, budget: { isListed: true, free: 1, limit: 2, asking: 0 } });
    expect(states(left)[0]).toBe('ada waits: Waits: 1 session is free, and the rule leaves 1 to you.');
    const unknown = look({
      people: 'abcdef'.split('').map((one) => person(one)),
      budget: { isListed: true, free: null, limit: null, asking: 0 },
    });
    expect(unknown.starts).toHaveLength(4);
    expect(states(unknown)[4]).toBe('e waits: Waits its turn: others are being started.');
  });

  test('or the sound of the room is recorded here, but never while it would hold somebody who is left out', () => {
    const budget = { isListed: true, free: 0, limit: 2, asking: 0 };
    const here = look({ rule: { whenFull: 'desk' }, budget });
    expect(here.starts.map((start) => start.what)).toEqual(['room']);
    expect(states(here)[0]).toMatch(/^ada desk: Waits: all 2 .* The sound of the room is recorded here meanwhile\.$/);
    const not = look({ rule: { whenFull: 'desk', exclude: ['ben'] }, budget });
    expect(not.starts).toEqual([]);
    expect(states(not)[0]).toMatch(/^ada waits: .* that would hold ben, whom the rule leaves out\.$/);
    const desk = job({ id: 'desk-1' });
    const entries = [entry({ key: 'desk hall', jobId: 'desk-1' })];
    const stopped = look({ rule: { whenFull: 'desk', exclude: ['ben'] }, budget, jobs: [desk], entries });
    expect(stopped.stops.map((stop) => stop.why)).toEqual([
      'ben is in the room, whom the rule leaves out: the sound of the room would hold them.',
    ]);
    const freed = look({ rule: { whenFull: 'desk' }, jobs: [desk], entries });
    expect(freed.stops.map((stop) => stop.why)).toEqual(['Everybody whom the rule takes is recorded by egress.']);
  });

  test('which begins again where nobody has stopped it, and where somebody did on another evening', () => {
    const starts = (part: Partial<SeenJob> | null, openedAtMs = 0): number =>
      look({
        rule: { whenFull: 'desk' },
        budget: { isListed: true, free: 0, limit: 2, asking: 0 },
        jobs: part ? [job({ id: 'desk-1', state: 'done', endedAtMs: nowMs - 200_000, ...part })] : [],
        entries: [entry({ key: 'desk hall', jobId: 'desk-1', atMs: nowMs - 300_000 })],
        openedAtMs,
      }).starts.length;
    const ended = { code: 'ended-early', text: 'The room was ended.', isRetryable: true };
    expect(starts({})).toBe(0); // by hand
    expect(starts({ problem: ended })).toBe(1);
    expect(starts({}, nowMs - 100_000)).toBe(1);
    expect(starts(null, nowMs - 100_000)).toBe(1); // of a day ago: no page shows it any more
    expect(starts(null)).toBe(0);
    expect(starts({ state: 'recording', endedAtMs: null }, nowMs - 100_000)).toBe(0);
  });

  test('takes nobody for another one who has no sid yet', () => {
    const people = ['ada', 'ben'].map((one) => person(one, { sid: '' }));
    expect(look({ people }).starts.map((start) => start.key)).toEqual(['person ada', 'person ben']);
    const nameless = [person('ada', { tracks: [track('', 'audio')] })];
    expect(look({ rule: { takes: 'audio-tracks' }, people: nameless }).starts).toEqual([]);
  });

  test('waits for somebody’s first microphone or camera, and says what cannot be recorded', () => {
    const screen: SeenTrack = { ...track('TR_s', 'video'), source: 'screen-share' };
    const people = [
      person('ada', { tracks: [] }),
      person('ben', { tracks: [screen] }),
      person('cem', { tracks: [{ ...track('TR_c', 'audio'), isEncrypted: true }] }),
    ];
    expect(states(look({ people }))).toEqual([
      'ada waits: Waits until they publish a microphone or a camera.',
      'ben waits: Waits until they publish a microphone or a camera.',
      'cem cannot: End-to-end encrypted: the server cannot record it.',
    ]);
  });

  test('what was stopped by hand stays stopped; what failed is tried again, later each time; what cannot be is given up', () => {
    const over = (part: Partial<SeenJob>, tries = 1) =>
      look({
        people: [person('ada')],
        jobs: [job({ endedAtMs: nowMs - 20_000, ...part })],
        entries: [entry({ tries })],
      });
    expect(states(over({ state: 'done' }))[0]).toMatch(/^ada ended: .* not started again by itself\.$/);
    const busy = { code: 'no-egress-worker', text: 'No worker.', isRetryable: true };
    expect(over({ state: 'failed', problem: busy }).starts).toEqual([]);
    expect(over({ state: 'failed', problem: busy }).nextAtMs).toBe(nowMs + 10_000);
    expect(over({ state: 'failed', problem: busy }, 3).nextAtMs).toBe(nowMs + 100_000);
    expect(over({ state: 'failed', problem: busy, ranMs: 70_000 }, 3).nextAtMs).toBe(nowMs + 10_000);
    const limit = { code: 'egress-limit', text: 'The plan allows no more.', isRetryable: false };
    expect(over({ state: 'failed', problem: limit }).starts.map((start) => start.tries)).toEqual([2]);
    const bad = { code: 'bad-request', text: 'A field is wrong.', isRetryable: false };
    expect(states(over({ state: 'failed', problem: bad }))).toEqual(['ada gave-up: A field is wrong.']);
  });
});

describe('the engine, in a room that changes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const openWorld = (seed = 1): RuleWorld => new RuleWorld({ seed, clock: systemClock, log: silentLog });

  test('a republished track gets a new job, and leaving ends by itself', () => {
    const world = openWorld();
    world.engine.save('s', undefined, draft({ takes: 'audio-tracks' }));
    world.join('hall', 'ada');
    world.settle();
    expect(world.running()).toHaveLength(1);
    world.republish('ada');
    world.settle();
    expect(world.running()).toHaveLength(1);
    expect(world.jobs).toHaveLength(2);
    world.leave('ada');
    world.settle();
    expect(world.stopped).toEqual([]);
    expect(world.jobs.every((one) => one.state === 'done')).toBe(true);
    world.close();
  });

  test('a restart of the console starts nothing twice, also where its own notes were lost', () => {
    const world = openWorld();
    world.engine.save('s', undefined, draft({}));
    for (const identity of ['ada', 'ben', 'cem']) world.join('hall', identity);
    world.settle();
    const before = world.jobs.length;
    world.restart();
    world.settle();
    expect(world.jobs).toHaveLength(before);
    world.store.kept.clear(); // the jobs themselves still tell whom they record
    world.restart();
    world.settle();
    expect(world.jobs).toHaveLength(before);
    world.close();
  });

  test('what took over at a session limit is the rule’s own: replaced where it fails, stopped for whom it newly leaves out', () => {
    const world = openWorld();
    const saved = world.engine.save('s', undefined, draft({}));
    for (const identity of ['ada', 'ben']) world.join('hall', identity);
    world.settle();
    for (const identity of ['ada', 'ben']) world.handOver(identity);
    world.settle();
    expect(world.jobs).toHaveLength(4);
    world.fail('ben', { code: 'ended-early', text: 'It failed.', isRetryable: true });
    world.settle(40_000);
    expect(world.running().map((one) => one.identity)).toEqual(['ada', 'ben']);
    world.engine.save('s', saved.id, draft({ exclude: ['ada'] }));
    world.settle();
    expect(world.running().map((one) => one.identity)).toEqual(['ben']);
    world.close();
  });

  test('a rule that is switched off lets what runs go on; one that is saved again tries anew whom it gave up', () => {
    const world = openWorld();
    const saved = world.engine.save('s', undefined, draft({}));
    world.join('hall', 'ada');
    world.settle();
    world.fail('ada', { code: 'bad-request', text: 'A field is wrong.', isRetryable: false });
    world.settle();
    expect(world.running()).toHaveLength(0);
    world.engine.save('s', saved.id, draft({ outputs: { file: fileAt('other'), segments: null } }));
    world.settle();
    expect(world.running()).toHaveLength(1);
    world.engine.save('s', saved.id, draft({ isOn: false }));
    world.join('hall', 'ben');
    world.settle();
    expect(world.running().map((one) => one.identity)).toEqual(['ada']);
    expect(world.engine.rules('s').value.rules[0]?.text).toBe('Off. It starts nothing new; 1 still recorded.');
    world.close();
  });

  test('300 random shows: never twice, never over the budget, never whom it excludes, and nobody is forgotten', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const world = openWorld(seed);
      for (let step = 0; step < 40; step++) {
        const did = world.step();
        world.settle();
        expect(world.wrongs(), `seed ${seed}, step ${step}: ${did}`).toEqual([]);
      }
      const before = world.jobs.length;
      world.restart();
      world.settle(0);
      expect(world.jobs.length, `seed ${seed}: a restart`).toBe(before);
      world.close();
    }
  });
});

const problemOf = (state: JobState): SeenJob['problem'] | undefined => seenJobs([viewOf(state)])[0]?.problem;
const rulesRequest = {
  kind: 'participant',
  screenShare: false,
  encoding: { use: 'default' },
  outputs: programRequest('a').outputs,
} as const;

test('a job is tried again where it was cut off, and not where somebody stopped it, whatever became of it then', () => {
  const ended = (
    outcome: 'complete' | 'failed' | 'limit-reached',
    part: Partial<JobState> = {},
    by = null as By,
  ): boolean => {
    const egress = {
      at: 'ended',
      egressId: 'EG_1',
      updatedAtNs: '1',
      outcome,
      by,
      said: '',
      results: noResults,
    } as const;
    const times = { mediaStartedAtMs: 1_000, endedAtMs: 2_000 };
    const phase = outcome === 'failed' ? 'failed' : 'done';
    const state = { ...askedJob({ mode: 'egress-only' }), phase, egress: { ...egress, ...times }, ...part } as const;
    return problemOf(state)?.isRetryable === true;
  };
  expect(ended('complete')).toBe(false);
  expect(ended('complete', {}, 'full-worker')).toBe(true);
  expect(ended('limit-reached')).toBe(true);
  expect(ended('failed')).toBe(true);
  expect(ended('failed', { stopAskedAtMs: 1_500 })).toBe(false);
  const here = { ...askedJob({ mode: 'desk-only', request: { kind: 'room-sound' } }), phase: 'done' } as const;
  expect(problemOf(here)).toMatchObject({ isRetryable: true }); // its room was ended, or the console
  expect(problemOf({ ...here, stopAskedAtMs: 1_500 })).toBeNull();
});

test('a job has ended when that was seen here: the clock of a worker may be another, and the next try must wait', () => {
  const ended = { ...askedJob(), phase: 'failed', phaseAtMs: 900_000, endedAtMs: 5_000 } as const;
  expect(seenJobs([viewOf(ended)])[0]?.endedAtMs).toBe(900_000);
  expect(seenJobs([viewOf(askedJob())])[0]?.endedAtMs).toBeNull();
});

test('a job that waits for its hour records nobody yet', () => {
  const ada = { ...rulesRequest, identity: 'ada' };
  const states = ['armed', 'starting'].map((phase) => ({ ...askedJob({ request: ada }), phase }) as JobState);
  expect(states.map((state) => seenJobs([viewOf(state)]).map(({ subject }) => subject))).toEqual([
    [],
    [{ by: 'participant', identity: 'ada' }],
  ]);
});

test('rules and what they started survive in the journal', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-rules-'));
  const open = () => openJournal({ folder, log: silentLog, clock: systemClock });
  const first = open();
  first.rules.saveRule(rule({ id: 'r1' }));
  first.rules.saveRule(rule({ id: 'r2', savedAtMs: 2, exclude: ['ada'] }));
  first.rules.saveRule(rule({ id: 'r1', savedAtMs: 3, name: 'Renamed' }));
  first.rules.saveEntry(entry({}));
  first.rules.saveEntry(entry({ key: 'person PA_ben' }));
  first.rules.removeEntry('r1', 'person PA_ben');
  await first.close();
  const second = open();
  expect(second.rules.rules().map((one) => [one.id, one.name, one.exclude])).toEqual([
    ['r1', 'Renamed', []],
    ['r2', 'Everybody', ['ada']],
  ]);
  expect(second.rules.entries()).toEqual([entry({})]);
  await second.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what the jobs of a rule make', () => {
  const file = fileAt('{room_name}/{publisher_identity}-{time}');
  const segments = { ...segmentsAt('{room_name}/{publisher_identity}-{time}/part'), livePlaylistName: 'live.m3u8' };
  const ada = { identity: 'ada', trackSid: 'TR_a' };
  const both = rule({ outputs: { file, segments } });

  test('of a participant segments as well as one file, of a track its one file', () => {
    const ofPerson = ruleRequest(both, ada);
    const body = ofPerson && formV1('hall', ofPerson, secrets)?.body;
    expect(body).toMatchObject({
      identity: 'ada',
      file_outputs: [{ file_type: 'MP4', filepath: file.filePath }],
      segment_outputs: [
        { filename_prefix: segments.filenamePrefix, playlist_name: 'index.m3u8', live_playlist_name: 'live.m3u8' },
      ],
    });
    const ofTrack = ruleRequest({ ...both, takes: 'all-tracks' }, ada);
    expect(ofTrack).toMatchObject({ kind: 'track', trackSid: 'TR_a', output: { to: 'file', filePath: file.filePath } });
    expect(ruleRequest(rule({ outputs: { file: null, segments } }), ada)).toMatchObject({ outputs: { file: null } });
    expect(ruleRequest(rule({ outputs: { file: null, segments }, takes: 'all-tracks' }), ada)).toBeNull();
  });

  test('a rule with nowhere to go, or whose jobs would all be refused, is not kept', async () => {
    const saved: string[] = [];
    const handlers = ruleHandlers({
      servers: { find: () => ({ id: 's' }) },
      rules: { save: (_server: string, _id: unknown, one: { name: string }) => saved.push(one.name) },
    } as never); // what the handlers look at of them
    const save = (outputs: RuleDraft['outputs']) =>
      handlers.saveRule({ serverId: 's', draft: draft({ outputs }) }, new AbortController().signal);
    await expect(save({ file: null, segments: null })).rejects.toMatchObject({ code: 'rule-without-output' });
    const twice = { ...segments, livePlaylistName: 'index.m3u8' };
    await expect(save({ file: null, segments: twice })).rejects.toMatchObject({ code: 'unfit-request' });
    await save({ file: null, segments });
    expect(saved).toEqual(['Everybody']);
  });

  test('the form finds names that two of them would share, of segments by the folder of their playlist', () => {
    const fields = (outputs: RuleDraft['outputs'], takes: 'participants' | 'all-tracks') =>
      clashesOf(draft({ outputs, takes })).map((one) => one.field);
    expect(fields({ file, segments }, 'participants')).toEqual([]);
    const shared = { ...segments, filenamePrefix: '{room_name}/{publisher_identity}-{time}' }; // one folder for all
    expect(fields({ file: fileAt('{room_name}'), segments: shared }, 'participants')).toEqual([
      'outputs.file.filePath',
      'outputs.segments.filenamePrefix',
    ]);
    expect(fields({ file: fileAt('x/'), segments: shared }, 'all-tracks')).toEqual([]); // named by the server, and no segments
    const form = formOf(both, null, '');
    expect(draftOf(form)).toMatchObject({ outputs: { file, segments } });
    const tracks = withTakes(
      { ...form, job: { ...form.job, outputs: { ...form.job.outputs, file: null } } },
      'all-tracks',
    );
    expect(draftOf(tracks)?.outputs.file?.filePath).toContain('{track_id}');
  });

  test('an identity that holds a comma is left out as it stands, and as a list that was meant, however often it is edited', () => {
    const form = { ...formOf(null, null, 'All'), exclude: 'Doe, Ann\n guest-* ,ben' };
    const once = draftOf(form);
    const exclude = ['Doe, Ann', 'Doe', 'Ann', 'guest-* ,ben', 'guest-*', 'ben'];
    expect(once?.exclude).toEqual(exclude);
    expect(draftOf(formOf(rule({ exclude }), null, 'All'))?.exclude).toEqual(exclude);
  });

  test('a rule of an older journal goes on writing its file', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, migrations.slice(0, 3));
    const { outputs: _outputs, ...rest } = rule({ id: 'old' });
    const old = { ...rest, filePath: 'a/{time}', hasManifest: true, storageId: 's3' };
    const put = db.prepare('INSERT INTO rules (id, saved_at_ms, rule) VALUES (?, 1, ?)');
    put.run('old', JSON.stringify(old));
    put.run('damaged', '{');
    migrate(db, migrations);
    const [damaged, row] = db.prepare('SELECT rule FROM rules ORDER BY id').all();
    expect(damaged).toEqual({ rule: '{' });
    expect(JSON.parse(String(row?.['rule']))).toEqual({
      ...rest,
      outputs: { file: { fileType: 'mp4', filePath: 'a/{time}', hasManifest: true, storageId: 's3' }, segments: null },
    });
    db.close();
  });
});
