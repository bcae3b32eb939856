import { BrowserWindow, session, shell } from 'electron';
import { join } from 'node:path';
import type { Log } from '../core/live/log.ts';

export interface WindowOptions {
  readonly pageRoot: string;
  readonly icon: string;
  readonly log: Log;
  /** Called before the page is loaded, so that its first message finds a listener. */
  readonly onCreated: (win: BrowserWindow) => void;
}

/** A page that crashes this often within a minute is not loaded again. */
const maxCrashesPerMinute = 3;

/** Opens the one window: sandboxed, isolated, and unable to go anywhere else. */
export async function openWindow(options: WindowOptions): Promise<BrowserWindow> {
  const win = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Cuedesk',
    icon: options.icon,
    backgroundColor: '#101214',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      backgroundThrottling: false, // meters and captions go on behind other windows
    },
  });
  lock(win);
  reloadAfterCrash(win, options.log);
  win.once('ready-to-show', () => win.show());
  options.onCreated(win);
  await win.loadURL(new URL('index.html', options.pageRoot).href);
  return win;
}

/**
 * What our page may: copy to the clipboard, and reach the media plane. Chromium guards loopback addresses by a permission
 * of their own (`local-network-access`, since split), which without a handler's word is denied in Electron 43 and later.
 */
const allowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'loopback-network', 'local-network-access']);

/** Denies everything else that a page can ask of its browser, and everything to any other page. */
export function denyPermissions(pageRoot: string): void {
  const isAllowed = (permission: string, url: string): boolean =>
    allowed.has(permission) && `${url}/`.startsWith(pageRoot);
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(isAllowed(permission, details.requestingUrl)),
  );
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin));
  session.defaultSession.setDevicePermissionHandler(() => false);
}

function lock(win: BrowserWindow): void {
  const contents = win.webContents;
  const openOutside = (url: string): void => {
    if (URL.parse(url)?.protocol === 'https:') void shell.openExternal(url);
  };
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url);
    return { action: 'deny' };
  });
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** The console goes on without its page; a page that crashed is loaded again and takes up where the console is. */
function reloadAfterCrash(win: BrowserWindow, log: Log): void {
  let crashes: number[] = [];
  win.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const nowMs = Date.now();
    crashes = [...crashes.filter((atMs) => nowMs - atMs < 60_000), nowMs];
    log.error('The page has crashed', { reason, crashes: crashes.length });
    if (crashes.length <= maxCrashesPerMinute && !win.isDestroyed()) win.webContents.reload();
  });
}
