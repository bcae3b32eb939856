// Every secret that can be typed or made in the window is, and closed; then all that the page holds in memory is searched.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { pageMemory } from '../support/page-memory.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { server } from '../support/scripted-scene.ts';

const planted = {
  apiSecret: 'planted-typed-api-secret',
  dropped: 'planted-typed-and-cancelled',
  gladiaKey: 'planted-typed-gladia-key',
  monitorToken: 'planted-typed-monitor-token',
  droppedKey: 'planted-typed-unsaved-gladia-key',
  droppedToken: 'planted-typed-unsaved-monitor-token',
  accessKey: 'planted-typed-access-key',
  storageSecret: 'planted-typed-storage-secret',
  streamKey: 'planted-typed-stream-key',
  joinToken: 'planted-made-join-token',
};

describeWith('chromium', 'the memory of the page', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    core = await openTownHall();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
    await core.close();
  });

  const command = async (page: Page, name: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill(name);
    await page.getByRole('menuitem', { name }).click();
  };
  const connect = async (page: Page, secret: string, button: string): Promise<void> => {
    await command(page, 'Connect a server');
    const dialog = page.getByRole('dialog', { name: 'Connect a server' });
    await dialog.getByLabel('URL').fill('wss://livekit.example');
    await dialog.getByLabel('API key').fill('key');
    await dialog.getByLabel('API secret').fill(secret);
    await dialog.getByRole('button', { name: button }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  it('holds no secret once it is saved, cancelled or closed', async () => {
    const { page, errors } = await openConsole(browser, core);
    core.answer('saveServer', async () => server('new', 'livekit.example'));
    await connect(page, planted.apiSecret, 'Save untested');
    expect(await core.called('saveServer')).toMatchObject({ apiSecret: planted.apiSecret });
    await connect(page, planted.dropped, 'Cancel');

    await command(page, 'Settings');
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByLabel('Gladia key').fill(planted.gladiaKey);
    await settings.getByRole('button', { name: 'Save the key' }).click();
    await expect.poll(() => settings.getByLabel('Gladia key').inputValue()).toBe('');
    await settings.getByLabel('Token', { exact: true }).fill(planted.monitorToken);
    await settings.getByRole('button', { name: 'Save the token' }).click();
    await expect.poll(() => settings.getByLabel('Token', { exact: true }).inputValue()).toBe('');
    await settings.getByLabel('Gladia key').fill(planted.droppedKey);
    await settings.getByLabel('Token', { exact: true }).fill(planted.droppedToken);
    await settings.getByRole('button', { name: 'Close' }).click();
    await settings.waitFor({ state: 'detached' });

    await command(page, 'Storage…');
    await page.getByRole('button', { name: 'Add a storage…' }).click();
    const storage = page.getByRole('dialog', { name: 'Add a storage' });
    await storage.getByLabel('Name', { exact: true }).fill('Archive');
    await storage.getByLabel('Bucket', { exact: true }).fill('town-hall');
    await storage.getByLabel('Region').fill('eu-west-1');
    await storage.getByLabel('Access key').fill(planted.accessKey);
    await storage.getByLabel('Secret', { exact: true }).fill(planted.storageSecret);
    core.answer('saveStorage', async () => {
      throw refusal('Not yet.');
    });
    await storage.getByRole('button', { name: 'Save untested' }).click();
    await storage.getByRole('alert').getByText('Not yet.').waitFor();
    expect(await core.called('saveStorage')).toMatchObject({ secrets: { secret: planted.storageSecret } });
    await storage.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Storage', exact: true }).getByRole('button', { name: 'Close' }).click();

    await command(page, 'Address book');
    await page.getByRole('button', { name: 'New address…' }).click();
    const address = page.getByRole('dialog', { name: 'New address' });
    await address.getByRole('textbox', { name: 'Called' }).fill('Stage');
    await address.getByRole('textbox', { name: 'Address' }).fill(`rtmp://host/app/${planted.streamKey}`);
    core.answer('saveAddress', async () => ({
      id: 'adr_stage',
      name: 'Stage',
      kind: 'rtmp',
      url: 'rtmp://host/app/{pla...key}',
      protection: 'keychain',
      isMissing: false,
      followsLayout: false,
      warnings: [],
    }));
    await address.getByRole('button', { name: 'Save' }).click();
    await address.waitFor({ state: 'detached' });
    expect(await core.called('saveAddress')).toMatchObject({ url: `rtmp://host/app/${planted.streamKey}` });
    await page.getByRole('dialog', { name: 'Address book' }).getByRole('button', { name: 'Close' }).click();

    core.answer('makeJoinLink', async () => ({
      serverUrl: 'wss://livekit.example',
      token: planted.joinToken,
      link: `https://meet.example/custom?token=${planted.joinToken}`,
      expiresAtMs: Date.now() + 60_000,
      isReachableByPage: true,
    }));
    await page.getByRole('button', { name: 'Room town-hall: more' }).click();
    await page.getByRole('menuitem', { name: 'Link to join…' }).click();
    const join = page.getByRole('dialog', { name: 'Link to join' });
    await join.getByRole('button', { name: 'Make link' }).click();
    await join.getByRole('button', { name: 'Show' }).click();
    await join.getByText(planted.joinToken, { exact: true }).waitFor();
    await join.getByRole('button', { name: 'Close' }).click();
    await join.waitFor({ state: 'detached' });

    await page.evaluate(() => void Object.assign(window, { held: ['what-is-held', 'is-found'].join('-') }));
    const memory = await pageMemory(page);
    expect(memory).toContain('what-is-held-is-found');
    expect(Object.entries(planted).filter(([, secret]) => memory.includes(secret))).toEqual([]);
    expect(errors).toEqual([]);
  });
});
