// The built main program in a window (real Electron where its binary is, else the stand-in) and the built headless host
// in a browser: the same assertions.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type ConsoleMessage, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { electronBinary } from '../../scripts/lib/paths.mjs';
import type { HostServices, SecretBox } from '../../src/core/host-services.ts';
import { silentLog } from '../../src/core/live/log.ts';
import { openMediaPlane } from '../../src/core/media-plane/media-plane.ts';
import { builtProgram } from '../support/built.ts';
import { launchApp, type LaunchedApp } from '../support/electron-standin/launch.ts';
import { callRaw, heardOf, openRawPort, sendRaw } from '../support/raw-port.ts';
import { chromiumPath, describeWith } from '../support/require.ts';
import { unzip } from '../support/unzip.ts';

if (electronBinary() === null) {
  process.stderr.write(
    '\n==== SKIPPED: real Electron: its binary is not on this machine; the stand-in runs instead ====\n',
  );
}

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-hosts-'));
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));

const answerTo = async (page: Page, method: string, params: unknown) => {
  const id = await callRaw(page, method, params);
  await expect.poll(() => heardOf(page, id)).toHaveLength(1);
  return (await heardOf(page, id))[0];
};

/** A wave file of silence: 48 kHz, mono, 16 bit. */
function silentWave(samples: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples * 2, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(48_000, 24);
  header.writeUInt32LE(96_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples * 2, 40);
  return Buffer.concat([header, Buffer.alloc(samples * 2)]);
}

/** What a page of either host must find. */
function itServesThePage(name: string, thePage: () => Page): void {
  it('answers calls, and refuses what is not of the contract', async () => {
    const page = thePage();
    await openRawPort(page);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok', value: { host: name } });
    expect(await answerTo(page, 'nothing', {})).toMatchObject({ type: 'err', problem: { code: 'unknown-method' } });
    expect(await answerTo(page, '__proto__', {})).toMatchObject({ type: 'err', problem: { code: 'unknown-method' } });
    expect(await answerTo(page, 'chooseServer', { serverId: 7 })).toMatchObject({ problem: { code: 'bad-params' } });
  });

  it('saves a support bundle', async () => {
    const page = thePage();
    await openRawPort(page);
    const saved = await answerTo(page, 'saveSupportBundle', {});
    expect(saved).toMatchObject({
      type: 'ok',
      value: { fileName: expect.stringMatching(/^cuedesk support .*\.zip$/) },
    });
    const versions = JSON.parse(unzip(String(saved?.value?.['path'])).get('versions.json') ?? '');
    expect(versions).toMatchObject({ host: name, versions: { node: expect.any(String) } });
  });

  it('goes on after messages that make no sense', async () => {
    const page = thePage();
    for (const junk of [
      'null',
      '[]',
      '{"type":"call"}',
      '{"type":"call","id":"x","method":{}}',
      '{"type":"abort","id":9}',
    ])
      await sendRaw(page, junk);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok' });
  });

  it('brings a feed until it is given up', async () => {
    const page = thePage();
    const id = await callRaw(page, 'system', {});
    await expect.poll(async () => (await heardOf(page, id)).length).toBeGreaterThan(1);
    const [first, second] = await heardOf(page, id);
    expect(Number(second?.value?.['nowMs'])).toBeGreaterThan(Number(first?.value?.['nowMs']));
    await sendRaw(page, JSON.stringify({ type: 'abort', id }));
    await answerTo(page, 'systemInfo', {}); // whatever was under way has arrived before this
    const count = (await heardOf(page, id)).length;
    await page.waitForTimeout(1_500); // longer than the feed's own pace
    expect(await heardOf(page, id)).toHaveLength(count);
  });

  it('gives a new document a new port, and nothing of the old one', async () => {
    const page = thePage();
    const id = await callRaw(page, 'system', {});
    await expect.poll(async () => (await heardOf(page, id)).length).toBeGreaterThan(0);
    await page.reload();
    await openRawPort(page);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok', value: { host: name } });
    await page.waitForTimeout(1_500);
    expect(await heardOf(page, id)).toEqual([]);
  });

  it('loads without an error in its console', async () => {
    const page = thePage();
    const complaints: string[] = [];
    const onConsole = (message: ConsoleMessage): void => {
      if (message.type() === 'error') complaints.push(message.text());
    };
    const onError = (error: Error): void => void complaints.push(error.message);
    page.on('console', onConsole).on('pageerror', onError);
    await page.reload();
    await page.locator('#root > *').first().waitFor();
    await openRawPort(page);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok' });
    page.off('console', onConsole).off('pageerror', onError);
    expect(complaints).toEqual([]);
  });

  it('lets the page run no script but its own', async () => {
    const page = thePage();
    const outcome = await page.evaluate(async () => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => violated.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'window.wasInjected = true';
      document.body.append(script);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      const fetched = await fetch('https://example.com/').then(
        () => 'fetched',
        () => 'refused',
      );
      for (let tries = 0; violated.length < 3 && tries < 500; tries++) await new Promise((r) => setTimeout(r, 20));
      script.remove();
      frame.remove();
      return { isInjected: 'wasInjected' in window, fetched, violated: violated.sort() };
    });
    expect(outcome).toMatchObject({ isInjected: false, fetched: 'refused' });
    expect(outcome.violated).toEqual(['connect-src', 'frame-src', 'script-src-elem']);
  });

  it('lets the page reach the media plane, and hear a file', async () => {
    const page = thePage();
    const { origin } = new URL(page.url()); // under the stand-in it is not app://cuedesk
    const plane = await openMediaPlane({ log: silentLog, allowedOrigins: [origin, 'app://cuedesk'] });
    try {
      const file = join(newFolder(), 'second.wav');
      writeFileSync(file, silentWave(48_000));
      const socketUrl = plane.socketUrl((socket) => socket.on('message', (data) => socket.send(data)));
      const outcome = await page.evaluate(
        async (given) => {
          const socket = new WebSocket(given.socketUrl);
          socket.binaryType = 'arraybuffer';
          const echo = await new Promise<string>((resolve) => {
            socket.onopen = () => socket.send(new Uint8Array([1, 2, 255]));
            socket.onmessage = (event: MessageEvent<ArrayBuffer>) => resolve(new Uint8Array(event.data).join());
            socket.onerror = () => resolve('refused');
          });
          socket.close();
          const player = new Audio(given.fileUrl);
          const durationS = await new Promise<number>((resolve) => {
            player.onloadedmetadata = () => resolve(player.duration);
            player.onerror = () => resolve(-1);
          });
          player.removeAttribute('src');
          const fetched = await fetch(given.fileUrl, { headers: { range: 'bytes=0-3' } }).then(
            (answer) => answer.text(),
            () => 'refused',
          );
          return { echo, durationS, fetched };
        },
        { socketUrl, fileUrl: plane.fileUrl(file, 'audio/wav') },
      );
      expect(outcome).toEqual({ echo: '1,2,255', durationS: 1, fetched: 'RIFF' });
    } finally {
      await plane.close();
    }
  });

  it('grants the page neither camera nor place', async () => {
    const outcome = await thePage().evaluate(async () => {
      const { state } = await navigator.permissions.query({ name: 'camera' });
      const place = new Promise<string | number>((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code }) => resolve(code),
        ),
      );
      return [state, await place];
    });
    expect(outcome).toEqual(['denied', 1]); // 1: permission denied
  });
}

describeWith('chromium', 'the window', () => {
  let app: LaunchedApp;
  let page: Page;
  const data = newFolder();
  const logText = (): string => readFileSync(join(data, 'logs/cuedesk.log'), 'utf8');
  beforeAll(async () => {
    app = await launchApp({ main: builtProgram('index'), args: ['--no-rehearsal', '--data', data] });
    page = await app.firstWindow();
  });
  afterAll(() => app.close());

  itServesThePage('electron', () => page);

  it('shows the page one frozen port and nothing else', async () => {
    const seen = await page.evaluate(() => {
      const all = window as unknown as Record<string, unknown>;
      const port = all['cuedeskPort'] as object;
      const strangers = Object.keys(all).filter((key) => /electron|ipc|require|node|standin|buffer/i.test(key));
      return { keys: Object.keys(port), isFrozen: Object.isFrozen(port), process: typeof all['process'], strangers };
    });
    expect(seen).toEqual({ keys: ['send', 'onMessage'], isFrozen: true, process: 'undefined', strangers: [] });
  });

  it('cannot be led elsewhere, and opens no other window', async () => {
    const before = page.url();
    await page.evaluate(() => void (location.href = 'https://example.com/'));
    await page.evaluate(() => void window.open('https://example.com/help'));
    await page.evaluate(() => void window.open('http://127.0.0.1:9/plain'));
    await page.evaluate(() => void window.open('file:///etc/passwd'));
    await expect.poll(() => page.context().pages().length).toBe(1);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok' });
    expect(page.url()).toBe(before);
    if (app.kind === 'electron') return; // what follows is the stand-in's diary
    const told = () => app.evaluate(({ diary }) => (diary ?? []).map((entry) => ({ ...entry })), null);
    await expect.poll(told).toContainEqual({ kind: 'will-navigate', url: 'https://example.com/', wasPrevented: true });
    await expect.poll(told).toContainEqual({ kind: 'open-external', url: 'https://example.com/help' });
    await expect.poll(told).toContainEqual({ kind: 'window-open', url: 'http://127.0.0.1:9/plain', action: 'deny' });
    const kinds = await told();
    expect(kinds.filter(({ kind }) => kind === 'open-external')).toHaveLength(1); // https alone goes to the browser
  });

  it('ignores messages of any other page or frame', async () => {
    const id = await callRaw(page, 'system', {});
    await expect.poll(async () => (await heardOf(page, id)).length).toBeGreaterThan(0);
    const pretend = (frame: { url: string; parent: null | object }, channel: string, text: string) =>
      app.evaluate(
        ({ BrowserWindow, ipcMain }, given) => {
          const sender = BrowserWindow.getAllWindows()[0]?.webContents;
          ipcMain.emit(given.channel, { sender, senderFrame: given.frame }, given.text);
        },
        { frame, channel, text },
      );
    const call = (number: number): string =>
      JSON.stringify({ type: 'call', id: number, method: 'systemInfo', params: {} });
    const own = 'app://cuedesk/index.html';
    await pretend({ url: 'https://evil.example/', parent: null }, 'port:message', call(2_000_001));
    await pretend({ url: own, parent: {} }, 'port:message', call(2_000_002));
    await pretend({ url: 'app://cuedesk.evil/', parent: null }, 'port:message', call(2_000_003));
    await pretend({ url: 'https://evil.example/', parent: null }, 'port:open', ''); // would close our port
    await pretend({ url: own, parent: null }, 'port:message', call(2_000_004)); // as ours: it is answered
    await expect.poll(() => heardOf(page, 2_000_004)).toHaveLength(1);
    for (const refused of [2_000_001, 2_000_002, 2_000_003]) expect(await heardOf(page, refused)).toEqual([]);
    const count = (await heardOf(page, id)).length;
    await expect.poll(async () => (await heardOf(page, id)).length).toBeGreaterThan(count);
    await expect.poll(logText).toContain('A message from a page that is not ours was ignored');
  });

  it('ignores text that is not JSON, and stays alive', async () => {
    await sendRaw(page, '{"type":');
    await sendRaw(page, 'x'.repeat((1 << 20) + 1));
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok' });
    await expect.poll(logText).toContain('A page sent something that is no message');
  });

  it('loads a page again that has crashed, with a new port', async () => {
    const id = await callRaw(page, 'system', {});
    await expect.poll(async () => (await heardOf(page, id)).length).toBeGreaterThan(0);
    const isLoaded = page.waitForEvent('load');
    await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    }, null);
    await isLoaded;
    await openRawPort(page);
    expect(await answerTo(page, 'systemInfo', {})).toMatchObject({ type: 'ok' });
    expect(await heardOf(page, id)).toEqual([]);
  });

  it('ends by itself when it is told to', async () => {
    const other = newFolder();
    const second = await launchApp({ main: builtProgram('index'), args: ['--no-rehearsal', '--data', other] });
    await second.firstWindow();
    if (second.pid !== undefined) process.kill(second.pid, 'SIGTERM');
    expect(await second.exited).toBe(0);
    await second.close();
  });
});

interface Headless {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lines: readonly string[];
}
async function startHeadless(data: string, env: Record<string, string> = {}): Promise<Headless> {
  const args = [builtProgram('headless'), '--no-rehearsal', '--data', data];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const found = /^Cuedesk is ready: (http:\/\/127\.0\.0\.1:\d+\/\?token=\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`The headless host ended with ${code}.`)));
  });
  return { child, url, lines };
}
async function stop({ child }: Headless): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  return (await exited)[0] as number | null;
}

describeWith('chromium', 'the headless host in a browser', () => {
  let host: Headless;
  let browser: Browser;
  let page: Page;
  const data = newFolder();
  beforeAll(async () => {
    [host, browser] = await Promise.all([
      startHeadless(data),
      chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] }),
    ]);
    page = await (await browser.newContext()).newPage();
    await page.goto(host.url);
  });
  afterAll(async () => {
    await browser.close();
    if (host.child.exitCode === null) await stop(host);
  });

  itServesThePage('headless', () => page);

  it('takes the token out of the address, and hides the cookie from the page', async () => {
    expect(page.url()).toBe(`${new URL(host.url).origin}/`);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', domain: '127.0.0.1' });
    expect(host.url).not.toContain(cookie?.value);
  });

  it('lets in nobody by a used token, and another browser by the next', async () => {
    const stranger = await (await browser.newContext()).newPage();
    expect((await stranger.goto(host.url))?.status()).toBe(403);
    expect(
      await stranger.evaluate(
        () =>
          new Promise((resolve) => {
            const socket = new WebSocket(`ws://${location.host}/port`);
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('refused');
          }),
      ),
    ).toBe('refused');
    const next =
      host.lines
        .findLast((line) => line.startsWith('A browser has been let in.'))
        ?.split(' ')
        .at(-1) ?? '';
    expect((await stranger.goto(next))?.status()).toBe(200);
    await stranger.context().close();
  });

  it('is refused a second time on the same folder', async () => {
    await expect(startHeadless(data)).rejects.toThrow('ended with 1');
  });

  it('lists its options, and says what is wrong with one', () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [builtProgram('headless'), ...args], { encoding: 'utf8' });
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--no-rehearsal') as string });
    const wrong = run('--prot', '80');
    expect([wrong.status, wrong.stdout]).toEqual([1, '']);
    expect(wrong.stderr).toBe('"--prot" is no option of Cuedesk; --help lists them.\n');
  });

  it('goes on where nobody reads any more what it prints', async () => {
    const unread = await startHeadless(newFolder());
    unread.child.stdout?.destroy();
    await expect(fetch(unread.url, { redirect: 'manual' })).resolves.toMatchObject({ status: 303 }); // prints a line
    await expect(fetch(unread.url)).resolves.toMatchObject({ status: 403 });
    expect(await stop(unread)).toBe(0);
  });

  it('tells the page that it ends, and ends', async () => {
    await openRawPort(page);
    expect(await stop(host)).toBe(0);
    await expect.poll(() => page.evaluate(() => window.rawPort.isClosed())).toBe(true);
    const again = await startHeadless(data); // the folder was given back …
    const killed = once(again.child, 'exit');
    again.child.kill('SIGKILL');
    await killed;
    expect(await stop(await startHeadless(data))).toBe(0); // … and is by one that is killed
  });
});

describeWith('chromium', 'leaving, secrets and children in the window', () => {
  const main = join(import.meta.dirname, '../programs/main-parts.ts');
  it.skipIf(electronBinary() !== null)(
    'keeps running in the tray, asks before it quits, and closes everything once',
    async () => {
      const app = await launchApp({ main, args: [] });
      await app.firstWindow();
      const kinds = () => app.evaluate(({ diary }) => (diary ?? []).map(({ kind }) => kind), null);
      const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible(), null);
      const setRunning = (lines: string[]) =>
        app.evaluate((_electron, given) => {
          (globalThis as unknown as { parts: { running: string[] } }).parts.running = given;
        }, lines);

      await setRunning(['Recording of town-hall', 'Captions of town-hall']);
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close(), null);
      await expect.poll(() => isVisible()).toBe(false);
      await expect.poll(() => kinds()).toEqual(['tray', 'tray-menu']);
      await app.evaluate(({ app: own }) => own.quit(), null); // the stand-in's message box answers "Stay"
      await expect.poll(kinds).toContain('message-box');
      const box = await app.evaluate(
        ({ diary }) => JSON.stringify(diary?.find(({ kind }) => kind === 'message-box')),
        null,
      );
      expect(JSON.parse(box ?? '')).toMatchObject({
        options: { detail: 'Recording of town-hall\nCaptions of town-hall', buttons: ['Stay', 'Quit'], defaultId: 0 },
      });
      await setRunning([]);
      await app.evaluate(({ app: own }) => void setImmediate(() => own.quit()), null);
      expect(await app.exited).toBe(0);
      await app.close();
    },
  );

  it.skipIf(electronBinary() !== null).each([
    ['gnome_libsecret', 'keychain', false],
    ['basic_text', 'plain-file', true],
  ])('with the backend %s calls its secrets what they are: %s', async (backend, protection, isReadable) => {
    const app = await launchApp({ main, args: [], env: { STANDIN_SAFE_STORAGE: backend } });
    await app.firstWindow();
    const outcome = await app.evaluate(async () => {
      const { secrets } = (globalThis as unknown as { parts: { secrets: SecretBox } }).parts;
      const sealed = await secrets.seal('hunter2');
      const other = await secrets.unseal(Buffer.from('CDS1 of another host')).catch((e: { code: string }) => e.code);
      const isReadableHere = Buffer.from(sealed).includes('hunter2');
      return { protection: secrets.protection, isReadableHere, opened: await secrets.unseal(sealed), other };
    }, null);
    expect(outcome).toEqual({ protection, isReadableHere: isReadable, opened: 'hunter2', other: 'secret-unreadable' });
    await app.close();
  });

  it('forks a Node program and ends it, by force where it must', async () => {
    const app = await launchApp({ main, args: [] });
    await app.firstWindow();
    const program = join(import.meta.dirname, '../programs/stubborn.mjs');
    const outcome = await app.evaluate(async (_electron, path) => {
      const { services } = (globalThis as unknown as { parts: { services: HostServices } }).parts;
      const lines: string[] = [];
      let heard = (): void => {};
      const first = new Promise<void>((resolve) => (heard = resolve));
      const onLine = (line: string): void => (lines.push(line), heard());
      const child = services.forkNode(path, { env: { GREETING: 'here' }, graceMs: 200, onLine });
      await first;
      await Promise.all([child.close(), child.close()]);
      await child.exited;
      return lines;
    }, program);
    expect(outcome).toEqual(['here']);
    // A program that V8 gives up ends like any other, and takes nobody with it.
    const fatal = await app.evaluate(
      async (_electron, path) => {
        const { services } = (globalThis as unknown as { parts: { services: HostServices } }).parts;
        const child = services.forkNode(path, { env: {}, graceMs: 200, onLine: () => {} });
        const { code } = await child.exited;
        await child.close();
        return { code };
      },
      join(import.meta.dirname, '../programs/out-of-memory.mjs'),
    );
    expect(fatal.code).toBeGreaterThan(0);
    await app.close();
  });
});
