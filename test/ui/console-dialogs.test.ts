// Connecting a server, limits, settings, incidents, the palette and the keys.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { current, incident, recording, server, stale } from '../support/scripted-scene.ts';

describeWith('chromium', 'dialogs of the console', () => {
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

  it('connects a server: each check in words, the keeping said honestly, the secret sent once', async () => {
    const { page } = await openConsole(browser, core);
    core.script.servers.update((value) => ({ ...value, protection: 'plain-file' }));
    await page.getByRole('button', { name: /Server$/ }).click();
    await page.getByRole('option', { name: 'Connect a server…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect a server' });
    await dialog.getByLabel('Name').fill('Studio on site');
    await dialog.getByLabel('URL').fill('wss://livekit.studio.example');
    await dialog.getByLabel('API key').fill('APIkey');
    await dialog.getByLabel('API secret').fill('s3cret-of-the-studio');
    await expect.poll(() => dialog.innerText()).toContain('kept unencrypted in a file that only your account may read');
    core.answer('testServer', async () => ({
      atMs: Date.now(),
      checks: [
        { id: 'address', state: 'passed', text: 'Reached over TLS', tookMs: 12 },
        {
          id: 'egress',
          state: 'failed',
          text: 'No egress on this server',
          tookMs: 4,
          problem: {
            code: 'no-egress',
            fault: 'server',
            retryable: false,
            text: 'No egress.',
            said: '500 internal: egress not connected (redis required)',
            advice: 'Recordings will run here, on this computer.',
          },
        },
        { id: 'version', state: 'not-run', text: 'Not asked', tookMs: null },
      ],
    }));
    await dialog.getByRole('button', { name: 'Test', exact: true }).click();
    const checks = dialog.getByRole('list', { name: 'What the test found' });
    await expect.poll(() => checks.getByRole('listitem').count()).toBe(3);
    await expect
      .poll(() => checks.innerText())
      .toContain('It said: 500 internal: egress not connected (redis required)');
    expect(await core.called('testServer')).toMatchObject({ url: 'wss://livekit.studio.example', apiKey: 'APIkey' });
    core.answer('saveServer', async () => server('on-site', 'Studio on site'));
    await dialog.getByRole('button', { name: 'Save without egress' }).click();
    expect(await core.called('saveServer')).toMatchObject({
      name: 'Studio on site',
      apiSecret: 's3cret-of-the-studio',
      keep: 'stored',
    });
    await dialog.waitFor({ state: 'detached' });
    expect(await core.called('chooseServer')).toEqual({ serverId: 'on-site' });
    expect(await page.content()).not.toContain('s3cret');
  });

  it('tests by Enter, and saves only by its button', async () => {
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('connect a server');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Connect a server' });
    await dialog.getByLabel('URL').fill('ws://127.0.0.1:1');
    await dialog.getByLabel('API key').fill('k');
    await dialog.getByLabel('API secret').fill('s');
    core.answer('testServer', async () => ({
      atMs: Date.now(),
      checks: [{ id: 'address', state: 'failed', text: 'Nobody listens at 127.0.0.1:1.', tookMs: 1 }],
    }));
    await page.keyboard.press('Enter');
    await dialog.getByText('Nobody listens at 127.0.0.1:1.').waitFor();
    expect(core.calls.filter((call) => call.name === 'saveServer')).toEqual([]);
    core.answer('saveServer', async () => server('new', '127.0.0.1'));
    await dialog.getByRole('button', { name: 'Save untested' }).click(); // without a name it goes by its host
    expect(await core.called('saveServer')).toMatchObject({ name: '127.0.0.1' });
  });

  it('plays the whole recording of a newcomer, not the first seconds before the server took it', async () => {
    const nowMs = Date.now();
    const base = recording('rehearsal', 'town-hall', nowMs, 60_000);
    const [file] = base.files;
    const { egress } = base;
    if (!file || !egress) throw new Error('The scripted recording has no file or no egress.');
    const part = (id: string, name: string, durationMs: number) =>
      ({ ...file, id, engine: 'desk', name, durationMs, isLocal: true, isComplete: true }) as const;
    core.script.jobs.set({
      jobs: [
        {
          ...base,
          engine: 'desk',
          phase: 'done',
          endedAtMs: nowMs,
          egress: { ...egress, status: 'failed', endedAtMs: nowMs - 50_000, text: 'Failed: killed.' },
          desk: {
            status: 'kept',
            startedAtMs: nowMs - 50_000,
            endedAtMs: nowMs,
            peopleCount: 1,
            holes: [],
            text: 'Kept here.',
          },
          files: [
            { ...file, id: 'dead', isComplete: false },
            part('first', 'town-hall 2026-11-21 120000 mix.wav', 4_000),
            part('second', 'town-hall 2026-11-21 120010 part 2 mix.wav', 50_000),
          ],
        },
      ],
    });
    core.script.servers.update((value) => ({ ...value, chosenId: 'rehearsal' }));
    const { page } = await openConsole(browser, core);
    await page
      .getByRole('region', { name: 'The first minute' })
      .getByText('part 2 mix.wav is here and plays: 00:00:50')
      .waitFor();
    const card = page.getByRole('article', { name: 'program.mp4' });
    await expect.poll(() => card.innerText()).toContain('00:00:50');
    await card.getByRole('button', { name: /more files/ }).click();
    await expect.poll(() => card.innerText()).toContain('never finished');
    await expect.poll(() => card.getByText('mix.wav', { exact: true }).count()).toBe(1);
    await card.getByRole('button', { name: 'Why: program.mp4' }).click();
    const why = page.getByRole('dialog', { name: /^Failed: program.mp4/ });
    await expect.poll(() => why.innerText()).toContain('Failed: killed.');
  });

  it('says whether webhooks come or the server is asked alone, how long ago, and where it may send them', async () => {
    const tell = (by: 'polling' | 'webhooks', agoMs: number): void =>
      core.script.rooms.update((list) => ({ ...list, sight: { ...current(Date.now() - agoMs), by } }));
    const webhookUrl = 'http://127.0.0.1:24000/webhooks/studio-eu';
    core.script.servers.update((value) => ({
      ...value,
      servers: value.servers.map((one) => (one.id === 'studio-eu' ? { ...one, webhookUrl } : one)),
    }));
    tell('polling', 0);
    const { page } = await openConsole(browser, core);
    const status = page
      .getByRole('contentinfo', { name: 'Status' })
      .getByRole('listitem')
      .filter({ hasText: 'connected' });
    await expect.poll(() => status.innerText()).toMatch(/12 ms\s+asked \d+ s ago$/);
    tell('webhooks', 3_600_000);
    await expect.poll(() => status.innerText()).toMatch(/12 ms\s+webhooks, asked 36\d\d s ago$/);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Change studio-eu' }).click();
    const dialog = page.getByRole('dialog', { name: 'Server studio-eu' });
    await dialog.getByRole('button', { name: `Webhooks ${webhookUrl}, press to copy` }).waitFor();
    await expect.poll(() => dialog.innerText()).toContain('Some came within the last 10 minutes.');
    tell('polling', 0);
    await expect.poll(() => dialog.innerText()).toContain('None came within the last 10 minutes.');
  });

  it('removes a server only after it was asked once more', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Change studio-eu' }).click();
    const dialog = page.getByRole('dialog', { name: 'Server studio-eu' });
    await dialog.getByRole('button', { name: 'Remove this server' }).click();
    await dialog.getByText('Remove studio-eu and its secret from this computer?').waitFor();
    await page.keyboard.press('Enter'); // the focus is on what changes nothing
    await dialog.getByRole('button', { name: 'Remove this server' }).click();
    expect(core.calls.filter((call) => call.name === 'removeServer')).toEqual([]);
    core.answer('removeServer', async ({ letsGo }) => {
      if (!letsGo) throw refusal('Jobs run or wait at this server: Program in town-hall.', { code: 'server-has-jobs' });
      return null;
    });
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    await dialog.getByRole('alert').getByText('Jobs run or wait at this server: Program in town-hall.').waitFor();
    expect(await core.called('removeServer')).toEqual({ serverId: 'studio-eu', letsGo: false });
    await dialog.getByRole('button', { name: 'Remove it' }).click();
    expect(await core.called('removeServer')).toEqual({ serverId: 'studio-eu', letsGo: true });
    await dialog.waitFor({ state: 'detached' });
  });

  it('tells of a drill what it shows: waiting while it is armed, done when it has happened', async () => {
    const drill = { id: 'refuse-429', label: 'Refuse', expect: 'It is recorded here instead.', needs: null } as const;
    const tell = (isArmed: boolean): void =>
      core.script.rehearsal.set({
        isRunning: true,
        serverId: 'rehearsal',
        scene: 'town-hall',
        drills: [{ ...drill, isArmed }],
      });
    tell(false);
    core.script.servers.update((value) => ({ ...value, chosenId: 'rehearsal' }));
    core.answer('runDrill', async () => {
      tell(true);
      return { text: 'Armed.' };
    });
    const { page } = await openConsole(browser, core);
    const step = page
      .getByRole('region', { name: 'The first minute' })
      .getByRole('listitem')
      .filter({ hasText: 'Break something' });
    await step.getByRole('button', { name: 'Choose a drill' }).click();
    await page.getByRole('menuitem', { name: /^Refuse/ }).click();
    await step.getByText('Armed: Refuse. It is recorded here instead.').waitFor();
    await expect.poll(() => step.getByText('done').count()).toBe(0);
    tell(false); // a recording was started and refused
    await step.getByText('It is recorded here instead. See Incidents.').waitFor();
    await step.getByText('done').waitFor();
  });

  it('keeps the focus in its panel when the control that had it goes away', async () => {
    const nowMs = Date.now();
    core.script.rooms.update((list) => ({ ...list, sight: stale(nowMs - 5_000, nowMs + 60_000) }));
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Try now' }).focus();
    core.script.rooms.update((list) => ({ ...list, sight: current(nowMs) })); // it answers again: the button goes
    await page.getByRole('button', { name: 'Try now' }).waitFor({ state: 'detached' });
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-panel') ?? null))
      .toBe('rooms');
  });

  it('says why a server could not be saved, and keeps what was typed', async () => {
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('connect a server');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Connect a server' });
    await dialog.getByLabel('Name').fill('A');
    await dialog.getByLabel('URL').fill('nonsense');
    await dialog.getByLabel('API key').fill('k');
    await dialog.getByLabel('API secret').fill('s');
    core.answer('saveServer', async () => {
      throw refusal('“nonsense” is no address.', { advice: 'It begins with wss:// or ws://.' });
    });
    await dialog.getByRole('button', { name: 'Save untested' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'It begins with wss:// or ws://.' }).waitFor();
    await expect.poll(() => dialog.getByLabel('URL').inputValue()).toBe('nonsense');
  });

  it('declares a limit and takes it back', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('region', { name: 'Limits' }).getByRole('button', { name: 'Change…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Limits of studio-eu' });
    await dialog.getByRole('button', { name: 'Change Egress sessions' }).click();
    await dialog.getByLabel('At once').fill('x');
    await dialog.getByText('A whole number from 0 to 10000.').waitFor();
    await dialog.getByLabel('At once').fill('4');
    await page.keyboard.press('Enter');
    expect(await core.called('declareLimit')).toEqual({ serverId: 'studio-eu', id: 'egress', limit: 4 });
    await dialog.getByRole('button', { name: 'Change Egress sessions' }).click();
    await dialog.getByRole('button', { name: 'Forget it' }).click();
    expect(await core.called('declareLimit')).toEqual({ serverId: 'studio-eu', id: 'egress', limit: null });
  });

  it('changes the theme at once, and hides addresses and keys in screen-share mode', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByText('Light', { exact: true }).click();
    await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('light');
    await expect.poll(() => dialog.innerText()).toContain('wss://studio-eu.example');
    await dialog.getByText('Screen-share mode: hides').click();
    await expect.poll(() => dialog.innerText()).not.toContain('wss://studio-eu.example');
    expect(await dialog.innerText()).not.toContain('/data');
    await dialog.getByLabel('Gladia key').fill('gladia-key-1');
    await dialog.getByRole('button', { name: 'Save the key' }).click();
    expect(await core.called('saveGladiaKey')).toEqual({ key: 'gladia-key-1', region: 'eu-west', keep: 'stored' });
    await dialog.getByText('Saved').waitFor();
    await expect.poll(() => dialog.getByLabel('Gladia key').inputValue()).toBe('');
    // Save has nothing to save any more; the focus that it had must not be lost, or Esc would close nothing.
    await expect.poll(() => dialog.evaluate((box) => box.contains(document.activeElement))).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('saves a support bundle in one press, says where it is, and why where it cannot be written', async () => {
    const { page } = await openConsole(browser, core);
    const fileName = 'cuedesk support 2026-11-29T07-02-30.zip';
    core.answer('saveSupportBundle', async () => ({
      fileName,
      path: `/data/support/${fileName}`,
      sizeBytes: 1_234_567,
    }));
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('support bundle');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Support bundle' });
    await dialog
      .getByText(/^One zip for somebody who helps:.* Secrets, sound, pictures and captions are not in it/)
      .waitFor();
    await page.keyboard.press('Enter'); // the focus is on its button
    await dialog.getByText(`Saved /data/support/${fileName}, 1.2 MB`, { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Show it' }).click();
    expect(await core.called('revealSupportBundle')).toEqual({ fileName });
    await dialog.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Settings' }).click();
    const settings = page.getByRole('dialog', { name: 'Settings' });
    core.answer('saveSupportBundle', async () => {
      throw refusal('The support bundle could not be written. The disk is full.', { advice: 'Check the disk.' });
    });
    await settings.getByRole('button', { name: 'Save a support bundle' }).click();
    await settings
      .getByText('The support bundle could not be written. The disk is full. Check the disk.', { exact: true })
      .waitFor();
  });

  it('raises one alarm for the newest trouble, and lists every incident', async () => {
    const nowMs = Date.now();
    const { page } = await openConsole(browser, core);
    const alarm = page.getByRole('banner').getByRole('alert');
    await expect.poll(() => alarm.innerText()).toBe('');
    core.script.incidents.set({
      incidents: [
        incident('a', nowMs, { state: 'trouble', kind: 'captions', what: 'Transcriber dropped' }),
        incident('b', nowMs - 60_000),
      ],
    });
    await expect.poll(() => alarm.innerText()).toBe('Transcriber dropped');
    await page.getByRole('banner').getByRole('button', { name: 'Show incidents', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Incidents' });
    await expect.poll(() => dialog.getByRole('row').count()).toBe(3);
    await expect.poll(() => dialog.innerText()).toContain('429 resource_exhausted, 2 of 2 egress in use');
    await dialog.getByRole('button', { name: /Kind of incidents/ }).click();
    await page.getByRole('option', { name: 'Captions' }).click();
    await expect.poll(() => dialog.getByRole('row').count()).toBe(2);
    await dialog.getByRole('button', { name: /^Kind of incidents|Kind of incidents$/ }).click();
    await page.getByRole('option', { name: 'All kinds' }).click();
    await dialog.getByRole('button', { name: 'Seen: Transcriber dropped' }).click();
    expect(await core.called('closeIncident')).toEqual({ incidentId: 'a' });
    core.script.incidents.set({ incidents: [incident('a', nowMs, { state: 'closed', closedAtMs: nowMs })] });
    await dialog.getByRole('button', { name: /^Seen/ }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await expect.poll(() => alarm.innerText()).toBe('');
  });

  it('lists every command in the palette, and its keys', async () => {
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await expect.poll(() => keys.innerText()).toContain('Esc closes what is open. It never stops anything that runs.');
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    const palette = page.getByRole('dialog', { name: 'Commands' });
    const listed = async (): Promise<string[]> => (await palette.getByRole('menuitem').allInnerTexts()).slice(0, 4);
    await expect
      .poll(listed)
      .toEqual([
        expect.stringMatching(/Start recording/),
        expect.stringMatching(/Start a stream/),
        expect.stringMatching(/Start captions/),
        expect.stringMatching(/Stop captions/),
      ]);
    await palette.getByRole('searchbox').fill('backstage');
    await expect.poll(() => palette.getByRole('menuitem').count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('backstage');
  });

  it('goes from panel to panel by F6, and Esc asks nothing of the core', async () => {
    const { page } = await openConsole(browser, core);
    const panel = () =>
      page.evaluate(() => document.activeElement?.closest('[data-panel]')?.getAttribute('data-panel'));
    const visited: (string | null | undefined)[] = [];
    for (let step = 0; step < 6; step += 1) {
      await page.keyboard.press('F6');
      visited.push(await panel());
    }
    expect(visited).toEqual(['rooms', 'limits', 'room', 'jobs', 'captions', 'status']);
    const before = core.calls.length;
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('Escape');
    await page.keyboard.press('?'); // answered after the presses before it
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(core.calls.slice(before).map((call) => call.name)).toEqual([]);
  });

  it('resizes and folds panels by keys, and keeps it', async () => {
    const { page } = await openConsole(browser, core);
    const edge = page.getByRole('separator', { name: 'Width of rooms and limits' });
    await edge.focus();
    await page.keyboard.press('ArrowRight');
    expect(await core.called('changeSettings')).toMatchObject({ panels: { left: 248 } });
    await expect.poll(() => edge.getAttribute('aria-valuenow')).toBe('248');
    await page.keyboard.press('Enter');
    await page.getByRole('grid', { name: 'Rooms' }).waitFor({ state: 'hidden' });
    await edge.press('Enter');
    await page.getByRole('grid', { name: 'Rooms' }).waitFor();
  });

  it('leads a newcomer in the rehearsal, and runs a drill whose long words move nothing', async () => {
    const long =
      'Segments and images come no more, though the server says that their jobs run. After half a minute and more the console says so of a job that keeps them in a storage profile. Run it again to let them go on.';
    core.script.rehearsal.set({
      isRunning: true,
      serverId: 'rehearsal',
      scene: 'town-hall',
      drills: [
        {
          id: 'refuse-429',
          label: 'Refuse the next recording',
          expect: long,
          isArmed: false,
          needs: null,
        },
        {
          id: 'kill-job',
          label: 'Kill the running job',
          expect: 'It fails.',
          isArmed: false,
          needs: 'a job of egress that runs',
        },
      ],
    });
    core.script.servers.update((value) => ({ ...value, chosenId: 'rehearsal' }));
    const { page } = await openConsole(browser, core);
    const strip = page.getByRole('region', { name: 'The first minute' });
    await page.getByText('nothing leaves this computer').waitFor();
    await page.setViewportSize({ width: 1280, height: 800 });
    const heightPx = async (): Promise<number | undefined> => (await strip.boundingBox())?.height;
    const idlePx = await heightPx();
    core.answer('runDrill', async () => ({ text: 'The next recording will be refused.' }));
    await strip.getByRole('button', { name: 'Choose a drill' }).click();
    const idle = page.getByRole('menuitem', { name: 'Kill the running job' });
    await expect.poll(() => idle.getAttribute('aria-disabled')).toBe('true');
    await idle.getByText('Needs a job of egress that runs. It fails.').waitFor();
    const group = page.getByRole('group', { name: 'When a job starts' });
    await group.getByRole('menuitem', { name: /Refuse the next recording/ }).click();
    expect(await core.called('runDrill')).toEqual({ id: 'refuse-429' });
    await strip.getByText(`${long} See Incidents.`).waitFor();
    expect(await heightPx()).toBe(idlePx);
    await strip.getByRole('button', { name: 'Hide these steps' }).click();
    await strip.waitFor({ state: 'detached' });
  });
});
