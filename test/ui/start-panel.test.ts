// The start panel for everything that egress can do: kinds, outputs, encoding, by role and name.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { segmentsAt } from '../../src/renderer/src/features/start/outputs.ts';
import { checkRequest } from '../../src/shared/checks/check-request.ts';
import type { Address } from '../../src/shared/model/address.ts';
import { programRequest, type JobRequest, type Outputs } from '../../src/shared/model/job-request.ts';
import type { Storage } from '../../src/shared/model/storage.ts';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import type { ScriptedCore } from '../support/scripted-core.ts';
import { cast, detail, recording } from '../support/scripted-scene.ts';

const storage = (id: string, name: string): Storage => ({
  id,
  name,
  place: { provider: 'gcp', bucket: 'shows', proxy: null },
  shown: 'gs://shows',
  account: 'show@studio.example',
  isBackup: false,
  secretHints: { credentials: '••••••' },
  protection: 'keychain',
  isMissing: false,
  warnings: [],
});

describeWith('chromium', 'the start panel', () => {
  let browser: Browser;
  let core: ScriptedCore;
  let page: Page;
  let panel: Locator;
  /** One window for all tests; each opens the panel anew. */
  beforeAll(async () => {
    browser = await launchChromium();
    core = await openTownHall();
    core.script.jobs.set({ jobs: [] });
    const camera = {
      sid: 'TR_cam',
      kind: 'video',
      source: 'camera',
      name: '',
      isMuted: true,
      isEncrypted: false,
    } as const;
    core.script.room.set(
      detail(
        'studio-eu',
        'town-hall',
        cast.map((each) => (each.identity === 'ada-lindqvist' ? { ...each, tracks: [...each.tracks, camera] } : each)),
        Date.now(),
      ),
    );
    core.answer('startJob', async () => recording('studio-eu', 'town-hall', Date.now(), 0));
    core.answer('planJob', async ({ request }) => ({
      verdict: 'egress',
      headline: 'LiveKit records it',
      facts: [],
      warnings: checkRequest(request).map(({ text }) => text),
      expectedRefusal: null,
      loses: [],
      alternative: null,
      comparison: [],
    }));
    ({ page } = await openConsole(browser, core));
  });
  afterAll(async () => {
    await browser.close();
    await core.close();
  });

  async function open(): Promise<void> {
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Recording options' }).click();
    await page.getByRole('menuitem', { name: 'Start with options…' }).click();
    panel = page.getByRole('dialog', { name: /^Start (recording|a stream)$/ }); // what streams alone is no recording
    await panel.waitFor();
  }
  async function pick(label: RegExp, option: string | RegExp): Promise<void> {
    await panel.getByRole('button', { name: label }).click();
    await page.getByRole('option', { name: option }).first().click();
  }
  async function add(output: string): Promise<void> {
    await panel.getByRole('button', { name: 'Add an output' }).click();
    await page.getByRole('menuitem', { name: output }).click();
  }
  async function started(): Promise<JobRequest> {
    await expect.poll(() => panel.getByRole('button', { name: /^Start (recording|stream)/ }).isEnabled()).toBe(true);
    const asked = core.called('startJob');
    await expect // a press within 1 s of the last start is deaf
      .poll(async () => {
        await page.keyboard.press('Control+Enter');
        return panel.isVisible();
      })
      .toBe(false);
    const { request } = (await asked) as { request: JobRequest };
    return request;
  }

  it('records one person of the live room, picked by name, with only the fields that apply', async () => {
    await open();
    await pick(/What/, /^One person/);
    await panel.getByText('Pick the person.').waitFor();
    await expect.poll(() => panel.getByRole('button', { name: 'Start recording' }).isDisabled()).toBe(true);
    await expect.poll(() => panel.getByRole('button', { name: /Layout/ }).count()).toBe(0);
    await pick(/Person/, /Bảo Nguyễn/);
    await panel.getByText('Shared screen and its sound').click();
    await expect.poll(() => panel.getByLabel('Name').inputValue()).toBe('{room_name}-{publisher_identity}-{time}.mp4');
    expect(await started()).toMatchObject({ kind: 'participant', identity: 'bảo-nguyễn', screenShare: true });
  });

  it('records tracks by owner and source, and never asks for a SID', async () => {
    await open();
    await pick(/What/, /^One picture with one sound/);
    await panel.getByRole('button', { name: /Picture/ }).click();
    await expect
      .poll(() => page.getByRole('option').allInnerTexts())
      .toEqual(['None', 'Ada Lindqvist, camera\npicture, muted']);
    await page.getByRole('option', { name: /Ada/ }).click();
    await pick(/Sound/, 'Carla Ferreira, microphone');
    expect(await started()).toMatchObject({
      kind: 'track-composite',
      videoTrackSid: 'TR_cam',
      audioTrackSid: 'TR_carla-ferreira',
    });
  });

  it('routes people left and right', async () => {
    await open();
    await pick(/What/, /^People and tracks, mixed/);
    await panel.getByText('Left and right', { exact: true }).click();
    await pick(/Who, route 1/, /^Ada Lindqvist ada-/);
    await pick(/Channel, route 1/, 'left');
    await panel.getByRole('button', { name: 'Add a route' }).click();
    await pick(/Who, route 2/, 'All agents');
    await pick(/Channel, route 2/, 'right');
    expect(await started()).toMatchObject({
      kind: 'media',
      audio: {
        by: 'routes',
        routes: [
          { match: { by: 'identity', identity: 'ada-lindqvist' }, channel: 'left' },
          { match: { by: 'kind', participantKind: 'agent' }, channel: 'right' },
        ],
      },
    });
  });

  it('takes several outputs at once and one’s own encoding; a figure out of range starts nothing', async () => {
    await open();
    await add('Segments');
    await add('Images');
    const segments = panel.getByRole('group', { name: 'Segments' });
    await segments.getByRole('button', { name: 'More of the segments' }).click();
    await segments.getByLabel('Live playlist').fill('live.m3u8');
    await panel.getByRole('group', { name: 'Images' }).getByLabel('Every').fill('60');
    await panel.getByRole('button', { name: 'Remove file' }).click();
    await panel.getByRole('button', { name: /^Encoding/ }).click();
    await panel.getByText('Own', { exact: true }).click();
    await panel.getByLabel('Video rate').fill('900000');
    await panel.getByText('A figure is out of its range: its field is marked.').waitFor();
    await expect.poll(() => panel.getByLabel('Video rate').getAttribute('aria-invalid')).toBe('true');
    await panel.getByLabel('Video rate').fill('6000');
    await panel.getByLabel('Key frames').fill('2,5');
    expect(await started()).toMatchObject({
      encoding: { use: 'advanced', videoBitrateKbps: 6_000, keyFrameIntervalS: 2.5, width: 0 },
      outputs: { file: null, segments: { livePlaylistName: 'live.m3u8' }, images: [{ captureIntervalS: 60 }] },
    });
  });

  it('begins at a time of the clock and ends by itself', async () => {
    await open();
    await panel.getByRole('button', { name: 'Begins and ends at once, until it is stopped' }).click();
    await panel.getByLabel('Begins at').fill('20:00');
    await panel.getByLabel('Ends after').fill('90');
    await panel.getByLabel('Empty for').fill('5');
    await panel.getByText(/^Begins \d\d:\d\d UTC, in /).waitFor();
    await expect.poll(() => panel.getByRole('button', { name: 'Start at 20:00' }).isEnabled()).toBe(true);
    const asked = core.called('startJob');
    const beforeMs = Date.now();
    await expect
      .poll(async () => {
        await page.keyboard.press('Control+Enter');
        return panel.isVisible();
      })
      .toBe(false);
    const { startAtMs, autoStop } = (await asked) as { startAtMs: number; autoStop: unknown };
    expect(new Date(startAtMs).toTimeString()).toMatch(/^20:00:00/);
    expect(startAtMs).toBeGreaterThan(beforeMs);
    expect(autoStop).toEqual({ afterMs: 5_400_000, atMs: null, emptyForMs: 300_000, silentForMs: null });
  });

  it('says what is wrong beside its field, and only there', async () => {
    await open();
    await panel.getByLabel('Name').fill('{room_name}-{track_id}.ogg');
    const file = panel.getByRole('group', { name: 'File' });
    await file.getByText('This kind does not fill in {track_id}: it stays in the name as it is.').waitFor();
    await file.getByText('The ending becomes .mp4, the type of the file.').waitFor();
    await pick(/Kind of file/, 'MP3');
    await file.getByText(/Take MP4/).waitFor();
    await expect.poll(() => panel.getByText('{track_id}: it stays').count()).toBe(1);
  });

  it('tells which other job writes the segments and the images', async () => {
    const base = programRequest('a-{time}');
    const mainMakes = (outputs: Partial<Outputs>): void => {
      const request = { ...base, outputs: { ...base.outputs, ...outputs } };
      const main = { id: 'main', title: 'Main', request };
      core.script.jobs.set({ jobs: [recording('studio-eu', 'town-hall', Date.now(), 0, main)] });
    };
    const stills = {
      captureIntervalS: 10,
      width: 0,
      height: 0,
      filenamePrefix: '{room_name}',
      filenameSuffix: 'index',
      hasManifest: false,
      storageId: null,
    } as const;
    mainMakes({ segments: segmentsAt('hls/{room_name}/part'), images: [stills] });
    await open();
    await add('Segments');
    const segments = panel.getByRole('group', { name: 'Segments' });
    const begins = segments.getByLabel('Begins with');
    await begins.fill('hls/town-hall/other');
    await segments.getByText('Main writes hls/town-hall/index.m3u8 as well: the later one replaces it.').waitFor();
    await begins.fill('hls/second/part');
    await segments.getByText('Main writes').waitFor({ state: 'detached' });
    await add('Images');
    const images = panel.getByRole('group', { name: 'Images' });
    await images.getByLabel('Begins with').fill('town-hall');
    await images.getByText('Main writes town-hall_00000.jpeg as well: the later one replaces it.').waitFor();
    core.script.jobs.set({ jobs: [] });
  });

  it('shows the name as it will be, and which recording has it already in the same storage', async () => {
    const nowMs = Date.now();
    const main = recording('studio-eu', 'town-hall', nowMs, 60_000, {
      id: 'main',
      title: 'Main',
      request: programRequest('shows/{room_name}.mp4'),
    });
    const [file] = main.files;
    const made = recording('studio-eu', 'town-hall', nowMs, 60_000, {
      id: 'made',
      title: 'Rehearsal',
      phase: 'done',
      request: programRequest('take-1'),
      files: file ? [{ ...file, location: 's3://show/take-1.mp4', isComplete: true }] : [],
    });
    core.script.jobs.set({ jobs: [main, made] });
    core.script.storages.set({ storages: [storage('sto_archive', 'Archive')] });
    await open();
    const files = panel.getByRole('group', { name: 'File' });
    const name = files.getByLabel('Name');
    const noteOf = (words: string) => files.getByText(words, { exact: true });

    await name.fill('shows/town-hall');
    await noteOf('shows/town-hall.mp4, filled in at the server by its own clock').waitFor();
    await noteOf('Main writes shows/town-hall.mp4 as well: the later one replaces it.').waitFor();
    await pick(/Storage of the file/, 'Archive'); // another place, and nobody writes there
    await noteOf('Without {time} in it, the next recording replaces this one.').waitFor();
    await expect.poll(() => files.getByText('Main writes').count()).toBe(0);
    await pick(/Storage of the file/, 'The server’s own storage');
    await noteOf('Main writes shows/town-hall.mp4 as well: the later one replaces it.').waitFor();

    await name.fill('take-1.ogg'); // the ending becomes that of the made one
    await noteOf('Rehearsal has made take-1.mp4 already: it would be replaced.').waitFor();

    await name.fill('shows/{room_name}-{time}');
    await files.getByText(/^shows\/town-hall-\d{4}-\d\d-\d\dT\d{6}\.mp4, filled in at the server/).waitFor();
    await expect.poll(() => files.getByText(/replace/).count()).toBe(0);

    await name.fill('/{room_name} {time}?');
    await noteOf('Storages, links or programs may trip over ? in the name.').waitFor();
    await noteOf('A blank in the name becomes %20 or + in links.').waitFor();
    await noteOf('A leading / makes a folder without a name in most storages.').waitFor();
    core.script.jobs.set({ jobs: [] });
  });

  it('takes a new address where a stream needs one, into the address book', async () => {
    core.answer('saveAddress', async ({ name, kind }) => {
      const address: Address = {
        id: 'adr_1',
        name,
        kind,
        url: 'rtmp://a.example/live/{abc...xyz}',
        protection: 'keychain',
        isMissing: false,
        followsLayout: false,
        warnings: [],
      };
      core.script.addresses.set({ addresses: [address] });
      return address;
    });
    await open();
    await add('Stream');
    await panel.getByRole('button', { name: 'Remove file' }).click();
    await panel.getByText('Add an address, or another output beside the stream.').waitFor();
    await panel.getByRole('button', { name: 'Add an address' }).click();
    await page.getByRole('menuitem', { name: 'New address…' }).click();
    const form = panel.getByRole('group', { name: 'New address' });
    await form.getByLabel('Called').fill('YouTube main');
    await form.getByLabel('Address').fill('rtmp://a.example/live/abcdefuvwxyz');
    await page.keyboard.press('Control+Enter'); // what is being typed is no start
    await form.getByRole('button', { name: 'Keep in the address book' }).click();
    expect(await core.called('saveAddress')).toMatchObject({ name: 'YouTube main', kind: 'rtmp', keep: 'stored' });
    await panel.getByRole('list', { name: 'Addresses' }).getByText('rtmp://a.example/live/{abc...xyz}').waitFor();
    expect(core.calls.filter((call) => call.name === 'startJob' && JSON.stringify(call).includes('stream":{'))).toEqual(
      [],
    );
    expect(await started()).toMatchObject({ outputs: { file: null, stream: { destinationIds: ['adr_1'] } } });
  });

  it('is worked by the keyboard alone', async () => {
    await open();
    await panel.getByRole('button', { name: /What/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('One person');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // the list of people opens
    await page.keyboard.type('Carla');
    await page.keyboard.press('Enter');
    expect(await started()).toMatchObject({ kind: 'participant', identity: 'carla-ferreira' });
  });

  it('has nothing serious for axe, dark and light, with every output and fold open', async () => {
    await open();
    for (const output of ['Segments', 'Stream', 'Images']) await add(output);
    const folds = panel
      .getByRole('button', { expanded: false })
      .filter({ hasText: /^(More|Enc|Picture, sound|Begins)/ });
    while ((await folds.count()) > 0) await folds.first().click();
    await panel.getByText('Own', { exact: true }).click();
    for (const theme of ['dark', 'light'] as const) {
      core.script.settings.update((settings) => ({ ...settings, theme }));
      await page.locator(`html[data-theme="${theme}"]`).waitFor();
      // Playwright's types of the two packages differ in name only.
      const found = await new AxeBuilder({ page: page as never }).include('.dialog').analyze();
      const serious = found.violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
      expect(
        serious.map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`),
        theme,
      ).toEqual([]);
    }
  });
});
