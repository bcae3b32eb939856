import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserContext, closeBrowser, profileFolder } from './chromium.ts';
import { Preventable } from './diary.ts';
import { closeRegistration } from './schemes.ts';

const root = process.cwd();
const packageFile = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly name: string;
  readonly productName?: string;
  readonly version: string;
};

/** A window, as far as quitting is concerned. */
export interface OpenWindow {
  close(): void;
  isDestroyed(): boolean;
}

class App extends EventEmitter {
  readonly isPackaged = false;
  readonly windows = new Set<OpenWindow>();
  readonly #paths = new Map<string, string>();
  #isReady = false;
  #isQuitting = false;
  readonly #ready: Promise<void>;

  constructor() {
    super();
    this.#ready = new Promise((resolve) => setImmediate(resolve)).then(async () => {
      await browserContext();
      closeRegistration();
      this.#isReady = true;
      this.emit('ready', {});
    });
  }
  whenReady(): Promise<void> {
    return this.#ready;
  }
  isReady(): boolean {
    return this.#isReady;
  }
  get isQuitting(): boolean {
    return this.#isQuitting;
  }
  getName(): string {
    return packageFile.productName ?? packageFile.name;
  }
  getVersion(): string {
    return packageFile.version;
  }
  getAppPath(): string {
    return root;
  }
  getPath(name: string): string {
    return this.#paths.get(name) ?? (name === 'temp' ? tmpdir() : join(profileFolder, name));
  }
  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  quit(): void {
    if (this.#isQuitting) return;
    const before = new Preventable();
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.#isQuitting = true;
    for (const window of this.windows) {
      window.close();
      if (!window.isDestroyed()) {
        this.#isQuitting = false; // it refused
        return;
      }
    }
    this.exit(0);
  }
  exit(code = 0): void {
    this.emit('quit', {}, code);
    void closeBrowser().then(() => process.exit(code));
  }
}
export const app = new App();
