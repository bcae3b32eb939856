// Shows: kept in a file, handed to another computer without secrets, made ready for the room as it is now.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/core/live/log.ts';
import { ShowBook, type ShowEntries } from '../../src/core/settings/show-book.ts';
import { programRequest, type JobRequest } from '../../src/shared/model/job-request.ts';
import { ProblemError } from '../../src/shared/model/problem-error.ts';
import type { CaptionOptions } from '../../src/shared/model/captions.ts';
import { noTiming, type Timing } from '../../src/shared/model/timing.ts';
import { maxShowFileChars, type ShowJob } from '../../src/shared/model/show.ts';
import { readyJob, trackOwnersOf } from '../../src/shared/model/show-job.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { cast, person } from '../support/scripted-scene.ts';

const youtube = { id: 'adr_1', name: 'YouTube main', kind: 'rtmp', shown: 'rtmp://a.example/live/{str...key}' };
const archive = { id: 'sto_1', name: 'Archive', kind: 's3', shown: 's3://show-archive' };
const here: ShowEntries = { addresses: [youtube], storages: [archive] };
const program: JobRequest = {
  ...programRequest('{room_name}-{time}.mp4'),
  outputs: {
    ...programRequest('{room_name}-{time}.mp4').outputs,
    stream: { protocol: 'rtmp', destinationIds: ['adr_1'] },
    images: [
      {
        captureIntervalS: 10,
        width: 0,
        height: 0,
        filenamePrefix: 'i',
        filenameSuffix: 'index',
        hasManifest: true,
        storageId: 'sto_1',
      },
    ],
  },
};
const iso: JobRequest = {
  kind: 'track',
  trackSid: 'TR_ada-lindqvist',
  output: { to: 'file', filePath: 'iso', hasManifest: true, storageId: null },
};
const evening: Timing = { ...noTiming, beginsAt: '20:00', afterMin: 90, emptyMin: 5 };
const whole: ShowJob = { title: 'Program', mode: 'best', request: program, trackOwners: {}, timing: evening };
const isoAda: ShowJob = {
  title: 'Iso Ada',
  mode: 'egress-only',
  request: iso,
  trackOwners: trackOwnersOf(iso, cast),
  timing: noTiming,
};
const captions: CaptionOptions = {
  feed: 'track-socket',
  language: 'en',
  otherLanguages: ['fr'],
  vocabulary: ['Cuedesk', 'Lindqvist'],
};
const jobs: readonly ShowJob[] = [whole, isoAda];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuedesk-shows-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = (): Promise<ShowBook> =>
  ShowBook.open({ folder, clock: new FakeClock(Date.UTC(2026, 10, 21)), log: silentLog });
const codeOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'done',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );

describe('the shows that are kept', () => {
  it('come back after a restart, with the chosen one', async () => {
    const book = await open();
    const show = await book.save({ name: ' Town hall ', jobs, captions }, here);
    await book.choose(show.id);
    await book.close();
    const again = await open();
    expect(again.shows.value).toEqual({ shows: [{ ...show, name: 'Town hall' }], chosenId: show.id });
    expect(show.addresses).toEqual({
      adr_1: { name: 'YouTube main', kind: 'rtmp', shown: 'rtmp://a.example/live/{str...key}' },
    });
    await again.remove(show.id);
    expect(again.shows.value).toEqual({ shows: [], chosenId: null });
    await again.close();
  });

  it('keep their names apart', async () => {
    const book = await open();
    const show = await book.save({ name: 'Town hall', jobs, captions }, here);
    expect(await codeOf(book.save({ name: 'Town hall', jobs: [], captions: null }, here))).toBe('show-exists');
    expect(await codeOf(book.save({ showId: show.id, name: 'Town hall', jobs: [], captions: null }, here))).toBe(
      'done',
    );
    expect(await codeOf(book.save({ showId: 'gone', name: 'Other', jobs: [], captions: null }, here))).toBe(
      'no-such-show',
    );
    await book.close();
  });

  it('lose no good show to a bad one in the file', async () => {
    const book = await open();
    await book.save({ name: 'Town hall', jobs, captions }, here);
    await book.close();
    const path = join(folder, 'shows.json');
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { shows: unknown[] };
    stored.shows.push({ name: 'broken' });
    writeFileSync(path, JSON.stringify(stored));
    const again = await open();
    expect(again.problem?.code).toBe('settings-damaged');
    expect(again.shows.value.shows.map((show) => show.name)).toEqual(['Town hall']);
    await again.close();
  });
});

describe('a show as a file', () => {
  it('goes to another computer and back under a free name', async () => {
    const book = await open();
    const show = await book.save({ name: 'Town hall', jobs, captions }, here);
    const { fileName, text } = book.export(show.id);
    expect(fileName).toBe('Town hall.cuedesk-show.json');
    const copy = await book.import(text);
    expect(copy).toEqual({ ...show, id: copy.id, name: 'Town hall (2)' });
    expect(copy.id).not.toBe(show.id);
    await book.close();
  });

  it('is refused with a sentence where it is too large, cut off, or of another kind', async () => {
    const book = await open();
    const { text } = book.export((await book.save({ name: 'Town hall', jobs, captions }, here)).id);
    const refused = async (given: string): Promise<string> => {
      const error: unknown = await book.import(given).catch((each: unknown) => each);
      return error instanceof ProblemError ? `${error.message} ${error.problem.advice ?? ''}` : 'done';
    };
    expect(await refused(' '.repeat(maxShowFileChars + 1))).toMatch(/^This file has 512001 characters/);
    expect(await refused(text.slice(0, 200))).toMatch(/no show of Cuedesk\. It is not JSON/);
    expect(await refused('{"format":"other"}')).toMatch(/no show of Cuedesk\. What is wrong first: format/);
    expect(await refused(text.replace('"best"', '"worst"'))).toMatch(/show\.jobs\.0\.mode/);
    expect(book.shows.value.shows).toHaveLength(1);
    await book.close();
  });
});

describe('what a show keeps beside its requests', () => {
  it('goes out and in again: when each job begins and ends, and its captions', async () => {
    const book = await open();
    const show = await book.save({ name: 'Town hall', jobs, captions }, here);
    const copy = await book.import(book.export(show.id).text);
    expect(copy.jobs.map((job) => job.timing)).toEqual([evening, noTiming]);
    expect(copy.captions).toEqual(captions);
    expect(await codeOf(book.import(book.export(show.id).text.replace('20:00', '25:00')))).toBe('not-a-show');
    await book.close();
  });

  it('is not needed in a file of an older Cuedesk: that still loads, without rules and captions', async () => {
    const book = await open();
    const { text } = book.export((await book.save({ name: 'Town hall', jobs, captions }, here)).id);
    const file = JSON.parse(text) as { show: { captions?: unknown; jobs: { timing?: unknown }[] } };
    delete file.show.captions;
    for (const job of file.show.jobs) delete job.timing;
    const old = await book.import(JSON.stringify(file));
    expect(old).toMatchObject({ captions: null, jobs: [{ timing: noTiming }, { timing: noTiming }] });
    await book.close();
  });
});

describe('a job of a show, made ready for the room as it is now', () => {
  const show = {
    id: 'show_1',
    name: 'Town hall',
    jobs: [...jobs],
    addresses: { adr_1: youtube },
    storages: { sto_1: archive },
    captions: null,
  };
  const ready = (job: ShowJob, part: Partial<Parameters<typeof readyJob>[2]>) =>
    readyJob(show, job, { people: cast, ...here, ...part });

  it('is what was saved where all is there', () => {
    expect(ready(whole, {})).toEqual({ request: program, lacks: [] });
    expect(ready(isoAda, {})).toEqual({ request: iso, lacks: [] });
  });

  it('finds the track again when its owner has joined anew', () => {
    const joined = person('Ada Lindqvist', {
      tracks: person('Ada').tracks.map((track) => ({ ...track, sid: 'TR_new' })),
    });
    expect(ready(isoAda, { people: [joined] })).toEqual({ request: { ...iso, trackSid: 'TR_new' }, lacks: [] });
    expect(ready(isoAda, { people: [{ ...joined, tracks: [] }] }).lacks).toEqual([
      { what: 'track', name: 'Ada Lindqvist', source: 'microphone' },
    ]);
  });

  it('takes addresses and storages of the same name on another computer, and says which are missing', () => {
    const addresses = [{ ...youtube, id: 'adr_9' }];
    const storages = [{ ...archive, id: 'sto_9' }];
    expect(ready(whole, { addresses, storages }).request).toMatchObject({
      outputs: { stream: { destinationIds: ['adr_9'] }, images: [{ storageId: 'sto_9' }], file: { storageId: null } },
    });
    expect(ready(whole, { addresses: [], storages: [] }).lacks).toEqual([
      { what: 'address', name: 'YouTube main', shown: 'rtmp://a.example/live/{str...key}' },
      { what: 'storage', name: 'Archive', shown: 's3://show-archive' },
    ]);
  });

  it('names a person who is not in the room', () => {
    const job: ShowJob = {
      title: 'Bảo',
      mode: 'best',
      trackOwners: {},
      timing: noTiming,
      request: {
        kind: 'participant',
        identity: 'bảo-nguyễn',
        screenShare: false,
        encoding: { use: 'default' },
        outputs: program.outputs,
      },
    };
    expect(readyJob(show, job, { people: [], ...here }).lacks).toEqual([{ what: 'person', name: 'bảo-nguyễn' }]);
  });
});
