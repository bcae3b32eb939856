// How long starts really took on a server, kept between two runs.
import { expect, test } from 'vitest';
import { silentLog } from '../../src/core/live/log.ts';
import { StartTimes } from '../../src/core/observe/start-times.ts';

function store() {
  const values = new Map<string, string>();
  return {
    values,
    get: (key: string) => values.get(key) ?? null,
    set: (key: string, value: string) => void values.set(key, value),
  };
}

test('medians by server and way survive, of the newest twenty', () => {
  const kept = store();
  const times = new StartTimes(kept, silentLog);
  for (const ms of [9_000, 3_000, 4_000, 3_500]) times.add('a', 'room-composite', ms);
  times.add('b', 'track', 700.4);
  expect(times.medians('a')).toEqual({ 'room-composite': { medianMs: 3_750, count: 4 } });
  for (let i = 0; i < 20; i++) times.add('a', 'room-composite', 1_000);
  const again = new StartTimes(kept, silentLog);
  expect(again.medians('a')).toEqual({ 'room-composite': { medianMs: 1_000, count: 20 } });
  expect(again.medians('b')).toEqual({ track: { medianMs: 700, count: 1 } });
});

test('what cannot be read is measured anew, and a refused write loses no job', () => {
  const kept = store();
  kept.values.set('starts:a', '{"room-composite":["soon"]}');
  const times = new StartTimes(
    {
      ...kept,
      set: () => {
        throw new Error('disk full');
      },
    },
    silentLog,
  );
  times.add('a', 'web', 4_300);
  times.add('a', 'web', -5);
  expect(times.medians('a')).toEqual({ web: { medianMs: 4_300, count: 1 } });
});
