import { expect, it } from 'vitest';
import { CaptionIncidents } from '../../src/core/captions/caption-incidents.ts';
import type { Incident } from '../../src/shared/model/incident.ts';
import { FakeClock } from '../support/fake-clock.ts';

it('tells of one break of a feed once, however many people it took, and of the next one again', async () => {
  const clock = new FakeClock(1_795_003_200_000);
  const told: Incident[] = [];
  const incidents = new CaptionIncidents({
    serverId: 's',
    roomName: 'hall',
    clock,
    onIncident: (one) => told.push(one),
  });
  const cause = 'The connection to the room was interrupted.';
  for (let person = 0; person < 6; person++) incidents.tellGap(true, cause);
  incidents.tellGap(true, 'Sound did not arrive.');
  incidents.tellGap(false, cause);
  await clock.advance(30_000);
  incidents.tellGap(true, 'Sound did not arrive.');
  expect(told.map(({ what, detail }) => [what, detail])).toEqual([
    ['Captions have a gap of one or several people', cause],
    ['Captions have a gap of one or several people', 'Sound did not arrive.'],
    ['Captions have a gap', cause],
    ['Captions have a gap of one or several people', 'Sound did not arrive.'],
  ]);
});
