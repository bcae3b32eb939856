// The storage profiles: entered in a checked form, tested in words, saved without a key left in the page.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { FileCheck } from '../../src/shared/model/file-check.ts';
import type { Storage } from '../../src/shared/model/storage.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { recording } from '../support/scripted-scene.ts';

const archive: Storage = {
  id: 'sto_archive',
  name: 'Archive',
  place: {
    provider: 's3',
    bucket: 'town-hall',
    region: 'eu-west-1',
    endpoint: 'https://minio.example:9000',
    pathStyle: true,
    assumeRoleArn: '',
    metadata: { show: 'town-hall' },
    tagging: '',
    contentDisposition: '',
    proxy: null,
  },
  shown: 's3://town-hall at minio.example:9000',
  account: '',
  isBackup: false,
  secretHints: { accessKey: '••••••••••LE', secret: '••••••••••3f' },
  protection: 'keychain',
  isMissing: false,
  warnings: [],
};
const folder: Storage = {
  ...archive,
  id: 'sto_folder',
  name: 'Disk of the worker',
  place: { provider: 'server-local', folder: '/recordings' },
  shown: '/recordings at the server',
  isBackup: true,
  secretHints: {},
  warnings: ['Only the egress host can look into its folder: whether it can write there shows at the end.'],
};

describeWith('chromium', 'the storage profiles', () => {
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
  async function seriousIn(page: Page): Promise<string[]> {
    // Playwright's types of the two packages differ in name only.
    const found = await new AxeBuilder({ page: page as never }).analyze();
    return found.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  }
  const openList = async (page: Page) => {
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('Storage…');
    await page.getByRole('menuitem', { name: /Storage…/ }).click();
    const list = page.getByRole('dialog', { name: 'Storage', exact: true });
    await list.waitFor();
    return list;
  };

  it('takes a new one by keyboard: says at each field what is wrong, tests, saves', async () => {
    const { page, errors } = await openConsole(browser, core);
    const list = await openList(page);
    await list.getByText('No storage yet').waitFor();
    await list.getByRole('button', { name: 'Add a storage…' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Add a storage' });
    await expect
      .poll(() => form.getByLabel('Name', { exact: true }).evaluate((el) => el === document.activeElement))
      .toBe(true);
    await page.keyboard.type('Archive');
    await form.getByLabel('Bucket', { exact: true }).fill('Town Hall');
    await form.getByText('A bucket of S3 has 3 to 63 small letters, digits, dots and hyphens.').waitFor();
    await expect.poll(() => form.getByRole('button', { name: 'Test', exact: true }).isDisabled()).toBe(true);
    await form.getByLabel('Bucket', { exact: true }).fill('town-hall');
    await form.getByLabel('Endpoint').fill('https://minio.example:9000');
    await form.getByText('Most servers that are not Amazon’s are found only with the bucket in the path.').waitFor();
    await form.getByText('Bucket in the path (most').click();
    await form.getByLabel('Access key').fill('AKIAEXAMPLE');
    await form.getByLabel('Secret', { exact: true }).fill('a-secret-3f');
    core.answer('testStorage', async () => ({
      atMs: 1,
      steps: [
        { id: 'address', state: 'passed', text: 'Reached minio.example:9000', tookMs: null },
        { id: 'write', state: 'passed', text: 'Wrote 61 bytes to town-hall', tookMs: 84 },
        { id: 'read', state: 'passed', text: 'Read back the same 61 bytes', tookMs: 31 },
        {
          id: 'delete',
          state: 'failed',
          text: 'The key is right and may not do this in town-hall. cuedesk-test-1.txt is left over in town-hall.',
          tookMs: 12,
          problem: {
            code: 'no-right',
            fault: 'yours',
            retryable: false,
            text: 'The key is right and may not do this in town-hall.',
            said: 'AccessDenied 403',
            advice: 'Egress records all the same. Delete the small file by hand.',
          },
        },
      ],
    }));
    await page.keyboard.press('Enter');
    const place = { ...archive.place, region: '', metadata: {} };
    const secrets = { accessKey: 'AKIAEXAMPLE', secret: 'a-secret-3f' };
    expect(await core.called('testStorage')).toEqual({ place, secrets });
    await form.getByText('cuedesk-test-1.txt is left over in town-hall.').waitFor();
    await form.getByText('3 of 4 passed').waitFor();
    await form.getByText('AccessDenied 403').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    core.answer('saveStorage', async () => {
      core.script.storages.set({ storages: [archive] });
      return archive;
    });
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    expect(await core.called('saveStorage')).toEqual({
      name: 'Archive',
      isBackup: false,
      keep: 'stored',
      place,
      secrets,
    });
    await list.getByText('s3://town-hall at minio.example:9000').waitFor();
    expect(await page.content()).not.toContain('a-secret-3f');
    expect(errors).toEqual([]);
  });

  it('changes one without asking for its keys, and keeps it while it is used', async () => {
    const hinted = { ...archive, secretHints: { ...archive.secretHints, sessionToken: '••••••••••9c' } };
    core.script.storages.set({ storages: [hinted, folder] });
    const { page, errors } = await openConsole(browser, core);
    const list = await openList(page);
    await list.getByText('backup', { exact: true }).waitFor();
    await list.getByText('Only the egress host can look into its folder').waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await list.getByRole('button', { name: 'Change Archive' }).click();
    const form = page.getByRole('dialog', { name: 'Storage Archive' });
    await expect
      .poll(() => form.getByLabel('Secret', { exact: true }).getAttribute('placeholder'))
      .toBe('••••••••••3f, kept; leave empty to go on with it');
    core.answer('removeStorage', async () => {
      throw refusal('A job that runs uses this storage: program in town-hall.', { advice: 'Stop the job first.' });
    });
    await form.getByRole('button', { name: 'Remove this storage' }).click();
    await form.getByRole('button', { name: 'Remove it' }).click();
    await form.getByText('A job that runs uses this storage: program in town-hall. Stop the job first.').waitFor();
    await form.getByLabel('Region').fill('eu-central-1');
    await form.getByText('Keep no session token any more', { exact: true }).click();
    core.answer('saveStorage', async () => archive);
    await form.getByRole('button', { name: 'Save untested' }).click();
    expect(await core.called('saveStorage')).toEqual({
      storageId: 'sto_archive',
      name: 'Archive',
      isBackup: false,
      keep: 'stored',
      place: { ...archive.place, region: 'eu-central-1' },
      secrets: { sessionToken: '' },
    });
    expect(errors).toEqual([]);
  });

  it('has the fields of each provider only, and hides names while the screen is shared', async () => {
    core.script.storages.set({ storages: [archive] });
    const { page } = await openConsole(browser, core);
    await (await openList(page)).getByRole('button', { name: 'Add a storage…' }).click();
    const form = page.getByRole('dialog', { name: 'Add a storage' });
    for (const [kind, fields] of [
      ['Google Cloud Storage', ['Name', 'Bucket', 'Key file']],
      ['Azure Blob Storage', ['Name', 'Account', 'Account key', 'Container']],
      ['Alibaba Cloud OSS', ['Name', 'Bucket', 'Region', 'Endpoint', 'Access key', 'Secret']],
      ['A folder at the server', ['Name', 'Folder']],
    ] as const) {
      await form.getByRole('button', { name: /Kind$/ }).click();
      await page.getByRole('option', { name: kind }).click();
      await expect
        .poll(() => form.locator('.field-row:visible label').allInnerTexts())
        .toEqual(expect.arrayContaining([...fields]));
    }
    await page.keyboard.press('Escape');
    core.script.settings.update((settings) => ({ ...settings, screenShareMode: true }));
    const list = page.getByRole('dialog', { name: 'Storage', exact: true });
    await list.getByText('Storage 1').waitFor();
    await expect.poll(() => list.innerText()).not.toMatch(/Archive|town-hall/);
  });

  it('says at an ended job whether its file is in the storage, looks again, and copies a link that ends', async () => {
    const nowMs = Date.now();
    const job = recording('studio-eu', 'town-hall', nowMs, 60_000, { phase: 'done', endedAtMs: nowMs, text: '' });
    const [first] = job.files;
    const files = first ? [{ ...first, isComplete: true, isInBackup: true }] : [];
    core.script.jobs.set({ jobs: [{ ...job, files }] });
    const check: FileCheck = {
      jobId: job.id,
      fileId: 'file-1',
      atMs: nowMs,
      state: 'missing',
      text: 'not in the storage',
      bytes: null,
      durationMs: null,
      checksum: null,
      storage: 'Archive',
      againAtMs: null,
    };
    core.script.fileChecks.set({ checks: [check] });
    const { page, errors } = await openConsole(browser, core);
    const open = page.getByRole('button', { name: 'Open program.mp4' });
    if (await open.isVisible()) await open.click();
    const card = page.getByRole('article', { name: 'program.mp4' });
    await card.getByText('In the second storage: the first one did not take it.').waitFor();
    await card.getByText(/^Checked in Archive \d\d:\d\d:\d\d UTC: not in the storage\.$/).waitFor();
    await expect.poll(() => card.getByRole('button', { name: 'Copy link to program.mp4' }).count()).toBe(0);
    core.answer('checkFile', async () => {
      const checksum = { kind: 'MD5', value: '5d41402abc4b2a76b9719d911017c592' };
      const found = { ...check, state: 'there', text: 'there, 1.2 GB', checksum } as const;
      core.script.fileChecks.set({ checks: [found] });
      return found;
    });
    await card.getByRole('button', { name: 'Check again: program.mp4' }).click();
    expect(await core.called('checkFile')).toEqual({ jobId: job.id, fileId: 'file-1' });
    await card.getByText('MD5 5d41402a…').waitFor();
    await card.getByRole('button', { name: 'Play program.mp4 from the storage' }).waitFor();
    core.answer('linkFile', async () => ({
      url: 'https://show.example/program.mp4?X-Amz-Signature=secret',
      expiresAtMs: Date.now() + 899_500,
      endsWith: 'role',
      doubt: { code: 'not-listening', fault: 'network', retryable: true, text: 'Nobody listens at show.example.' },
    }));
    await card.getByRole('button', { name: 'Copy link to program.mp4' }).click();
    await card.getByText('The file was not seen before: Nobody listens at show.example.').waitFor();
    await card.getByText(/until \d\d:\d\d:\d\d, for (14 m 5\d|15 m 00) s: no longer than the role/).waitFor();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('X-Amz-Signature=secret');
    expect(await page.content()).not.toContain('X-Amz-Signature');
    expect(await seriousIn(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
