// The history of jobs in a real browser: found by words and state, its story told, paged, handed over.
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../src/shared/model/job.ts';
import type { Storage } from '../../src/shared/model/storage.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { recording } from '../support/scripted-scene.ts';

const archive: Storage = {
  id: 'sto_archive',
  name: 'Archive',
  place: {
    provider: 's3',
    bucket: 'show',
    region: 'eu-west-1',
    endpoint: '',
    pathStyle: false,
    assumeRoleArn: '',
    metadata: {},
    tagging: '',
    contentDisposition: '',
    proxy: null,
  },
  shown: 's3://show',
  account: '',
  isBackup: false,
  secretHints: { accessKey: '••••••••••LE', secret: '••••••••••3f' },
  protection: 'keychain',
  isMissing: false,
  warnings: [],
};

describeWith('chromium', 'the history', () => {
  let browser: Browser;
  let core: ScriptedCore;
  const nowMs = Date.now();
  const jobs: Job[] = Array.from({ length: 120 }, (_each, index) =>
    recording('studio-eu', 'town-hall', nowMs - index * 3_600_000, 600_000, {
      id: `job-${index}`,
      title: index === 1 ? 'broken.mp4' : `evening-${index}.mp4`,
      phase: index === 1 ? 'failed' : 'done',
      endedAtMs: nowMs - index * 3_600_000,
      text: index === 1 ? 'Failed at the server: 500 signal: killed.' : 'Complete at the server.',
    }),
  );
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    core.answer('history', async ({ filter, offset, limit }) => {
      const fit = jobs.filter(
        (job) =>
          job.title.includes(filter.text) &&
          (filter.roomName === null || job.roomName === filter.roomName) &&
          (filter.state === null || job.phase === filter.state),
      );
      return { jobs: fit.slice(offset, offset + limit), total: fit.length, rooms: ['town-hall', 'all'] };
    });
    core.answer('jobStory', async () => ({
      lines: [
        { atMs: nowMs - 700_000, told: 'Start was pressed. The server is asked to start it.', said: '' },
        { atMs: nowMs - 600_000, told: 'Failed at the server: 500 signal: killed.', said: '500 signal: killed' },
      ],
    }));
    core.answer('exportHistory', async ({ format }) => ({
      fileName: `jobs.${format}`,
      mimeType: 'text/csv',
      text: 'a\r\n',
      count: 1,
    }));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  it('finds a failed job by keyboard, tells its story, and hands over what is found', async () => {
    const { page, errors } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog.getByText('1 to 50 of 120').waitFor();
    await dialog.getByRole('button', { name: 'Earlier' }).click();
    await dialog.getByText('51 to 100 of 120').waitFor();
    await dialog.getByRole('searchbox', { name: 'Find a title, room or file' }).fill('broken');
    await dialog.getByText('1 job', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Story of broken.mp4' }).focus();
    await page.keyboard.press('Enter');
    const story = dialog.getByRole('region', { name: 'What happened' });
    await story.getByText('The server: 500 signal: killed').waitFor();
    expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);
    const file = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export CSV' }).click();
    expect((await file).suggestedFilename()).toBe('jobs.csv');
    await dialog.getByText('Exported 1 job.').waitFor();
    const exported = core.calls.find((call) => call.name === 'exportHistory');
    expect(exported?.params).toMatchObject({ filter: { text: 'broken', serverId: 'studio-eu' }, format: 'csv' });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(errors).toEqual([]);
  });

  it('shows the jobs of one room, whatever it is called', async () => {
    const { page, errors } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog.getByText('120 jobs').waitFor();
    await dialog.getByRole('button', { name: 'All rooms Room' }).click();
    await page.getByRole('option', { name: 'all', exact: true }).click();
    await dialog.getByText('No job fits.').waitFor();
    expect(core.calls.findLast((call) => call.name === 'history')?.params).toMatchObject({
      filter: { roomName: 'all' },
    });
    await dialog.getByRole('button', { name: 'all Room' }).click();
    await page.getByRole('option', { name: 'All rooms' }).click();
    await dialog.getByText('120 jobs').waitFor();
    expect(errors).toEqual([]);
  });

  it('opens a file of long ago in its storage, as long as the profile has a key', async () => {
    const agoMs = 40 * 86_400_000;
    const [done] = recording('studio-eu', 'town-hall', nowMs - agoMs, 60_000).files;
    const stored = done ? [{ ...done, name: 'old.mp4', location: 's3://show/hall/old.mp4', isComplete: true }] : [];
    const old = recording('studio-eu', 'town-hall', nowMs - agoMs, 60_000, {
      id: 'old',
      title: 'old.mp4',
      phase: 'done',
      files: stored,
    });
    core.answer('history', async () => ({ jobs: [old], total: 1, rooms: ['town-hall'] }));
    core.script.storages.set({ storages: [{ ...archive, secretHints: {} }] });
    const { page, errors } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'History', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'History' });
    await dialog.getByRole('button', { name: 'Story of old.mp4' }).click();
    const made = dialog.getByRole('region', { name: 'What it made' });
    await made.getByText('s3://show/hall/old.mp4', { exact: true }).waitFor();
    await made.getByText('In the storage Archive, of which no key is kept: it cannot be opened from here.').waitFor();
    await expect.poll(() => made.getByRole('button', { name: 'Copy link to old.mp4' }).count()).toBe(0);
    core.script.storages.set({ storages: [archive] });
    core.answer('linkFile', async () => ({
      url: 'https://show.example/old.mp4?X-Amz-Signature=secret',
      expiresAtMs: Date.now() + 86_400_000,
      endsWith: 'time',
      doubt: null,
    }));
    await made.getByRole('button', { name: 'Copy link to old.mp4' }).click();
    expect(await core.called('linkFile')).toEqual({ jobId: 'old', fileId: 'file-1' });
    await made.getByText(/until \d\d:\d\d:\d\d, for 24 h 00 m\./).waitFor();
    expect((await new AxeBuilder({ page }).include('[role=dialog]').analyze()).violations).toEqual([]);
    core.answer('fileAddress', async () => ({ url: core.url(), mimeType: 'video/mp4' }));
    await made.getByRole('button', { name: 'Play old.mp4 from the storage' }).click();
    const player = page.getByRole('dialog', { name: /old\.mp4/ });
    await player.waitFor();
    await page.keyboard.press('Escape');
    await player.waitFor({ state: 'hidden' });
    await made.waitFor();
    expect(errors.filter((error) => !error.includes('old.mp4'))).toEqual([]);
  });

  it('is reached from the palette, and says where nothing fits', async () => {
    core.answer('history', async () => ({ jobs: [], total: 0, rooms: [] }));
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('Control+K');
    await page.keyboard.type('History of jobs');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'History' }).getByText('No job fits.').waitFor();
  });
});

describeWith('chromium', 'what goes wrong with a job', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });

  it('stands on its card with its steps, since when it is not known, and what ends it', async () => {
    const nowMs = Date.now();
    const job = recording('studio-eu', 'town-hall', nowMs, 60_000, {
      id: 'orphan',
      title: 'orphan.mp4',
      unknownSinceMs: Date.UTC(2026, 10, 28, 12, 4, 31),
      autoStop: { afterMs: 3_600_000, atMs: null, emptyForMs: 300_000, silentForMs: null },
      warnings: [
        {
          code: 'orphan',
          sinceMs: nowMs,
          text: 'The server says that it runs, but its recorder is not in the room: its worker was probably killed.',
          advice: 'What was recorded so far may be lost. Record here now, or start it again; then forget this row.',
          steps: ['record-here', 'retry', 'forget'],
        },
      ],
    });
    core.script.jobs.set({ jobs: [job] });
    core.answer('recordHere', async () => job);
    core.answer('forgetJob', async () => job);
    const { page, errors } = await openConsole(browser, core);
    const card = page.getByRole('article', { name: 'orphan.mp4' });
    await card.getByText('Not known since 12:04:31 UTC').waitFor();
    await card.getByText('Ends by itself after 1 h 00 m or when the room has been empty for 5 m 00 s.').waitFor();
    await card.getByRole('button', { name: 'Record the sound of orphan.mp4 here too' }).click();
    expect(await core.called('recordHere')).toEqual({ jobId: 'orphan' });
    await card.getByRole('button', { name: 'Forget orphan.mp4' }).click();
    expect(await core.called('forgetJob')).toEqual({ jobId: 'orphan' });
    expect(errors).toEqual([]);
  });
});
