// Starting a recording: at once, from the menu, or from the start panel with the plan beside it.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Address } from '../../src/shared/model/address.ts';
import type { JobPlan } from '../../src/shared/model/job.ts';
import { launchChromium, openConsole, openTownHall, stopTime } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';
import { cast, detail, recording, server } from '../support/scripted-scene.ts';
import { elsewhereId, programRequest } from '../../src/shared/model/job-request.ts';

const plan = (part: Partial<JobPlan>): JobPlan => ({
  verdict: 'egress',
  headline: 'LiveKit records it',
  facts: [{ label: 'Starts', value: 'in 3 to 5 s', source: 'measured' }],
  warnings: [],
  expectedRefusal: null,
  loses: [],
  alternative: null,
  comparison: [],
  ...part,
});
const wall: Address = {
  id: 'adr_9',
  name: 'Hall wall',
  kind: 'rtmp',
  url: 'rtmp://wall.example/live/{abc...xyz}',
  protection: 'keychain',
  isMissing: false,
  followsLayout: false,
  warnings: [],
};
const best = {
  serverId: 'studio-eu',
  roomName: 'town-hall',
  mode: 'best',
  request: programRequest('{room_name}-{time}.mp4', 'speaker'),
};

describeWith('chromium', 'starting a recording', () => {
  let browser: Browser;
  let core: ScriptedCore;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    core = await openTownHall();
    core.script.jobs.set({ jobs: [] });
    core.answer('startJob', async () => recording('studio-eu', 'town-hall', Date.now(), 0));
    core.answer('stopJob', async () => recording('studio-eu', 'town-hall', Date.now(), 0));
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await core.close();
  });
  const starts = (): unknown[] => core.calls.filter((call) => call.name === 'startJob').map((call) => call.params);

  it('starts the best way at once, and a second press within 1 s does nothing', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByText('Nothing runs.').waitFor();
    const start = page.getByRole('complementary', { name: 'Jobs' }).getByRole('button', { name: 'Start recording' });
    await stopTime(page);
    await start.dblclick();
    expect(await core.called('startJob')).toEqual(best);
    await page.keyboard.press('r');
    await page.waitForTimeout(300);
    expect(starts()).toHaveLength(1);
  });

  it('Space and Enter on a Start that merely has focus do not fire again', async () => {
    const { page } = await openConsole(browser, core);
    const start = page.getByRole('complementary', { name: 'Jobs' }).getByRole('button', { name: 'Start recording' });
    await start.focus();
    await stopTime(page);
    await page.keyboard.press('Space');
    await core.called('startJob');
    await page.clock.runFor(1_100); // past the second in which any press is deaf
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(200);
    expect(starts()).toHaveLength(1);
  });

  it('R starts, beside a stream too, and where the room is recorded already it asks; it never stops', async () => {
    const stream = recording('studio-eu', 'town-hall', Date.now(), 1_000, { title: 'Restream' });
    const outputs = {
      file: null,
      stream: { protocol: 'rtmp' as const, destinationIds: ['a'] },
      segments: null,
      images: [],
    };
    core.script.jobs.set({ jobs: [{ ...stream, request: { ...programRequest('x'), outputs } }] });
    const { page } = await openConsole(browser, core);
    await page.getByRole('article', { name: 'Restream' }).waitFor();
    await page.keyboard.press('r');
    expect(await core.called('startJob')).toEqual(best);
    core.script.jobs.set({ jobs: [recording('studio-eu', 'town-hall', Date.now(), 1_000)] });
    await page.getByRole('article', { name: 'program.mp4' }).waitFor();
    await page.keyboard.press('r');
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await panel.getByText('1 recording of this room already runs').waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(core.calls.some((call) => call.name === 'stopJob')).toBe(false);
    expect(starts()).toHaveLength(1);
  });

  it('S and Stream… open the panel for a stream to the only address that is kept, and start nothing by themselves', async () => {
    core.answer('planJob', async () => plan({}));
    core.script.addresses.set({ addresses: [wall] });
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('s');
    const panel = page.getByRole('dialog', { name: 'Start a stream' });
    await panel.getByText('Hall wall').waitFor();
    await expect.poll(() => panel.getByRole('group', { name: 'File' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(starts()).toHaveLength(0);
    await page.getByRole('button', { name: 'Stream…' }).click();
    await panel.getByRole('button', { name: 'Start stream' }).click();
    expect(await core.called('startJob')).toMatchObject({
      request: { outputs: { file: null, stream: { protocol: 'rtmp', destinationIds: ['adr_9'] } } },
    });
  });

  it('offers recording here and egress only', async () => {
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: /Record here, sound only/ }).click();
    expect(await core.called('startJob')).toMatchObject({ mode: 'desk-only', request: { kind: 'room-sound' } });
    await page.waitForTimeout(1_000);
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: /Egress only/ }).click();
    expect(await core.called('startJob')).toMatchObject({ mode: 'egress-only', request: best.request });
  });

  it('shows what would happen beside each field, and the button says it', async () => {
    core.answer('planJob', async ({ mode }: { mode: string }) =>
      mode === 'egress-only'
        ? plan({ warnings: ['If the server refuses, nothing is recorded.'] })
        : plan({
            verdict: 'desk',
            headline: 'This starts here, sound only',
            expectedRefusal: '2 of 2 egress sessions are in use: the server would refuse this one.',
          }),
    );
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: 'Start with options…' }).click();
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    expect(await core.called('planJob')).toEqual(best);
    await panel.getByRole('heading', { name: 'This starts here, sound only' }).waitFor();
    await expect
      .poll(() => panel.innerText())
      .toMatch(/2 of 2 egress sessions are in use[^]*Starts\n*in 3 to 5 s measured/);
    await panel.getByRole('button', { name: 'Start here, sound only' }).waitFor();
    await panel.getByText('egress', { exact: true }).click();
    await panel.getByRole('heading', { name: 'LiveKit records it' }).waitFor();
    await panel.getByText('If the server refuses, nothing is recorded.').waitFor();
    await panel.getByRole('button', { name: /Layout/ }).click();
    await page.getByRole('option', { name: 'Grid', exact: true }).click();
    await panel.getByLabel('Name').fill('show/{room_name}');
    await panel.getByText('show/town-hall.mp4, filled in at the server').waitFor();
    await panel.getByLabel('Name').fill('');
    await panel.getByText(/^town-hall-[\dT-]+\.mp4, filled in at the server/).waitFor();
    await panel.getByLabel('Name').fill('show/{room_name}');
    await expect.poll(() => panel.getByRole('button', { name: 'Start recording' }).isEnabled()).toBe(true);
    await page.keyboard.press('Control+Enter');
    expect(await core.called('startJob')).toEqual({
      ...best,
      mode: 'egress-only',
      request: programRequest('show/{room_name}', 'grid'),
    });
    await panel.waitFor({ state: 'detached' });
  });

  it('cannot start where nothing would be recorded, and keeps what was chosen when a start fails', async () => {
    let verdict: JobPlan = plan({ verdict: 'none', headline: 'This room is not there.', facts: [] });
    core.answer('planJob', async () => verdict);
    const { page } = await openConsole(browser, core);
    await page.keyboard.press('Control+k');
    await page.getByRole('searchbox', { name: 'Find a command' }).fill('with options');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await panel.getByRole('heading', { name: 'This room is not there.' }).waitFor();
    await expect.poll(() => panel.getByRole('button', { name: 'Cannot start' }).isDisabled()).toBe(true);
    verdict = plan({});
    await panel.getByRole('button', { name: /What/ }).click();
    await page.getByRole('option', { name: /Sound only/ }).click();
    core.answer('startJob', async () => {
      throw refusal('The room cannot be joined.', { said: '401 unauthenticated', advice: 'Look at the key.' });
    });
    await panel.getByRole('button', { name: 'Start recording' }).click();
    const alert = panel.getByRole('alert');
    await alert.filter({ hasText: 'The room cannot be joined.' }).waitFor();
    await expect.poll(() => alert.innerText()).toMatch(/401 unauthenticated[^]*Look at the key\./);
    await expect.poll(() => panel.getByRole('button', { name: /What/ }).innerText()).toContain('Sound only');
    await page.keyboard.press('Escape');
    await page.getByRole('complementary', { name: 'Jobs' }).getByText('The room cannot be joined.').waitFor();
  });

  it('starts an ended job again in one press, as it was and in its room, or with changes', async () => {
    const ended = recording('studio-eu', 'backstage', Date.now(), 9_000, {
      phase: 'done',
      title: 'Iso Carla',
      mode: 'egress-only',
      request: programRequest('iso-{time}.mp4', 'grid'),
      autoStop: { afterMs: 60_000, atMs: 1_000, emptyForMs: null, silentForMs: null },
    });
    core.script.jobs.set({ jobs: [ended] });
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Open Iso Carla' }).click();
    await page.getByRole('button', { name: 'Start again: Iso Carla' }).dblclick();
    expect(await core.called('startJob')).toEqual({
      serverId: 'studio-eu',
      roomName: 'backstage',
      title: 'Iso Carla',
      mode: 'egress-only',
      request: ended.request,
      autoStop: { afterMs: 60_000, atMs: null, emptyForMs: null, silentForMs: null },
    });
    expect(starts()).toHaveLength(1);
    core.script.room.set(detail('studio-eu', 'backstage', cast, Date.now()));
    await page.getByRole('button', { name: 'With changes…: Iso Carla' }).click();
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await expect.poll(() => panel.getByLabel('Name').inputValue()).toBe('iso-{time}.mp4');
    await expect.poll(() => panel.getByRole('button', { name: /Layout/ }).innerText()).toBe('Grid');
    await expect.poll(() => panel.getByRole('radio', { name: 'egress' }).isChecked()).toBe(true);
  });

  it('starts the recording of a web page again, which is in no room', async () => {
    const ended = recording('studio-eu', '', Date.now(), 9_000, {
      phase: 'done',
      title: 'Wall',
      mode: 'egress-only',
      request: {
        kind: 'web',
        pageId: 'adr_wall',
        tracks: 'both',
        awaitStartSignal: false,
        encoding: { use: 'default' },
        outputs: programRequest('wall').outputs,
      },
    });
    core.script.jobs.set({ jobs: [ended] });
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Open Wall' }).click();
    await page.getByRole('button', { name: 'Start again: Wall' }).click();
    expect(await core.called('startJob')).toMatchObject({ roomName: 'town-hall', request: { kind: 'web' } });
  });

  it('fills the panel with what the server tells of a job that others started, and says what is to be picked anew', async () => {
    const program = programRequest('show-{time}.mp4', 'grid');
    const ended = recording('studio-eu', 'town-hall', Date.now(), 9_000, {
      phase: 'done',
      title: 'Recording of town-hall',
      startedBy: 'elsewhere',
      request: {
        ...program,
        templateId: elsewhereId,
        outputs: { ...program.outputs, stream: { protocol: 'srt', destinationIds: [] } },
      },
    });
    core.script.jobs.set({ jobs: [ended] });
    const { page } = await openConsole(browser, core);
    await page.getByRole('button', { name: 'Start again…: Recording of town-hall' }).click();
    const panel = page.getByRole('dialog', { name: 'Start recording' });
    await panel.getByText(/does not tell the template, where it streams to, the storage, since a secret/).waitFor();
    await expect.poll(() => panel.getByLabel('Name').inputValue()).toBe('show-{time}.mp4');
    await expect.poll(() => panel.getByRole('button', { name: /Layout/ }).innerText()).toBe('Grid');
    await panel.getByText('None yet. Beside another output they can be added while it runs.').waitFor();
    expect(starts()).toHaveLength(0);
  });

  it('makes the first step of a newcomer work: a press, a time, a file that plays', async () => {
    core.script.servers.set({
      servers: [server('rehearsal', 'Rehearsal', 'rehearsal')],
      chosenId: 'rehearsal',
      protection: 'this-run',
    });
    core.script.rehearsal.set({ isRunning: true, serverId: 'rehearsal', scene: 'town-hall', drills: [] });
    core.script.room.update((room) => room && { ...room, serverId: 'rehearsal' });
    const { page } = await openConsole(browser, core);
    const strip = page.getByRole('region', { name: 'The first minute' });
    await strip.getByRole('button', { name: 'Start recording' }).click();
    expect(await core.called('startJob')).toEqual({ ...best, serverId: 'rehearsal' });
    const done = recording('rehearsal', 'town-hall', Date.now(), 12_000, { phase: 'done' });
    core.script.jobs.set({
      jobs: [
        { ...done, files: done.files.map((each) => ({ ...each, isLocal: true, isComplete: true, bytes: 5_200_000 })) },
      ],
    });
    await strip.getByText('program.mp4 is here and plays: 00:00:12, 5.2 MB.').waitFor();
    await strip.getByRole('button', { name: 'Play it' }).click();
    expect(await core.called('fileAddress')).toEqual({ jobId: 'job-1', fileId: 'file-1' });
  });
});
