import { expect, it } from 'vitest';
import { joinedGaps } from '../../src/renderer/src/features/captions/joined-gaps.ts';
import type { Gap } from '../../src/shared/model/captions.ts';
import { atMost } from '../../src/renderer/src/feeds.ts';
import { firstTally, shownRooms } from '../../src/renderer/src/features/rooms/shown-rooms.ts';
import { keepSame } from '../../src/renderer/src/stores/keep-same.ts';
import { room } from '../support/scripted-scene.ts';

it('keeps the objects of rows that did not change, and the list where none did', () => {
  const old = [room('a', 1), room('b', 2)];
  expect(keepSame(old, structuredClone(old), (each) => each.name)).toBe(old);
  const [first, second] = keepSame(old, [room('a', 1), room('b', 3)], (each) => each.name);
  expect(first).toBe(old[0]);
  expect(second).toEqual(room('b', 3));
});

it('sorts by number within names, by people and by age, empty rooms apart', () => {
  const rooms = [room('hall 10', 1, [], 30), room('hall 9', 5, [], 20), room('attic', 0, [], 10)];
  const names = (sort: 'name' | 'people' | 'newest') => shownRooms(rooms, '', sort).live.map((each) => each.name);
  expect(names('name')).toEqual(['hall 9', 'hall 10']);
  expect(names('people')).toEqual(['hall 9', 'hall 10']);
  expect(names('newest')).toEqual(['hall 10', 'hall 9']);
  expect(shownRooms(rooms, 'ATT', 'name').empty.map((each) => each.name)).toEqual(['attic']);
});

it('makes one row of the gaps that one break of a feed told of each person', () => {
  const gap = (name: string | null, startMs: number, cause = 'The connection was interrupted.'): Gap => ({
    type: 'gap',
    id: `${name} ${startMs}`,
    seq: 1,
    identity: name,
    name,
    startMs,
    endMs: startMs + 2_000,
    cause,
  });
  const shown = joinedGaps([
    ...['Ada', 'Bao', 'Carla', 'Dee'].map((name, index) => gap(name, 1_000 + index)),
    gap('Ada', 60_000),
    gap('Bao', 60_000, 'Muted by mistake.'),
    gap(null, 60_000),
  ]).map((row) => ('name' in row ? row.name : ''));
  expect(shown).toEqual(['Ada, Bao and 2 more people', 'Ada', 'Bao', null]);
});

it('gives the one place of a row to the weightiest tally', () => {
  expect(firstTally(['CAP', 'REC'])).toBe('REC');
  expect(firstTally(['CAP', 'DESK'])).toBe('DESK');
  expect(firstTally([])).toBeNull();
});

it('passes on the first value at once and the last one in the end', async () => {
  const passed: number[] = [];
  const last = Promise.withResolvers<void>();
  const pass = atMost<number>(20, (value) => {
    passed.push(value);
    if (value === 9) last.resolve();
  });
  for (let value = 0; value <= 9; value += 1) pass(value);
  await last.promise;
  expect(passed).toEqual([0, 9]);
});
