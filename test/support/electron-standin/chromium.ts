import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

/** Where this stand-in keeps what Electron keeps in `userData`; the launcher makes and removes it. */
export const profileFolder = process.env['STANDIN_PROFILE'] ?? mkdtempSync(join(tmpdir(), 'cuedesk-standin-'));

export const chromiumArguments: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
];

let opening: Promise<BrowserContext> | null = null;

/** The one Chromium of this process, started when first asked for. */
export function browserContext(): Promise<BrowserContext> {
  opening ??= chromium.launchPersistentContext(join(profileFolder, 'chromium'), {
    executablePath: process.env['CUEDESK_CHROMIUM'] ?? '/usr/bin/chromium',
    headless: process.env['STANDIN_HEADED'] !== '1',
    viewport: null,
    handleSIGINT: false, // signals are main's to answer
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...chromiumArguments, '--remote-debugging-port=0'],
  });
  return opening;
}

export async function closeBrowser(): Promise<void> {
  await (await opening)?.close().catch(() => {}); // it may be gone already
}
