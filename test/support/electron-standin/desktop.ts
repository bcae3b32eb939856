// The parts of a desktop that only a person sees: they are remembered, so that a test can look.
import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { note } from './diary.ts';

export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  async showMessageBox(options: unknown) {
    note('message-box', { options });
    return { response: 0, checkboxChecked: false };
  },
  showErrorBox: (title: string, content: string) => note('error-box', { title, content }),
};

interface MenuItem {
  readonly label?: string;
  readonly click?: () => void;
}
export class Menu {
  readonly items: readonly MenuItem[];
  constructor(items: readonly MenuItem[]) {
    this.items = items;
  }
  static buildFromTemplate(items: readonly MenuItem[]): Menu {
    return new Menu(items);
  }
  static setApplicationMenu(menu: Menu): void {
    note('menu', { items: menu.items.length });
  }
}
export class Tray extends EventEmitter {
  constructor(_icon: unknown) {
    super();
    note('tray', {});
  }
  setToolTip(): void {}
  setContextMenu(menu: Menu): void {
    note('tray-menu', { labels: menu.items.map(({ label }) => label ?? '') });
  }
  destroy(): void {
    note('tray-gone', {});
  }
}
export const nativeImage = {
  createFromPath: (path: string) => ({ path }),
  createEmpty: () => ({}),
};
export class Notification extends EventEmitter {
  readonly #options: unknown;
  constructor(options: unknown) {
    super();
    this.#options = options;
  }
  static isSupported(): boolean {
    return true;
  }
  show(): void {
    note('notification', { options: this.#options });
  }
}
export const shell = {
  openExternal: async (url: string) => note('open-external', { url }),
  openPath: async (path: string) => (note('open-path', { path }), ''),
  showItemInFolder: (path: string) => note('show-item', { path }),
};
let lastBlocker = 0;
export const powerSaveBlocker = {
  start(kind: string): number {
    note('stay-awake', { kind });
    return ++lastBlocker;
  },
  stop: (id: number) => note('may-sleep', { id }),
};

const backend = process.env['STANDIN_SAFE_STORAGE'] ?? 'gnome_libsecret';
const flip = (bytes: Uint8Array): Buffer => Buffer.from(bytes).map((byte) => byte ^ 0x5a) as Buffer; // no encryption
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => app.isReady() && backend !== 'basic_text',
  encryptStringAsync: async (text: string) => Buffer.concat([Buffer.from('v11'), flip(Buffer.from(text))]),
  async decryptStringAsync(bytes: Uint8Array) {
    if (Buffer.from(bytes).subarray(0, 3).toString() !== 'v11')
      throw new Error('Error while decrypting the ciphertext');
    return { shouldReEncrypt: false, result: flip(Buffer.from(bytes).subarray(3)).toString() };
  },
  getSelectedStorageBackend: () => (app.isReady() ? backend : 'unknown'),
};
