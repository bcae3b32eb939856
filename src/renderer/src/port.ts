import { ProblemError } from '../../shared/model/problem-error.ts';
import type { Port } from '../../shared/rpc/port.ts';

/** The code of the ProblemError where a host answers at the address and does not know this window. */
export const shutOutCode = 'shut-out';

/** What the preload gives to the page in Electron, and nothing else. */
interface HostPort {
  send(text: string): void;
  onMessage(listener: (text: string) => void): void;
}
declare global {
  interface Window {
    readonly cuedeskPort?: HostPort;
  }
}

/**
 * The page's port to the core: Electron's where the preload gave one, else a WebSocket to the host that served the page.
 * Rejects with a sentence where the host refuses or is gone; calling it again tries again.
 */
export async function openPort(): Promise<Port> {
  return window.cuedeskPort ? electronPort(window.cuedeskPort) : await webSocketPort();
}

function electronPort(own: HostPort): Port {
  return {
    send: (message) => own.send(JSON.stringify(message)),
    onMessage: (listener) => own.onMessage((text) => listener(JSON.parse(text))),
    onClose: () => {}, // the window dies with its host
    close: () => {},
  };
}

async function webSocketPort(): Promise<Port> {
  const socket = new WebSocket(`ws://${location.host}/port`);
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('Cuedesk does not answer. Is it still running?'));
  }).catch(async (error: unknown) => {
    throw (await isShutOut()) ? shutOut() : error;
  });
  return {
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    onMessage: (listener) =>
      socket.addEventListener('message', (event: MessageEvent<string>) => listener(JSON.parse(event.data))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  };
}

/** A socket does not tell why it was refused; the page's own address does. */
const isShutOut = (): Promise<boolean> =>
  fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    (response) => response.status === 403,
    () => false, // nobody answers there
  );

const shutOut = (): ProblemError =>
  new ProblemError({
    code: shutOutCode,
    fault: 'yours',
    retryable: true,
    text: 'Cuedesk was started anew and does not know this window.',
  });
