// The captions panel: start and stop, states in words, lines, markers, find, exports, coverage.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { CaptionOptions } from '../../src/shared/model/captions.ts';
import { launchChromium, openConsole, openTownHall, stopTime } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { cast, line, person, recording, session } from '../support/scripted-scene.ts';

const [ada, bao, , , , yusuf] = cast;
if (!ada || !bao || !yusuf) throw new Error('The cast is not whole');

describeWith('chromium', 'the captions panel', () => {
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

  const panel = (page: Page) => page.getByRole('region', { name: 'Captions', exact: true });
  const lines = (page: Page) => page.getByRole('region', { name: 'Caption lines' });
  const live = (part = {}) =>
    core.script.captionSessions.set({ sessions: [session('studio-eu', 'town-hall', Date.now(), part)] });

  it('starts with the chosen feed and language, and holds to stop', async () => {
    core.script.captionSessions.set({ sessions: [] });
    const { page } = await openConsole(browser, core);
    await panel(page).getByText('No captions in this room').waitFor();
    await panel(page)
      .getByRole('button', { name: /Feed and language: English, Direct/ })
      .click();
    await page.getByRole('menuitemradio', { name: /Track socket/ }).click();
    await panel(page)
      .getByRole('button', { name: /Feed and language: English, Track socket/ })
      .click();
    await page.getByRole('menuitemradio', { name: 'French' }).click();
    core.answer('startCaptions', async () => session('studio-eu', 'town-hall', Date.now(), { state: 'starting' }));
    await panel(page).getByRole('button', { name: 'Start captions' }).dblclick();
    expect(await core.called('startCaptions')).toEqual({
      serverId: 'studio-eu',
      roomName: 'town-hall',
      feed: 'track-socket',
      language: 'fr',
      otherLanguages: [],
      vocabulary: [],
    });
    live({
      state: 'starting',
      stateAtMs: Date.now(),
      text: 'Joining town-hall.',
      startedAtMs: null,
      lineCount: 0,
      gapCount: 0,
    });
    const hold = panel(page).getByRole('button', { name: /Captions: Starting \d+ s\. Hold for 1 s to stop\./ });
    await hold.waitFor();
    await expect.poll(() => panel(page).innerText()).toContain('Joining town-hall.');
    live();
    const running = panel(page).getByRole('button', { name: 'Captions: Captioning. Hold for 1 s to stop.' });
    await page.keyboard.press('c'); // starts only, and it runs already
    await running.focus();
    await stopTime(page);
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    core.answer('stopCaptions', async () => session('studio-eu', 'town-hall', Date.now(), { state: 'stopping' }));
    await page.keyboard.down('Space');
    await page.clock.runFor(1_100);
    expect(await core.called('stopCaptions')).toEqual({ sessionId: 'cap-1' });
    await page.keyboard.up('Space');
    await panel(page)
      .getByRole('button', { name: /Captions: Stopping \d+ s/ })
      .waitFor();
    expect(core.calls.filter((call) => ['startCaptions', 'stopCaptions'].includes(call.name))).toHaveLength(2);
  });

  it('starts with the languages and words of the chosen show, by C, and gives back what was set by hand', async () => {
    const captions: CaptionOptions = {
      feed: 'direct',
      language: 'fr',
      otherLanguages: ['de'],
      vocabulary: ['Cuedesk', 'Ada'],
    };
    const show = { id: 'gala', name: 'Gala', jobs: [], captions, addresses: {}, storages: {} };
    core.script.captionSessions.set({ sessions: [] });
    core.script.shows.set({ shows: [show], chosenId: 'gala' });
    const { page } = await openConsole(browser, core);
    await panel(page)
      .getByRole('button', { name: /^fr de · direct · 2 words/ })
      .waitFor();
    core.answer('startCaptions', async () => session('studio-eu', 'town-hall', Date.now(), { state: 'starting' }));
    await page.keyboard.press('c');
    expect(await core.called('startCaptions')).toEqual({ serverId: 'studio-eu', roomName: 'town-hall', ...captions });
    core.script.shows.set({ shows: [show], chosenId: null });
    await panel(page)
      .getByRole('button', { name: /^en · direct\./ })
      .waitFor();
  });

  it('takes more languages, names and words where captions are started, by keyboard', async () => {
    core.script.captionSessions.set({ sessions: [] });
    const { page, errors } = await openConsole(browser, core);
    await panel(page)
      .getByRole('button', { name: /Feed and language/ })
      .focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Captions: what they are told before' });
    const use = dialog.getByRole('button', { name: 'Use these' });
    await dialog.getByLabel('Also spoken').fill('fr xx');
    await expect.poll(() => use.isDisabled()).toBe(true);
    await dialog.getByLabel('Also spoken').fill('fr');
    await dialog.getByLabel('Words').fill('Lindqvist\nCuedesk');
    await use.focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    core.answer('startCaptions', async () => session('studio-eu', 'town-hall', Date.now(), { state: 'starting' }));
    await panel(page).getByRole('button', { name: 'Start captions' }).click();
    expect(await core.called('startCaptions')).toMatchObject({
      language: 'en',
      otherLanguages: ['fr'],
      vocabulary: ['Lindqvist', 'Cuedesk'],
    });
    expect(errors).toEqual([]);
  });

  it('says in words and seconds that it is away, that it has ended, and what can be done', async () => {
    const { page } = await openConsole(browser, core);
    await expect
      .poll(() => panel(page).innerText())
      .toMatch(/CAP\n*0\.9 s[^]*delay, measured[^]*en · direct[^]*214 lines · 1 gap/);
    live({ state: 'reconnecting', stateAtMs: Date.now() - 8_000, text: 'Transcriber dropped, resuming, try 2' });
    await panel(page)
      .getByText(/Reconnecting \((8|9) s\)/)
      .waitFor();
    await expect.poll(() => panel(page).innerText()).toContain('Transcriber dropped, resuming, try 2');
    live({
      state: 'ended',
      endedAtMs: Date.UTC(2026, 10, 20, 12, 4, 31),
      problem: {
        code: 'x',
        fault: 'destination',
        retryable: true,
        text: 'Gladia ended it.',
        said: '4003',
        advice: 'Start again.',
      },
    });
    await panel(page).getByText('Ended 12:04:31 UTC').waitFor();
    await expect
      .poll(() => panel(page).getByRole('alert').innerText())
      .toMatch(/Gladia ended it\.[^]*4003[^]*Start again\./);
    core.answer('startCaptions', async () => {
      throw refusal('No Gladia key is kept.', { advice: 'Keep one in the settings.' });
    });
    await page.keyboard.press('c');
    await panel(page)
      .getByRole('alert')
      .filter({ hasText: 'No Gladia key is kept. Keep one in the settings.' })
      .waitFor();
  });

  it('shows who said what and when, what is being said apart, each line in its own direction', async () => {
    const zero = Date.UTC(2026, 10, 20, 12, 0, 0);
    live({ startedAtMs: zero });
    core.say(line('a', ada, 'We start with the numbers.', 62_000));
    core.say(line('y', yusuf, 'نبدأ بالأرقام (Hall 7B).', 65_000));
    core.say({
      type: 'gap',
      id: 'g',
      seq: 3,
      identity: null,
      name: null,
      startMs: 70_000,
      endMs: 73_400,
      cause: 'The feed dropped.',
    });
    core.say({ type: 'marker', id: 'm', seq: 4, startMs: 80_000, name: 'Q3 numbers' });
    core.say(line('b', bao, 'the new hall', 90_000, { isFinal: false }));
    const { page } = await openConsole(browser, core);
    await lines(page).getByText('the new hall').waitFor();
    await expect
      .poll(async () => (await lines(page).innerText()).replaceAll(/\n+/g, '|'))
      .toBe(
        [
          '12:01:02|Ada Lindqvist|We start with the numbers.',
          '12:01:05|يوسف الحداد|نبدأ بالأرقام (Hall 7B).',
          '12:01:10|Gap 4 s|The feed dropped.',
          '12:01:20|Marker|Q3 numbers',
          '12:01:30|Bảo Nguyễn|the new hall',
        ].join('|'),
      );
    const direction = (text: string) =>
      lines(page)
        .getByText(text)
        .evaluate((element) => getComputedStyle(element).direction);
    await expect.poll(() => direction('نبدأ بالأرقام')).toBe('rtl');
    await expect.poll(() => direction('We start')).toBe('ltr');
    const color = (text: string) =>
      lines(page)
        .getByText(text)
        .evaluate((element) => getComputedStyle(element).color);
    await expect.poll(() => color('the new hall')).not.toBe(await color('We start'));
    await expect.poll(() => color('Ada Lindqvist')).not.toBe(await color('يوسف الحداد'));
    core.say(line('b', bao, 'The new hall is ready.', 90_000));
    await lines(page).getByText('The new hall is ready.').waitFor();
    await expect.poll(() => color('The new hall is ready.')).toBe(await color('We start'));
    await expect.poll(() => lines(page).getByText('the new hall', { exact: true }).count()).toBe(0);
    await lines(page).getByRole('button', { name: 'Time, UTC 12:01:02, press to copy' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('12:01:02');
  });

  it('counts a gap that lasts, and says whose it is', async () => {
    live({ startedAtMs: Date.now() - 20_000 });
    core.say({
      type: 'gap',
      id: 'g',
      seq: 1,
      identity: 'ada',
      name: 'Ada Lindqvist',
      startMs: 12_000,
      endMs: null,
      cause: 'Ada dropped.',
    });
    const { page } = await openConsole(browser, core);
    await lines(page)
      .getByText(/Gap, (8|9|[1-9]\d) s so far/)
      .waitFor();
    await expect.poll(() => lines(page).innerText()).toContain('Ada Lindqvist: Ada dropped.');
  });

  it('sets a marker for the moment of M, with a name or without; Esc takes it back', async () => {
    core.answer('addMarker', async () => null);
    const { page } = await openConsole(browser, core);
    await panel(page)
      .getByRole('button', { name: /Captions: Captioning/ })
      .waitFor();
    const beforeMs = Date.now();
    await page.keyboard.press('m');
    const field = panel(page).getByRole('textbox', { name: 'Name of the marker' });
    await field.waitFor();
    const askedMs = Date.now(); // M has been heard, and no letter of the name is typed yet
    await page.keyboard.type('Q3 m-r-c'); // letters of commands are letters here
    await page.keyboard.press('Enter');
    const named = (await core.called('addMarker')) as { sessionId: string; name: string; atMs: number };
    expect(named).toMatchObject({ sessionId: 'cap-1', name: 'Q3 m-r-c' });
    expect(named.atMs).toBeGreaterThanOrEqual(beforeMs);
    expect(named.atMs).toBeLessThanOrEqual(askedMs);
    await panel(page)
      .getByRole('button', { name: /Marker/ })
      .click();
    await page.keyboard.press('Enter');
    expect(await core.called('addMarker')).toMatchObject({ name: '' });
    await page.keyboard.press('m');
    await field.waitFor();
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    expect(core.calls.filter((call) => call.name === 'addMarker')).toHaveLength(2);
    expect(core.calls.some((call) => call.name === 'startCaptions' || call.name === 'startJob')).toBe(false);
  });

  it('finds words and names, goes from match to match, and stays there', async () => {
    for (let i = 0; i < 200; i += 1)
      core.say(
        line(
          `l${String(i).padStart(3, '0')}`,
          i % 2 ? ada : bao,
          i % 50 === 7 ? `The hall, row ${i}.` : 'Numbers.',
          i * 1_000,
        ),
      );
    const { page } = await openConsole(browser, core);
    await lines(page).getByText('Numbers.').first().waitFor();
    await page.keyboard.press('Control+f');
    const find = panel(page).getByRole('search', { name: 'Find in captions' });
    await find.getByRole('searchbox').fill('HALL');
    await find.getByText('1 of 4').waitFor();
    await lines(page).getByText('The hall, row 7.').waitFor();
    await expect
      .poll(() => panel(page).getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed'))
      .toBe('false');
    await page.keyboard.press('Enter');
    await find.getByText('2 of 4').waitFor();
    await lines(page).getByText('The hall, row 57.').waitFor();
    await expect
      .poll(() =>
        lines(page)
          .getByText('hall', { exact: true })
          .first()
          .evaluate((e) => e.tagName),
      )
      .toBe('MARK');
    await page.keyboard.press('Shift+Enter');
    await find.getByRole('button', { name: 'Match before' }).click();
    await find.getByText('4 of 4').waitFor();
    await lines(page).getByText('The hall, row 157.').waitFor();
    core.say(line('new', ada, 'One more.', 300_000));
    await panel(page).getByRole('button', { name: 'Follow: 1 new line' }).waitFor();
    await find.getByRole('searchbox').fill('nothing like it');
    await find.getByText('none').waitFor();
    await page.keyboard.press('Escape');
    await find.waitFor({ state: 'detached' });
    await expect.poll(() => lines(page).locator('mark').count()).toBe(0);
  });

  it('saves the transcript in each form, and says why it could not', async () => {
    const { page } = await openConsole(browser, core);
    core.answer('exportCaptions', async ({ format }: { format: string }) => ({
      fileName: `town-hall.${format}`,
      mimeType: 'text/plain',
      text: `1\n00:00:01,000 --> 00:00:02,000\nBảo: ${format}\n`,
    }));
    for (const [name, format] of [
      ['SRT', 'srt'],
      ['WebVTT', 'vtt'],
      ['Text', 'txt'],
      ['JSON', 'json'],
    ] as const) {
      await panel(page).getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`town-hall.${format}`);
      expect(await readFile(await download.path(), 'utf8')).toContain(`Bảo: ${format}`);
      expect(await core.called('exportCaptions')).toEqual({ sessionId: 'cap-1', format });
    }
    await panel(page).getByText('town-hall.json is saved').waitFor();
    core.answer('exportCaptions', async () => {
      throw refusal('The journal cannot be read.');
    });
    await panel(page).getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: /^Text/ }).click();
    await panel(page).getByText('Not exported: The journal cannot be read.').waitFor();
  });

  it('shows to the second which copy has what', async () => {
    const nowMs = Date.now();
    core.script.jobs.set({
      jobs: [recording('studio-eu', 'town-hall', nowMs, 2_462_000, { requestedAtMs: nowMs - 2_467_000 })],
    });
    live({ startedAtMs: nowMs - 2_465_000 });
    core.say({
      type: 'gap',
      id: 'g',
      seq: 1,
      identity: null,
      name: null,
      startMs: 2_360_000,
      endMs: 2_364_000,
      cause: 'Dropped.',
    });
    const { page } = await openConsole(browser, core);
    const cover = page.getByRole('region', { name: 'Coverage' });
    await cover.getByText(/Kept 00:4[1-5]:\d\d of 00:4[1-5]:\d\d/).waitFor();
    await expect.poll(() => cover.innerText()).toContain('Missing 5 s at the start');
    await expect
      .poll(() => cover.innerText())
      .toMatch(
        /egress from 00:00:05 to now\. captions from 00:00:02 to 00:39:22, from 00:39:26 to now\. captions: gap of 4 s at 00:39:22/,
      );
    core.script.jobs.set({ jobs: [] });
    await cover.getByText('Nothing is recorded').waitFor();
  });

  it('forgets what belonged to another session', async () => {
    core.say(line('a', ada, 'Only here.', 1_000));
    const { page } = await openConsole(browser, core);
    await lines(page).getByText('Only here.').waitFor();
    core.script.room.update((room) => room && { ...room, name: 'backstage', people: [person('Eve')] });
    await page.getByRole('row', { name: /backstage/ }).click();
    await panel(page).getByText('No captions in this room').waitFor();
    await expect.poll(() => page.getByText('Only here.').count()).toBe(0);
  });
});
