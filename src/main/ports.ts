import { ipcMain, type BrowserWindow, type IpcMainEvent } from 'electron';
import type { Log } from '../core/live/log.ts';
import type { Port } from '../shared/rpc/port.ts';
import { maxRequestChars } from '../shared/rpc/wire.ts';

export interface WindowPortsOptions {
  /** Addresses of our page begin so; messages from any other are ignored. */
  readonly pageRoot: string;
  readonly log: Log;
  readonly onPort: (port: Port) => void;
}

/**
 * One port for each document of a window: closed by the next document, by a crash, or with the window. Every message is
 * taken only from the main frame of this window while it shows our page.
 */
export function serveWindowPorts(win: BrowserWindow, options: WindowPortsOptions): void {
  const { log, onPort, pageRoot } = options;
  const contents = win.webContents;
  let document: DocumentPort | null = null;

  const isOurs = (event: IpcMainEvent): boolean => {
    const frame = event.senderFrame;
    const isOwnPage = event.sender === contents && frame?.parent === null && frame.url.startsWith(pageRoot);
    if (!isOwnPage) log.warn('A message from a page that is not ours was ignored', { url: frame?.url });
    return isOwnPage;
  };
  const closePort = (): void => {
    document?.close();
    document = null;
  };
  const onOpen = (event: IpcMainEvent): void => {
    if (!isOurs(event)) return;
    closePort(); // numbers begin at 1 again: nothing of the document before may reach this one
    document = new DocumentPort((text) => {
      if (!contents.isDestroyed()) contents.send('port:message', text);
    });
    onPort(document);
  };
  const onMessage = (event: IpcMainEvent, text: unknown): void => {
    if (!isOurs(event)) return;
    if (typeof text !== 'string' || text.length > maxRequestChars || !document?.receive(text)) {
      log.warn('A page sent something that is no message; it was ignored');
    }
  };
  ipcMain.on('port:open', onOpen);
  ipcMain.on('port:message', onMessage);
  contents.on('render-process-gone', closePort);
  win.once('closed', () => {
    ipcMain.off('port:open', onOpen);
    ipcMain.off('port:message', onMessage);
    closePort();
  });
}

class DocumentPort implements Port {
  readonly #post: (text: string) => void;
  readonly #onMessage: ((message: unknown) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  #isOpen = true;
  constructor(post: (text: string) => void) {
    this.#post = post;
  }
  send(message: unknown): void {
    if (this.#isOpen) this.#post(JSON.stringify(message));
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage.push(listener);
  }
  onClose(listener: () => void): void {
    this.#onClose.push(listener);
  }
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const listener of this.#onClose) listener();
  }
  /** False where the text is not JSON. */
  receive(text: string): boolean {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return false; // the caller says so in the log
    }
    for (const listener of this.#onMessage) listener(message);
    return true;
  }
}
