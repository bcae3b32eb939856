// npm run screenshot: the pictures of the README, taken of the rehearsal: a recording and captions on the air.
// --seconds N: how long both run before (40).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from './lib/paths.mjs';
import { ensureChromium, ensureFfmpeg } from './lib/programs.mjs';
import { main, say, SetupError, step } from './lib/step.mjs';
import { ensureBuild, ensureNode, ensurePackages, productEnv } from './setup.mjs';

const size = { width: 1440, height: 900 };
const readyLimitMs = 20_000;
const onAirLimitMs = 20_000;

function secondsOf(args) {
  const at = args.indexOf('--seconds');
  const seconds = at === -1 ? 40 : Number(args[at + 1]);
  if (!Number.isFinite(seconds) || seconds < 1) throw new SetupError('--seconds takes a number from 1.');
  return seconds;
}

/** The built headless host on a folder of its own; resolves to its address and an awaited end. */
async function openHost(node, env, dataFolder) {
  const child = spawn(node, [join(root, 'out/main/headless.js'), '--data', dataFolder], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const late = AbortSignal.timeout(readyLimitMs);
  try {
    for await (const [line] of lines(child.stdout, late)) {
      const url = /^Cuedesk is ready: (http\S+)/.exec(line)?.[1];
      if (url) return { url, close };
    }
  } catch {
    await close();
    throw new SetupError(`The console was not ready after ${readyLimitMs / 1000} s.`);
  }
  throw new SetupError('The console ended before it was ready.');
}

async function* lines(stream, signal) {
  const reader = createInterface({ input: stream });
  const ended = once(reader, 'close', { signal }).then(() => null);
  for (;;) {
    const next = await Promise.race([once(reader, 'line', { signal }), ended]);
    if (next === null) return;
    yield next;
  }
}

async function takePictures(url, chromiumPath, seconds, folder) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--force-color-profile=srgb'],
  });
  try {
    const page = await browser.newPage({ viewport: size, colorScheme: 'dark', reducedMotion: 'reduce' });
    page.setDefaultTimeout(onAirLimitMs);
    await page.goto(url);
    await page.getByRole('heading', { level: 1, name: 'town-hall' }).waitFor();
    await page
      .getByRole('button', { name: /^Start captions/ })
      .first()
      .click();
    await page
      .getByRole('button', { name: /^Start recording/ })
      .first()
      .click();
    await step(`Recording and captioning for ${seconds} s`, () => pause(seconds * 1000));
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(folder, 'console.png') });
    await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'light'));
    await pause(1_000); // the meters are painted in the colours of the theme
    await page.screenshot({ path: join(folder, 'console-light.png') });
  } finally {
    await browser.close();
  }
}

await main(async () => {
  const seconds = secondsOf(process.argv.slice(2));
  await ensurePackages();
  const node = ensureNode();
  await ensureBuild();
  const chromium = await ensureChromium();
  const ffmpeg = await ensureFfmpeg();
  for (const part of [chromium, ffmpeg]) if (part.missing) throw new SetupError(part.missing);
  const dataFolder = mkdtempSync(join(tmpdir(), 'cuedesk-'));
  const folder = join(root, 'docs/images');
  mkdirSync(folder, { recursive: true });
  try {
    const host = await openHost(node, { ...productEnv(node), FFMPEG_PATH: ffmpeg.path }, dataFolder);
    try {
      await takePictures(host.url, chromium.path, seconds, folder);
    } finally {
      await host.close();
    }
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
  say('The pictures are in docs/images.');
});
