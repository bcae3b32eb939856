import type { Page } from 'playwright-core';

/** What a page hears on a port of the test's own, below the client: wire messages as they are. */
export interface RawAnswer {
  readonly type: string;
  readonly id: number;
  readonly value?: Record<string, unknown>;
  readonly problem?: { readonly code: string };
}

/**
 * Prepares `window.rawPort` in the page: Electron's port, or a WebSocket of its own where a host serves a browser. The
 * page's own client counts from 1; the test's numbers are far above, so that the two share Electron's port in peace.
 */
export async function openRawPort(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const heard: RawAnswer[] = [];
    const hear = (text: string): void => void heard.push(JSON.parse(text) as RawAnswer);
    let send: (text: string) => void;
    let isClosed = false;
    const own = (
      window as unknown as { cuedeskPort?: { send(t: string): void; onMessage(l: (t: string) => void): void } }
    ).cuedeskPort;
    if (own) {
      own.onMessage(hear);
      send = (text) => own.send(text);
    } else {
      const socket = new WebSocket(`ws://${location.host}/port`);
      socket.onmessage = (event: MessageEvent<string>) => hear(event.data);
      socket.onclose = () => (isClosed = true);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      send = (text) => socket.send(text);
    }
    Object.assign(window, { rawPort: { send, heard, isClosed: () => isClosed } });
  });
}

interface RawPort {
  send(text: string): void;
  readonly heard: readonly RawAnswer[];
  isClosed(): boolean;
}
declare global {
  interface Window {
    readonly rawPort: RawPort;
  }
}

/** Sends text as it is. */
export const sendRaw = (page: Page, text: string): Promise<void> => page.evaluate((t) => window.rawPort.send(t), text);
/** Everything that was heard for this number so far. */
export const heardOf = (page: Page, id: number): Promise<RawAnswer[]> =>
  page.evaluate((wanted) => window.rawPort.heard.filter((answer) => answer.id === wanted), id);

let lastId = 1_000_000;
/** Calls or opens a feed; returns its number. */
export async function callRaw(page: Page, method: string, params: unknown): Promise<number> {
  const id = ++lastId;
  await sendRaw(page, JSON.stringify({ type: 'call', id, method, params }));
  return id;
}
