import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserContext, CDPSession, Page, Request as PageRequest, Route } from 'playwright-core';
import { app } from './app.ts';
import { browserContext } from './chromium.ts';
import { note, Preventable } from './diary.ts';
import { pageWorldScript, preloadWorldScript } from './page-scripts.ts';
import { setPermissions } from './permissions.ts';
import { answerOwnScheme, fromChromium, isOwnAddress, toChromium } from './schemes.ts';

export const ipcMain = new EventEmitter();

interface WebPreferences {
  readonly preload?: string;
  readonly sandbox?: boolean;
  readonly contextIsolation?: boolean;
  readonly nodeIntegration?: boolean;
}
interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly show?: boolean;
  readonly webPreferences?: WebPreferences;
}
type OpenHandler = (details: { readonly url: string }) => { readonly action: 'allow' | 'deny' };

/** Pages that belong to a window; every other page is one that a page tried to open. */
const contentsOf = new Map<Page, WebContents>();
let isRouted: Promise<void> | null = null;

class WebContents extends EventEmitter {
  readonly #window: BrowserWindow;
  readonly up: Promise<void>;
  #page: Page | null = null;
  #cdp: CDPSession | null = null;
  #preloadWorld: number | null = null;
  #asked = '';
  #onOpen: OpenHandler = () => ({ action: 'allow' });

  constructor(options: WindowOptions, window: BrowserWindow) {
    super();
    const preferences = options.webPreferences ?? {};
    if (preferences.sandbox === false || preferences.contextIsolation === false || preferences.nodeIntegration) {
      throw new Error('electron stand-in: a window must be sandboxed and isolated, without node integration');
    }
    if (preferences.preload?.endsWith('.mjs')) throw new Error('electron stand-in: a sandboxed preload is CommonJS');
    this.#window = window;
    this.up = this.#open(options, preferences.preload ? readFileSync(preferences.preload, 'utf8') : '');
  }

  async #open(options: WindowOptions, preload: string): Promise<void> {
    const context = await browserContext();
    await (isRouted ??= routeEverything(context));
    const blank = context.pages().find((page) => page.url() === 'about:blank' && !contentsOf.has(page));
    const page = (this.#page = blank ?? (await context.newPage()));
    contentsOf.set(page, this);
    await page.setViewportSize({ width: options.width ?? 800, height: options.height ?? 600 });
    const cdp = (this.#cdp = await context.newCDPSession(page));
    const { frameTree } = await cdp.send('Page.getFrameTree');
    cdp.on('Runtime.executionContextCreated', ({ context: world }) => {
      const { frameId } = world.auxData as { frameId?: string };
      if (world.name === 'preload' && frameId === frameTree.frame.id) this.#preloadWorld = world.id;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === 'standinPost') this.#fromPreload(payload);
    });
    cdp.on('Page.windowOpen', (opened) => this.#judgeOpen(fromChromium(opened.url)));
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    // The binding exists in the isolated world only, so that the page itself sees nothing of it.
    await cdp.send('Runtime.addBinding', { name: 'standinPost', executionContextName: 'preload' });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: pageWorldScript });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: preloadWorldScript(preload),
      worldName: 'preload',
    });
    page.on('load', () => {
      this.emit('did-finish-load', {});
      this.#window.emit('ready-to-show', {});
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    page.on('close', () => this.#window.gone());
  }

  #fromPreload(payload: string): void {
    const message = JSON.parse(payload) as { channel?: string; args?: unknown[]; preloadError?: string };
    if (message.preloadError !== undefined) {
      process.stderr.write(`Unable to load the preload: ${message.preloadError}\n`);
      this.emit('preload-error', {}, 'preload', new Error(message.preloadError));
      return;
    }
    const event = { sender: this, senderFrame: { url: this.getURL(), parent: null } };
    ipcMain.emit(message.channel ?? '', event, ...(message.args ?? []));
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#preloadWorld === null || !this.#cdp) return;
    const expression = `standinReceive(${JSON.stringify(channel)}, ${JSON.stringify(args)})`;
    const sent = this.#cdp.send('Runtime.evaluate', { contextId: this.#preloadWorld, expression });
    sent.catch(() => {}); // the document that it was for is gone
  }
  /** True where this document may go to `url`; asked for what the page itself begins. */
  mayNavigate(url: string): boolean {
    if (url === this.#asked || url === this.#page?.url()) return true; // by main, or a reload
    const event = Object.assign(new Preventable(), { url: fromChromium(url) });
    this.emit('will-navigate', event, event.url);
    note('will-navigate', { url: event.url, wasPrevented: event.defaultPrevented });
    return !event.defaultPrevented;
  }
  /** Told by the page that opens, so that it is judged however soon the new window is closed. */
  #judgeOpen(url: string): void {
    const { action } = this.#onOpen({ url });
    note('window-open', { url, action });
    if (action === 'allow') throw new Error('electron stand-in: windows that a page opens are not provided');
  }
  setWindowOpenHandler(handler: OpenHandler): void {
    this.#onOpen = handler;
  }
  getURL(): string {
    return this.#page ? fromChromium(this.#page.url()) : '';
  }
  isDestroyed(): boolean {
    return this.#window.isDestroyed();
  }
  reload(): void {
    void this.#page?.reload().catch(() => {}); // closed meanwhile
  }
  async load(url: string): Promise<void> {
    await this.up;
    this.#asked = toChromium(url);
    if (this.#cdp && isOwnAddress(this.#asked)) {
      await setPermissions(this.#cdp, new URL('/', url).href, new URL(this.#asked).origin);
    }
    await this.#page?.goto(this.#asked, { waitUntil: 'load' });
  }
  async closePage(): Promise<void> {
    await this.up;
    await this.#page?.close();
  }
}

/** Every request of every page comes by here: own schemes are answered, and where a page wants to go is asked. */
async function routeEverything(context: BrowserContext): Promise<void> {
  context.on('page', (page) => void closeIfOpenedByAPage(page));
  await context.route('**/*', async (route: Route) => {
    const request = route.request();
    if (request.isNavigationRequest() && !mayGo(request)) return route.abort('aborted'); // the document stays as it was
    return isOwnAddress(request.url()) ? answerOwnScheme(route, request) : route.continue();
  });
}

function mayGo(request: PageRequest): boolean {
  const page = pageOf(request);
  const own = page && contentsOf.get(page);
  if (!own) return false; // a window that a page opens; its opener has told of it
  return request.frame().parentFrame() !== null || own.mayNavigate(request.url());
}

/** Null for the first request of a window that a page opens: its frame is not there yet. */
function pageOf(request: PageRequest): Page | null {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}

async function closeIfOpenedByAPage(page: Page): Promise<void> {
  if ((await page.opener()) !== null) await page.close().catch(() => {}); // it has closed itself
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  #isVisible: boolean;
  #isDestroyed = false;

  constructor(options: WindowOptions = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.#isVisible = options.show !== false;
    this.webContents = new WebContents(options, this);
    app.windows.add(this);
  }
  loadURL(url: string): Promise<void> {
    return this.webContents.load(url);
  }
  show(): void {
    this.#isVisible = true;
    this.emit('show', {});
  }
  hide(): void {
    this.#isVisible = false;
    this.emit('hide', {});
  }
  focus(): void {}
  restore(): void {}
  isMinimized(): boolean {
    return false;
  }
  isVisible(): boolean {
    return this.#isVisible;
  }
  isDestroyed(): boolean {
    return this.#isDestroyed;
  }
  close(): void {
    const event = new Preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }
  destroy(): void {
    void this.webContents.closePage().catch(() => {}); // Chromium may be gone already
    this.gone();
  }
  gone(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    app.windows.delete(this);
    this.emit('closed', {});
    if (app.isQuitting || app.windows.size > 0) return;
    if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
    else app.quit();
  }
  static getAllWindows(): unknown[] {
    return [...app.windows];
  }
}
