// Control of rooms and people, and links to join: each in a real browser, by role and name.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { launchChromium, openConsole, openTownHall } from '../support/console-page.ts';
import { describeWith } from '../support/require.ts';
import { refusal, type ScriptedCore } from '../support/scripted-core.ts';

const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJndWVzdCJ9.c2lnbmF0dXJlLW9mLWl0';
const made = {
  serverUrl: 'wss://studio.example',
  token,
  link: `https://meet.livekit.io/custom?liveKitUrl=wss%3A%2F%2Fstudio.example&token=${token}`,
  expiresAtMs: Date.UTC(2026, 10, 28, 23, 0, 0),
  isReachableByPage: true,
};

describeWith('chromium', 'control of rooms and people', () => {
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
  const shots = process.env['CUEDESK_SHOTS'];
  const shot = async (page: Page, name: string): Promise<void> => {
    if (shots) await page.screenshot({ path: `${shots}/${name}.png` });
  };
  async function seriousIn(page: Page): Promise<string[]> {
    const found = await new AxeBuilder({ page: page as never }).analyze();
    return found.violations
      .filter((each) => each.impact === 'serious' || each.impact === 'critical')
      .map((each) => `${each.id}: ${each.nodes.map((node) => node.html.slice(0, 200)).join(' | ')}`);
  }
  const pick = async (page: Page, button: string, item: string): Promise<void> => {
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  it('creates a room with what only its making can set, and says so where it was open already', async () => {
    const { page, errors } = await openConsole(browser, core);
    core.answer('createRoom', async ({ room }) => ({
      name: room.name,
      wasOpen: room.name === 'overflow',
      egress: 'not-asked',
    }));
    await pick(page, 'Rooms: more', 'Create room…');
    const dialog = page.getByRole('dialog', { name: 'Create a room' });
    await dialog.getByLabel('Name').fill('overflow');
    await dialog.getByLabel('Stays empty').fill('600');
    await shot(page, 'create-room');
    await page.keyboard.press('Enter');
    await dialog.getByText(/^overflow was open already\. It stays as it was/).waitFor();
    await dialog.getByLabel('Name').fill('late-show');
    await dialog.getByRole('button', { name: 'Create room' }).click();
    await dialog.waitFor({ state: 'detached' });
    await core.called('createRoom');
    expect(await core.called('createRoom')).toEqual({
      serverId: 'studio-eu',
      room: {
        name: 'late-show',
        emptyTimeoutS: 600,
        departureTimeoutS: null,
        maxPeople: null,
        metadata: '',
        autoEgress: { room: null, participant: null, tracks: null },
      },
    });
    await page.getByRole('heading', { level: 1, name: 'late-show' }).waitFor();
    expect(errors).toEqual([]);
  });

  it('asks LiveKit to record from the making on, with the limits of that in words, and says where nothing came of it', async () => {
    const { page } = await openConsole(browser, core);
    core.answer('createRoom', async ({ room }) => ({ name: room.name, wasOpen: false, egress: 'missing' }));
    await pick(page, 'Rooms: more', 'Create room…');
    const dialog = page.getByRole('dialog', { name: 'Create a room' });
    await dialog.getByLabel('Name', { exact: true }).fill('late-show');
    await dialog.getByRole('button', { name: /^Recorded by the server from the start/ }).click();
    await dialog.getByText(/they cannot be added to an open room, changed, taken back or read again/).waitFor();
    await dialog.getByText('The room as one program').click();
    const room = dialog.getByRole('region', { name: 'The room as one program' });
    await room.getByRole('button', { name: /^Picture, sound, template/ }).click();
    await room.getByText('Sound', { exact: true }).click();
    for (const output of [/^Segments/, /^Stream/, /^Images/]) {
      await room.getByRole('button', { name: 'Add an output' }).click();
      await page.getByRole('menuitem', { name: output }).click();
    }
    await dialog
      .getByText(/^There is no picture to take images of/)
      .first()
      .waitFor();
    await room.getByText('Picture and sound', { exact: true }).click();
    await dialog.getByText('Every participant, from their first track on').click();
    const people = dialog.getByRole('region', { name: 'Every participant, from their first track on' });
    await people.getByRole('button', { name: 'Add an output' }).click();
    await expect.poll(() => page.getByRole('menuitem').allInnerTexts()).toHaveLength(2); // no streams, no images
    await page.getByRole('menuitem', { name: /^Segments/ }).click();
    await people.getByRole('button', { name: 'Remove file' }).click();
    await dialog.getByText('Every track, as it comes').click();
    const tracks = dialog.getByRole('region', { name: 'Every track, as it comes' });
    await tracks.getByRole('textbox', { name: 'Name' }).fill('t/{track_id}');
    await shot(page, 'auto-egress');
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Create room' }).click();
    expect(await core.called('createRoom')).toMatchObject({
      room: {
        autoEgress: {
          room: {
            kind: 'room-composite',
            tracks: 'both',
            outputs: {
              file: { filePath: '{room_name}-{time}.mp4' },
              segments: { filenamePrefix: '{room_name}-{time}/part' },
              stream: { protocol: 'rtmp', destinationIds: [] },
              images: [{ captureIntervalS: 10 }],
            },
          },
          participant: {
            outputs: { file: null, segments: { filenamePrefix: '{room_name}/{publisher_identity}-{time}/part' } },
          },
          tracks: { filePath: 't/{track_id}', storageId: null },
        },
      },
    });
    const said = dialog.getByText(/^late-show is open, but no egress records it, and the server did not say so/);
    await said.waitFor();
    const isInSight = await said.evaluate(
      (element: {
        getBoundingClientRect(): { bottom: number };
        closest(of: string): { getBoundingClientRect(): { bottom: number } } | null;
      }) =>
        element.getBoundingClientRect().bottom <= (element.closest('.body')?.getBoundingClientRect().bottom ?? 0) + 1,
    );
    expect(isInSight).toBe(true);
    await shot(page, 'auto-egress-missing');
  });

  it('ends a room only after a list of what ends and a hold, and shows a refusal in its three parts', async () => {
    const { page } = await openConsole(browser, core);
    let isRefused = true;
    core.answer('endRoom', async () => {
      if (isRefused) throw refusal('This room is not open.', { said: '404 not_found', advice: 'Look again.' });
      return null;
    });
    await pick(page, 'Room town-hall: more', 'End room…');
    const dialog = page.getByRole('alertdialog', { name: 'End town-hall?' });
    await expect
      .poll(() => dialog.getByRole('list', { name: 'What ends' }).innerText())
      .toMatch(/6 people leave at once[^]*REC[^]*CAP\s+Captions: nobody is left/);
    await shot(page, 'end-room');
    expect(await seriousIn(page)).toEqual([]);
    const hold = dialog.getByRole('button', { name: 'Hold to end the room town-hall for everybody' });
    await hold.press('Enter');
    expect(core.calls.some((call) => call.name === 'endRoom')).toBe(false); // a press is no hold
    await hold.focus();
    await page.keyboard.down('Enter');
    await dialog.getByText('404 not_found').waitFor();
    await page.keyboard.up('Enter');
    isRefused = false;
    await page.keyboard.down('Space');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.up('Space');
    expect(core.calls.filter((call) => call.name === 'endRoom').at(-1)?.params).toEqual({
      serverId: 'studio-eu',
      roomName: 'town-hall',
    });
  });

  it('edits the metadata as the server has it, and does not send what is larger than the server takes', async () => {
    const { page } = await openConsole(browser, core);
    const facts = { sid: 'RM_1', createdAtMs: 1, emptyTimeoutS: 300, departureTimeoutS: 20, maxPeople: 0 };
    core.answer('roomFacts', async ({ roomName }) => ({ ...facts, name: roomName, metadata: '{"stage":1}' }));
    await pick(page, 'Room town-hall: more', 'Edit metadata…');
    const dialog = page.getByRole('dialog', { name: 'Metadata of town-hall' });
    const box = dialog.getByLabel('Metadata');
    await expect.poll(() => box.inputValue()).toBe('{"stage":1}');
    await box.fill('{"stage":');
    await dialog.getByText('It looks like JSON and is none.').waitFor();
    await box.fill('ü'.repeat(262_145));
    await dialog.getByText('524,290 of 524,288 bytes').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await box.fill('{"stage":2}');
    await dialog.getByRole('button', { name: 'Save' }).click();
    expect(await core.called('editRoomMetadata')).toMatchObject({ roomName: 'town-hall', metadata: '{"stage":2}' });
    await dialog.waitFor({ state: 'detached' });
  });

  it('mutes by keyboard from the table; what is refused is said over the people, and stays until it is dismissed', async () => {
    const { page, errors } = await openConsole(browser, core);
    const answered = Promise.withResolvers<void>();
    core.answer('muteTrack', async ({ isMuted }) => {
      await answered.promise;
      if (!isMuted) throw refusal('This server does not allow to unmute others.', { advice: 'Ask the person.' });
      throw refusal('The room or the person is not there any more.', { said: '503 unavailable: no response' });
    });
    await page.getByRole('grid', { name: 'People' }).focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.evaluate('document.activeElement.getAttribute("aria-label")'))
      .toBe('Ada Lindqvist: more');
    await page.keyboard.press('Enter');
    const menu = page.getByRole('menu', { name: 'Ada Lindqvist: more' });
    await menu.waitFor();
    await shot(page, 'person-menu');
    await page.keyboard.press('Enter');
    await page.getByText(/^Muting Ada Lindqvist, \d+ s$/).waitFor();
    answered.resolve();
    await page.getByText('503 unavailable: no response').waitFor();
    await shot(page, 'mute-refused');
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await pick(page, 'Carla Ferreira: more', 'Unmute microphone');
    await page.getByText('This server does not allow to unmute others.').waitFor();
    expect(errors).toEqual([]);
  });

  it('shows who publishes what, renames, and removes only after asking', async () => {
    const { page } = await openConsole(browser, core);
    core.answer('personFacts', async ({ identity }) => ({ identity, name: 'Ada Lindqvist', metadata: '' }));
    await pick(page, 'Ada Lindqvist: more', 'Tracks and name…');
    const dialog = page.getByRole('dialog', { name: 'Ada Lindqvist' });
    await expect
      .poll(() => dialog.getByRole('list', { name: 'Publishes' }).innerText())
      .toMatch(/Microphone sound[^]*live/);
    await dialog.getByLabel('Name').fill('Ada L.');
    await shot(page, 'person');
    expect(await seriousIn(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Mute Microphone' }).click();
    expect(await core.called('muteTrack')).toMatchObject({ identity: 'ada-lindqvist', isMuted: true });
    await dialog.getByRole('button', { name: 'Save' }).click();
    expect(await core.called('editPerson')).toMatchObject({ identity: 'ada-lindqvist', name: 'Ada L.' });
    await pick(page, 'Ada Lindqvist: more', 'Remove…');
    const ask = page.getByRole('alertdialog', { name: 'Remove Ada Lindqvist?' });
    await page.keyboard.press('Enter'); // the focus is on what changes nothing
    await ask.waitFor({ state: 'detached' });
    expect(core.calls.some((call) => call.name === 'removePerson')).toBe(false);
    await pick(page, 'Ada Lindqvist: more', 'Remove…');
    await ask.getByRole('button', { name: 'Remove' }).click();
    expect(await core.called('removePerson')).toMatchObject({ identity: 'ada-lindqvist' });
  });

  it('makes a link with its rights in words; it is masked, copied only when asked twice, and gone after', async () => {
    const { page, errors } = await openConsole(browser, core);
    core.answer('makeJoinLink', async () => made);
    await pick(page, 'Room town-hall: more', 'Link to join…');
    const dialog = page.getByRole('dialog', { name: 'Link to join' });
    const rights = dialog.getByRole('region', { name: 'What it allows' });
    await expect.poll(() => rights.innerText()).toMatch(/Speaks, and shows camera and screen\./);
    await dialog.getByText('A hidden monitor').click();
    await expect
      .poll(() => rights.innerText())
      .toMatch(
        /Cannot speak or show anything\.[^]*Nobody in the room sees them\. They are not counted, and the room does not stay open/,
      );
    await expect.poll(() => dialog.getByLabel('Identity').inputValue()).toMatch(/^monitor-/);
    await dialog.getByLabel('Identity').fill('director');
    await dialog.getByText('7 days').click();
    await dialog.getByRole('button', { name: 'Make link' }).click();
    expect(await core.called('makeJoinLink')).toEqual({
      serverId: 'studio-eu',
      order: { role: 'monitor', roomName: 'town-hall', identity: 'director', name: '', validForS: 604_800 },
    });
    const secret = dialog.getByRole('region', { name: 'The link' });
    await secret.waitFor();
    await shot(page, 'join');
    expect(await seriousIn(page)).toEqual([]);
    const inPage = (): Promise<boolean> =>
      page.evaluate(`document.documentElement.outerHTML.includes(${JSON.stringify(token)})`);
    expect(await inPage()).toBe(false);
    await secret.getByRole('button', { name: 'Show' }).click();
    await expect.poll(() => inPage()).toBe(true);
    core.script.settings.update((settings) => ({ ...settings, screenShareMode: true }));
    await secret.getByText('hidden: screen-share mode is on').waitFor();
    expect(await inPage()).toBe(false);
    await secret.getByRole('button', { name: 'Copy link…' }).click();
    await page.keyboard.press('Enter'); // the focus is on No
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('');
    await secret.getByRole('button', { name: 'Copy link…' }).click();
    await secret.getByRole('button', { name: 'Copy it' }).click();
    await secret.getByText('Copied.').waitFor();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toBe(made.link);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    core.script.settings.update((settings) => ({ ...settings, screenShareMode: false }));
    await pick(page, 'Room town-hall: more', 'Link to join…');
    await rights.waitFor();
    expect(await inPage()).toBe(false);
    await expect.poll(() => secret.count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
