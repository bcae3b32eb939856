// Shows: picked in the top bar, started whole, changed, handed over as a file.
import { AxeBuilder } from '@axe-core/playwright';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { programRequest } from '../../src/shared/model/job-request.ts';
import { noTiming } from '../../src/shared/model/timing.ts';
import type { Show, ShowJob } from '../../src/shared/model/show.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';

const program: ShowJob = {
  title: 'Program',
  mode: 'best',
  request: {
    ...programRequest('{room_name}-{time}.mp4', 'grid'),
    outputs: {
      ...programRequest('{room_name}-{time}.mp4').outputs,
      stream: { protocol: 'rtmp', destinationIds: ['adr_1'] },
    },
  },
  trackOwners: {},
  timing: noTiming,
};
const iso: ShowJob = {
  title: 'Iso Ada',
  mode: 'egress-only',
  request: {
    kind: 'track',
    trackSid: 'TR_of-yesterday',
    output: { to: 'file', filePath: 'iso', hasManifest: true, storageId: null },
  },
  trackOwners: {
    'TR_of-yesterday': { identity: 'ada-lindqvist', source: 'microphone', kind: 'audio', person: 'Ada Lindqvist' },
  },
  timing: { ...noTiming, afterMin: 90 },
};
const show: Show = {
  id: 'show_1',
  name: 'Town hall',
  jobs: [program, iso],
  captions: null,
  addresses: { adr_1: { name: 'YouTube main', kind: 'rtmp', shown: 'rtmp://a.example/live/{abc...xyz}' } },
  storages: {},
};

describeWith('chromium', 'shows', () => {
  let browser: Browser;
  let core: ScriptedCore;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    core = await openTownHall();
    core.script.jobs.set({ jobs: [] });
    core.answer('planJob', async () => ({
      verdict: 'egress',
      headline: 'LiveKit records it',
      facts: [],
      warnings: [],
      expectedRefusal: null,
      loses: [],
      alternative: null,
      comparison: [],
    }));
    core.answer('planShow', async () => ({
      headline: '1 by egress, 1 not started: 1 session is free.',
      jobs: [
        { title: 'Program', engine: 'egress', because: 'Session 1 of 1 free.', problem: null },
        { title: 'Iso Ada', engine: 'none', because: '1 of 2 egress sessions are in use.', problem: null },
      ],
    }));
    core.answer('chooseShow', async ({ showId }) => {
      core.script.shows.update((value) => ({ ...value, chosenId: showId }));
      return null;
    });
    core.answer('saveShow', async ({ showId, name, jobs, captions }) => {
      const saved: Show = { ...show, id: showId ?? 'show_2', name, jobs, captions };
      core.script.shows.update(({ shows, chosenId }) => ({
        shows: [...shows.filter((each) => each.id !== saved.id), saved],
        chosenId,
      }));
      return saved;
    });
    ({ page } = await openConsole(browser, core));
  });
  beforeEach(async () => {
    core.script.shows.set({ shows: [show], chosenId: null });
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });
  afterAll(async () => {
    await browser.close();
    await core.close();
  });
  const toShows = async (): Promise<void> => {
    await page.getByRole('banner').getByRole('button', { name: /Show$/ }).click();
    await page.getByRole('option', { name: 'Shows…' }).click();
  };

  it('is picked in the top bar and started whole in one press; what did not start says why', async () => {
    await page.getByRole('banner').getByRole('button', { name: 'None Show' }).click();
    await page.getByRole('option', { name: /Town hall/ }).click();
    expect(await core.called('chooseShow')).toEqual({ showId: 'show_1' });
    core.answer('startShow', async () => ({
      headline: '1 by egress, 1 not started: 1 session is free.',
      jobs: [
        { title: 'Program', engine: 'egress', because: '', problem: null },
        { title: 'Iso Ada', engine: 'none', because: '1 of 2 egress sessions are in use.', problem: null },
      ],
    }));
    await page.getByRole('button', { name: 'Start Town hall 2 jobs' }).dblclick();
    expect(await core.called('startShow')).toEqual({
      serverId: 'studio-eu',
      roomName: 'town-hall',
      showId: 'show_1',
    });
    await page
      .getByRole('alert')
      .getByText('1 of 2 jobs started in town-hall. Iso Ada: 1 of 2 egress sessions are in use.')
      .waitFor();
    expect(core.calls.filter((call) => call.name === 'startShow')).toHaveLength(1);
    await page.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('keeps a job of the start panel, and starts nothing by it', async () => {
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: 'Start with options…' }).click();
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await panel.getByRole('button', { name: /What/ }).click();
    await page.getByRole('option', { name: /^One person/ }).click();
    await panel.getByRole('button', { name: /Person/ }).click();
    await page.getByRole('option', { name: /Carla/ }).click();
    await panel.getByRole('button', { name: 'Save in a show' }).click();
    await page.getByRole('menuitem', { name: /Town hall/ }).click();
    await panel.getByText('Saved in Town hall.').waitFor();
    const saved = (await core.called('saveShow')) as { jobs: ShowJob[] };
    expect(saved.jobs.map((job) => job.title)).toEqual(['Program', 'Iso Ada', 'Carla Ferreira']);
    expect(core.calls.some((call) => call.name === 'startJob')).toBe(false);
    await page.keyboard.press('Escape');
  });

  it('is changed job by job; a track is found again by its owner, and what must be entered here is said', async () => {
    await toShows();
    await page.getByRole('button', { name: 'Change Town hall' }).click();
    const dialog = page.getByRole('dialog', { name: 'Show: Town hall' });
    await dialog.getByText('To be entered here: YouTube main, rtmp://a.example/live/{abc...xyz}').waitFor();
    await dialog.getByText('In town-hall now: 1 by egress, 1 not started: 1 session is free.').waitFor();
    await dialog.getByRole('button', { name: 'Change Iso Ada' }).click();
    const panel = page.getByRole('dialog', { name: 'A job of the show' });
    await expect.poll(() => panel.getByRole('button', { name: /Track/ }).innerText()).toBe('Ada Lindqvist, microphone');
    await panel.getByLabel('Name').fill('iso-{time}');
    await panel.getByRole('button', { name: /^Begins and ends/ }).click();
    await panel.getByLabel('Silent for').fill('3');
    await page.keyboard.press('Control+Enter');
    await panel.waitFor({ state: 'detached' });
    await dialog.getByLabel('Name of job 1').fill('Whole program');
    await dialog.getByText('at once, ends after 90 min').waitFor();
    await dialog.getByText('Captions begin with it').click();
    await dialog.getByLabel('Also spoken').fill('fr, xx');
    await expect.poll(() => dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Also spoken').fill('fr');
    await dialog.getByLabel('Words').fill('Lindqvist\n\nCuedesk');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const saved = (await core.called('saveShow')) as Pick<Show, 'jobs' | 'captions'>;
    expect(saved.captions).toEqual({
      feed: 'direct',
      language: 'en',
      otherLanguages: ['fr'],
      vocabulary: ['Lindqvist', 'Cuedesk'],
    });
    expect(saved.jobs.map((job) => job.title)).toEqual(['Whole program', 'Iso Ada']);
    expect(saved.jobs[0]?.request).toEqual(program.request); // a job that was only looked at stays as it was
    expect(saved.jobs[1]).toMatchObject({
      mode: 'egress-only',
      timing: { ...noTiming, afterMin: 90, silentMin: 3 },
      request: { trackSid: 'TR_ada-lindqvist', output: { filePath: 'iso-{time}' } },
      trackOwners: { 'TR_ada-lindqvist': { identity: 'ada-lindqvist', source: 'microphone' } },
    });
    await page.keyboard.press('Escape');
  });

  it('goes out as a file and comes in by one; what is none is refused with a sentence', async () => {
    core.answer('exportShow', async () => ({ fileName: 'Town hall.cuedesk-show.json', text: '{"format":"x"}' }));
    await toShows();
    const dialog = page.getByRole('dialog', { name: 'Shows' });
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export Town hall' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('Town hall.cuedesk-show.json');
    expect(await readFile(await file.path(), 'utf8')).toBe('{"format":"x"}');
    core.answer('importShow', async () => {
      throw refusal('This file is no show of Cuedesk.', { advice: 'It is not JSON: perhaps it was cut off.' });
    });
    const give = async (text: string): Promise<void> => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        dialog.getByRole('button', { name: 'Import…' }).click(),
      ]);
      await chooser.setFiles({ name: 'show.json', mimeType: 'application/json', buffer: Buffer.from(text) });
    };
    await give('{"form');
    await dialog.getByRole('alert').getByText('This file is no show of Cuedesk. It is not JSON').waitFor();
    await give(' '.repeat(2_100_000));
    await dialog.getByRole('alert').getByText('This file is far too large for a show.').waitFor();
    const guest: Show = { ...show, id: 'show_9', name: 'Guest show' };
    core.answer('importShow', async () => {
      core.script.shows.update((value) => ({ ...value, shows: [...value.shows, guest] }));
      return guest;
    });
    await give('{"format":"cuedesk-show"}');
    await page.getByRole('dialog', { name: 'Show: Guest show' }).waitFor();
  });

  it('is removed only by a second press', async () => {
    core.answer('removeShow', async () => {
      core.script.shows.set({ shows: [], chosenId: null });
      return null;
    });
    await toShows();
    await page.getByRole('button', { name: 'Remove Town hall' }).click();
    expect(core.calls.some((call) => call.name === 'removeShow')).toBe(false);
    await page.getByRole('button', { name: 'Remove it? Town hall' }).click();
    expect(await core.called('removeShow')).toEqual({ showId: 'show_1' });
    await page.getByText('No show yet.').waitFor();
  });

  for (const theme of ['dark', 'light'] as const)
    it(`has nothing serious for axe in ${theme}: the list and a show`, async () => {
      core.script.settings.update((settings) => ({ ...settings, theme }));
      await toShows();
      const serious = async (): Promise<string[]> => {
        // Playwright's types of the two packages differ in name only.
        const found = await new AxeBuilder({ page: page as never }).include('.dialog').analyze();
        return found.violations
          .filter((each) => each.impact === 'serious' || each.impact === 'critical')
          .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
      };
      expect(await serious()).toEqual([]);
      await page.getByRole('button', { name: 'Change Town hall' }).click();
      await page.getByText('In town-hall now').waitFor();
      expect(await serious()).toEqual([]);
    });
});
