import { expect, test } from 'vitest';
import { tallyOf } from '../../src/core/console/tally.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import type { Job } from '../../src/shared/model/job.ts';
import { cast, recording } from '../support/scripted-scene.ts';

const [ada, bao] = cast.slice(0, 2);
const people = [ada, bao].flatMap((one) => one ?? []);
const job = (request: JobRequest): Job => ({ ...recording('s', 'hall', Date.now(), 1_000), request });
const trackOf = (index: number): string => people[index]?.tracks[0]?.sid ?? '';

test('a recording of the room holds everybody, one of a person or a track only them, one of a page nobody', () => {
  const recOf = (request: JobRequest): readonly string[] => {
    const tally = tallyOf('hall', people, [job(request)], []);
    expect(tally.room).toEqual(['REC']);
    const held = tally.people();
    return people.filter(({ identity }) => held[identity]?.includes('REC')).map(({ name }) => name);
  };
  const outputs = { file: null, stream: null, segments: null, images: [] };
  const encoding = { use: 'default' } as const;
  const [first = '', second = ''] = people.map(({ name }) => name);
  expect(recOf(programRequest('x'))).toEqual([first, second]);
  expect(
    recOf({ kind: 'participant', identity: people[1]?.identity ?? '', screenShare: false, encoding, outputs }),
  ).toEqual([second]);
  const toFile = { to: 'file', filePath: 'x', hasManifest: false, storageId: null } as const;
  expect(recOf({ kind: 'track', trackSid: trackOf(0), output: toFile })).toEqual([first]);
  expect(recOf({ kind: 'web', pageId: 'p', tracks: 'both', awaitStartSignal: false, encoding, outputs })).toEqual([]);
});

test('a stream is LIVE while a destination is at the server, and REC only where something is kept', () => {
  const program = programRequest('x');
  const stream = { protocol: 'rtmp' as const, destinationIds: ['a'] };
  const destination = {
    id: 'a',
    addressId: 'a',
    url: 'rtmp://host/app/{k...y}',
    state: 'live',
    sinceMs: 1,
    nextTryAtMs: null,
    tries: 0,
    meaning: '',
    said: '',
    replaces: null,
    canRetry: false,
    canDrop: true,
  } as const;
  const tally = (hasFile: boolean, state: 'live' | 'waiting') => {
    const outputs = { ...program.outputs, stream, file: hasFile ? program.outputs.file : null };
    const one: Job = { ...job({ ...program, outputs }), destinations: [{ ...destination, state }] };
    return tallyOf('hall', people, [one], []).room;
  };
  expect(tally(false, 'live')).toEqual(['LIVE']);
  expect(tally(true, 'live')).toEqual(['REC', 'LIVE']);
  expect(tally(true, 'waiting')).toEqual(['REC']);
});
