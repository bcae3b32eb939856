import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { chromiumArgs } from './console-page.ts';
import { chromiumPath } from './require.ts';

export interface UndrivenChromium {
  /** Process id of its first process. */
  readonly pid: string;
  close(): Promise<void>;
}

/**
 * Opens a Chromium of its own with a window on a page, and lets go of it once `whenReady` resolves. For what a page costs: a
 * driver hears of each message that a page gets, which is 1 % of a core for that of the meters alone.
 */
export async function openUndriven(
  url: string,
  size: { readonly width: number; readonly height: number },
  whenReady: (page: Page) => Promise<unknown>,
): Promise<UndrivenChromium> {
  const folder = mkdtempSync(join(tmpdir(), 'cuedesk-chromium-'));
  const own = [
    '--headless',
    '--hide-scrollbars',
    `--user-data-dir=${folder}`,
    '--remote-debugging-port=0',
    `--app=${url}`,
  ];
  const child = spawn(chromiumPath(), [...chromiumArgs, ...own], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const driver = await chromium.connectOverCDP(await driverAddress(child.stderr));
    child.stderr.resume();
    const page = driver.contexts()[0]?.pages()[0];
    if (!page) throw new Error('Chromium has opened no window');
    await whenReady(page);
    await fit(page, size);
    await driver.close(); // of what it has connected to, no more than the connection
  } catch (error) {
    await close();
    throw error;
  }
  return { pid: String(child.pid), close };
}

async function driverAddress(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /^DevTools listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('Chromium ended before its window was open');
}

/** Makes the window so large that the page in it has this size. */
async function fit(page: Page, size: { readonly width: number; readonly height: number }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { windowId, bounds } = await session.send('Browser.getWindowForTarget');
  const inner = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  await session.send('Browser.setWindowBounds', {
    windowId,
    bounds: {
      width: (bounds.width ?? 0) + size.width - inner.width,
      height: (bounds.height ?? 0) + size.height - inner.height,
    },
  });
  await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, size);
}
