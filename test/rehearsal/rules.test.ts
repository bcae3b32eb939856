// Rules and the control of rooms, of the whole console, on the rehearsal.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { AutoEgress } from '../../src/shared/model/auto-egress.ts';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { problemOf } from '../../src/shared/model/problem-error.ts';
import { isRunning } from '../../src/shared/model/job.ts';
import type { RuleView } from '../../src/shared/model/rule.ts';
import { draft, fileAt } from '../support/rule-world.ts';
import {
  type Api,
  openConsoleIn,
  rehearsalProgram,
  rehearsalServerId,
  tempFolder,
  until,
} from '../support/whole-console.ts';
import { incidentsOf } from '../support/whole-jobs.ts';

const noEgress = { room: null, participant: null, tracks: null };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (let close = closers.pop(); close; close = closers.pop()) await close();
});

async function openRehearsed(egressLimit: number) {
  const folder = tempFolder();
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const rehearsal = await rehearsalProgram(join(folder, 'files'), { egressLimit });
  closers.push(() => rehearsal.close());
  return { folder, openConsole: () => openConsoleIn(join(folder, 'data'), rehearsal.connection) };
}
const ruleWhen = async (
  api: Api,
  serverId: string,
  isWanted: (view: RuleView) => boolean,
  what: string,
): Promise<RuleView> => {
  const { rules } = await until(
    api.rules({ serverId }),
    ({ rules: [first] }) => first !== undefined && isWanted(first),
    what,
  );
  return rules[0] as RuleView; // until saw it
};
const who = (view: RuleView, state: string): readonly string[] =>
  view.subjects.filter((subject) => subject.state === state).map((subject) => subject.identity);

test('a rule records within the budget, a restart doubles nothing, whom it newly excludes is stopped, and who waited comes in', async () => {
  const { openConsole } = await openRehearsed(2);
  const first = await openConsole();
  const serverId = await rehearsalServerId(first.api);
  const asked = draft({
    name: 'Voices',
    roomName: 'town-hall',
    takes: 'audio-tracks',
    outputs: { file: fileAt('{track_id}'), segments: null },
  });
  const saved = await first.api.saveRule({ serverId, draft: asked });
  const before = await ruleWhen(
    first.api,
    serverId,
    (view) => who(view, 'recording').length === 2,
    'two to be recorded',
  );
  expect(who(before, 'waits').length).toBeGreaterThan(1);
  expect(before.subjects.find(({ state }) => state === 'waits')?.reason).toBe(
    'Waits: all 2 egress sessions are in use.',
  );
  const { tally } = await until(
    first.api.room({ serverId, roomName: 'town-hall' }),
    (room) => Object.values(room.tally).filter((words) => words.includes('REC')).length === 2,
    'the tally of two',
  );
  const [excluded = '', kept = ''] = who(before, 'recording');
  expect([tally[excluded], tally[kept]]).toEqual([['REC'], ['REC']]);
  await first.close();

  const second = await openConsole();
  closers.push(() => second.close());
  const after = await ruleWhen(second.api, serverId, (view) => who(view, 'recording').length === 2, 'the same two');
  expect(who(after, 'recording').toSorted()).toEqual([excluded, kept].toSorted());
  const { jobs } = await until(second.api.jobs({ serverId }), () => true, 'jobs');
  expect(jobs.filter(isRunning)).toHaveLength(2);

  await second.api.saveRule({ serverId, ruleId: saved.id, draft: { ...asked, exclude: [excluded] } });
  const next = await ruleWhen(
    second.api,
    serverId,
    (view) => who(view, 'recording').length === 2 && !who(view, 'recording').includes(excluded),
    'another one in the place of who was excluded',
  );
  expect(next.subjects.find(({ identity }) => identity === excluded)).toMatchObject({
    state: 'excluded',
    reason: `Excluded by “${excluded}”.`,
  });
  const told = (await incidentsOf(second.api)).map((incident) => `${incident.what} ${incident.done}`);
  expect(told).toContain(`Rule Voices stopped a recording in town-hall. Excluded by “${excluded}”.`);
}, 90_000);

test('a room is recorded by the server from its making on, which the answer does not tell: it is looked for, and adopted', async () => {
  const { openConsole } = await openRehearsed(1);
  const console = await openConsole();
  closers.push(() => console.close());
  const { api } = console;
  const serverId = await rehearsalServerId(api);
  const plain = { emptyTimeoutS: null, departureTimeoutS: null, maxPeople: null, metadata: '' };
  const make = (name: string, auto: Partial<AutoEgress>) =>
    api.createRoom({ serverId, room: { ...plain, name, autoEgress: { ...noEgress, ...auto } } });
  expect(await make('one', { room: programRequest('one-{time}') })).toEqual({
    name: 'one',
    wasOpen: false,
    egress: 'started',
  });
  const { jobs } = await until(api.jobs({ serverId }), ({ jobs: all }) => all.some(isRunning), 'its job');
  expect(jobs.find(isRunning)).toMatchObject({ roomName: 'one', startedBy: 'elsewhere' });
  expect(await make('two', { room: programRequest('two-{time}') })).toMatchObject({ egress: 'missing' }); // no session is left
  expect(await make('two', { room: programRequest('two-{time}') })).toMatchObject({ wasOpen: true, egress: 'not-set' });
  const tracks = { filePath: 'x', hasManifest: true, storageId: null };
  expect(await make('three', { tracks })).toMatchObject({ egress: 'later' });
}, 60_000);

test('rooms are created and ended, people muted and removed, and a refusal reaches the page in words', async () => {
  const { folder, openConsole } = await openRehearsed(2);
  const console = await openConsole();
  closers.push(() => console.close());
  const { api } = console;
  const serverId = await rehearsalServerId(api);
  const room = {
    name: 'late-show',
    emptyTimeoutS: 60,
    departureTimeoutS: null,
    maxPeople: 4,
    metadata: 'x',
    autoEgress: noEgress,
  };
  expect(await api.createRoom({ serverId, room })).toMatchObject({ wasOpen: false });
  expect(await api.createRoom({ serverId, room })).toMatchObject({ wasOpen: true });
  await until(api.rooms({ serverId }), (list) => list.rooms.some(({ name }) => name === 'late-show'), 'the new room');
  await api.endRoom({ serverId, roomName: 'late-show' });
  await until(api.rooms({ serverId }), (list) => !list.rooms.some(({ name }) => name === 'late-show'), 'its end');
  const hall = { serverId, roomName: 'town-hall' };
  const seen = await until(
    api.room(hall),
    (detail) => detail.people.some((one) => !one.isMuted),
    'somebody who speaks',
  );
  const speaker = seen.people.find((one) => !one.isMuted);
  const trackSid = speaker?.tracks.find((track) => track.source === 'microphone')?.sid ?? '';
  const of = { ...hall, identity: speaker?.identity ?? '' };
  await api.muteTrack({ ...of, trackSid, isMuted: true });
  await until(
    api.room(hall),
    (detail) => detail.people.find((one) => one.identity === of.identity)?.isMuted === true,
    'the mute',
  );
  const unmute = await api.muteTrack({ ...of, trackSid, isMuted: false }).catch((error: unknown) => problemOf(error));
  expect(unmute).toMatchObject({ code: 'unmute-not-allowed', text: 'This server does not allow to unmute others.' });
  await api.removePerson(of);
  await until(api.room(hall), (detail) => detail.people.every((one) => one.identity !== of.identity), 'the removal');
  const made = await api.makeJoinLink({
    serverId,
    order: { role: 'monitor', roomName: 'town-hall', identity: 'director', name: '', validForS: 600 },
  });
  expect(made.link).toContain(made.token);
  await console.close();
  const [, , signature = ''] = made.token.split('.');
  const written = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(written.length).toBeGreaterThan(0);
  const holders = written.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(signature));
  expect([console.lines.join('\n').includes(signature), holders.map(({ name }) => name)]).toEqual([false, []]);
}, 60_000);
