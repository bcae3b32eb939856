import { expect, it } from 'vitest';
import { account } from '../../src/rehearsal/accounting.ts';

const said = [
  { identity: 'ada', word: 'good', startMs: 1000 },
  { identity: 'ada', word: 'morning', startMs: 1450 },
  { identity: 'bao', word: 'good', startMs: 1500 },
  { identity: 'bao', word: 'day', startMs: 2000 },
];

it('finds nothing where all is right, whatever the case and the full stops', () => {
  const heard = [
    { identity: 'ada', word: 'Good', startMs: 1020 },
    { identity: 'bao', word: ' Good', startMs: 1510 },
    { identity: 'ada', word: 'morning.', startMs: 1440 },
    { identity: 'bao', word: 'day', startMs: 2000 },
  ];
  expect(account(said, heard)).toEqual({
    spoken: 4,
    transcribed: 4,
    missing: [],
    doubled: [],
    wrong: [],
    wrongSpeaker: [],
    outOfOrder: 0,
    offsetMs: { median: 10, largest: 20 },
  });
  expect(
    account(
      said,
      heard.map((word) => ({ ...word, identity: '' })),
    ),
  ).toMatchObject({ missing: [], wrongSpeaker: [] });
});

it('names each kind of fault apart', () => {
  const double = { identity: 'ada', word: 'good', startMs: 1030 };
  const other = { identity: 'ada', word: 'day', startMs: 2010 };
  const never = { identity: 'bao', word: 'night', startMs: 2000 };
  const result = account(said, [
    { identity: 'ada', word: 'morning', startMs: 1450 },
    { identity: 'ada', word: 'good', startMs: 1000 },
    double,
    other,
    never,
  ]);
  expect(result.missing).toEqual([said[2]]);
  expect(result.doubled).toEqual([double]);
  expect(result.wrongSpeaker).toEqual([other]);
  expect(result.wrong).toEqual([never]);
  expect(result.outOfOrder).toBe(1);
});

it('does not match a word to one that was said at another time', () => {
  const late = { identity: 'ada', word: 'good', startMs: 1900 };
  expect(account(said.slice(0, 1), [late])).toMatchObject({ missing: [said[0]], wrong: [late] });
});
