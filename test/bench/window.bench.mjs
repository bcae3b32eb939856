// What the window costs: 40 moving meters at 20 Hz and captions, against the same drawn by React state, and whether it
// grows; at the usual height, where ten of our meters are in sight (the others are not drawn) and the peer shows some 28, and
// at one where both show all. Options: --minutes N of the watch for growth (10), --seconds N of each measurement of CPU (30).
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'vite';
import { busyWindow, chromiumCpuMs, weigh } from '../support/busy-window.ts';
import { launchChromium, openConsole } from '../support/console-page.ts';
import { openScriptedCore } from '../support/scripted-core.ts';
import { openUndriven } from '../support/undriven-chromium.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seconds: { type: 'string', default: '30' } },
});
const minutes = Number(values.minutes);
const windowMs = Number(values.seconds) * 1_000;
const settleMs = 5_000; // scripts are compiled in the first seconds
const linesBefore = 300; // more than the window shows
const print = (row) => process.stdout.write(`${JSON.stringify(row)}\n`);
const rounded = (value, digits = 1) => Number(value.toFixed(digits));

/** Builds the peer's page and serves it. */
async function openPeer() {
  const outDir = mkdtempSync(join(tmpdir(), 'cuedesk-peer-'));
  const root = join(import.meta.dirname, 'react-meters');
  const define = { 'process.env.NODE_ENV': '"production"' };
  await build({ root, configFile: false, logLevel: 'error', define, build: { outDir, emptyOutDir: true } });
  const types = { '.html': 'text/html', '.js': 'text/javascript' };
  const answer = async ({ url }, response) => {
    const { pathname } = new URL(url, 'http://peer');
    const path = join(outDir, pathname === '/' ? 'index.html' : pathname);
    const body = await readFile(path).catch(() => null); // null is answered by 404
    response.writeHead(body ? 200 : 404, { 'content-type': types[extname(path)] ?? 'text/plain' }).end(body ?? '');
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
      rmSync(outDir, { recursive: true, force: true });
    },
  };
}

/** Percent of one core, of both at the same time: what else runs on the machine slows both alike. */
async function costs(opened) {
  await pause(settleMs);
  const read = () => opened.map(({ pid }) => chromiumCpuMs(pid));
  const before = read();
  const beganMs = performance.now();
  await pause(windowMs);
  const tookMs = performance.now() - beganMs;
  return read().map(({ allMs, pagesMs }, index) => ({
    all: ((allMs - before[index].allMs) / tookMs) * 100,
    pages: ((pagesMs - before[index].pagesMs) / tookMs) * 100,
  }));
}

/** The page's weight once a minute; the first after a minute, when every cache and list is full. */
async function watchGrowth(core) {
  const browser = await launchChromium();
  try {
    const { page } = await openConsole(browser, core);
    const session = await page.context().newCDPSession(page);
    await pause(Math.min(60_000, minutes * 30_000));
    const first = await weigh(page, session);
    await pause(minutes * 60_000);
    return { first, last: await weigh(page, session) };
  } finally {
    await browser.close();
  }
}

const core = await openScriptedCore('shipped');
const peer = await openPeer();
const show = busyWindow(core, linesBefore);

/** Window and peer side by side, in a window of that height. */
async function compare(heightPx, inSight) {
  const size = { width: 1440, height: heightPx };
  const opened = [
    await openUndriven(core.url(), size, (page) =>
      page
        .getByText(/^\d+ the first lines/)
        .first()
        .waitFor(),
    ),
    await openUndriven(`${peer.url}?levels=${encodeURIComponent(core.levelUrl)}`, size, (page) =>
      page.getByText('Person 40').waitFor(),
    ),
  ];
  const [ours, theirs] = await costs(opened);
  for (const each of opened) await each.close();
  for (const [key, what] of [
    ['all', 'all processes of Chromium'],
    ['pages', 'the page process alone'],
  ]) {
    print({
      name: `window with 40 moving meters (${inSight}) and captions, ${what}`,
      figure: rounded(ours[key]),
      unit: '% of a core',
      peer: `the same by React state (${rounded(theirs[key])} %)`,
      ratio: rounded(ours[key] / theirs[key], 2),
      target: 'at most 10 %',
    });
  }
}

try {
  await compare(900, 'ten of ours in sight');
  await compare(2_000, 'all in sight');
  if (minutes > 0) {
    const { first, last } = await watchGrowth(core);
    const growth = (name, unit, before, after, target) =>
      print({
        name: `growth of ${name} over ${minutes} minutes`,
        figure: rounded(after - before),
        unit: `${unit} (from ${rounded(before)})`,
        peer: 'itself at the beginning',
        ratio: rounded(after / before, 2),
        target,
      });
    growth('the DOM', 'elements', first.elements, last.elements, 'none');
    growth('DOM nodes, detached ones too', 'nodes', first.domNodes, last.domNodes, 'none');
    growth('event listeners', 'listeners', first.listeners, last.listeners, 'none');
    growth('the JavaScript heap', 'MB', first.heapBytes / 1e6, last.heapBytes / 1e6, 'the lines that were said');
  }
} finally {
  show.stop();
  peer.close();
  await core.close();
}
