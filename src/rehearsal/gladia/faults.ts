import type { WebSocket } from 'ws';

/** What a test or a drill may break. "Next" faults happen once; switches stay until they are taken back. */
export interface GladiaFaults {
  /** Ends all running sockets: with a close code, or without a word as a lost network does. Returns how many. */
  closeNow(how: number | 'terminate'): number;
  /** Running sockets are told this, valid or not. */
  sendGarbage(text: string): void;
  /** Running sockets are not read any more: half-open connections. */
  stopReading(): void;
  /** The next upgrade is answered with this status. */
  refuseUpgrade(status: number): void;
  /** The next upgrade is never answered. */
  hangUpgrade(): void;
  /** The next socket is accepted and closed at once. */
  closeAfterOpen(code: number): void;
  /** The next POST is answered so. */
  refusePost(refusal: { readonly status: number; readonly message?: string; readonly retryAfterS?: number }): void;
  /** The next POST is never answered. */
  hangPost(): void;
  /** The next POST is answered with a redirect to this URL. */
  redirectPost(url: string): void;
  /** The next POST names this as its socket's URL (`{token}` is filled in). */
  nameUrl(url: string): void;
  /** The next chunk is refused with this message, and not heard. */
  negativeAck(message: string): void;
  /** Acknowledgements: none, later, or with inclusive ends. */
  loseAcks(isOn: boolean): void;
  lateAcks(ms: number): void;
  inclusiveAcks(isOn: boolean): void;
  /** After `stop_recording` nothing comes any more. */
  silentAfterStop(isOn: boolean): void;
}

export interface PostFault {
  readonly status: number;
  readonly message?: string;
  readonly retryAfterS?: number;
  readonly location?: string;
}

/** What is armed; whoever acts on a "next" fault takes it. */
export class ArmedFaults {
  upgrade: number | 'hang' | null = null;
  closeCode: number | null = null;
  post: PostFault | 'hang' | null = null;
  socketUrl: string | null = null;
  refusedChunk: string | null = null;
  isLosingAcks = false;
  ackDelayMs = 0;
  isAckInclusive = false;
  isSilentAfterStop = false;

  take<Key extends 'upgrade' | 'closeCode' | 'post' | 'socketUrl' | 'refusedChunk'>(key: Key): this[Key] | null {
    const armed = this[key];
    this[key] = null as this[Key]; // each of these may be null
    return armed;
  }
}

export function faultsOf(armed: ArmedFaults, sockets: () => Iterable<WebSocket>): GladiaFaults {
  return {
    closeNow(how) {
      let count = 0;
      for (const socket of sockets()) {
        if (how === 'terminate') socket.terminate();
        else socket.close(how);
        count++;
      }
      return count;
    },
    sendGarbage(text) {
      for (const socket of sockets()) socket.send(text);
    },
    stopReading() {
      for (const socket of sockets()) socket.pause();
    },
    refuseUpgrade: (status) => void (armed.upgrade = status),
    hangUpgrade: () => void (armed.upgrade = 'hang'),
    closeAfterOpen: (code) => void (armed.closeCode = code),
    refusePost: (refusal) => void (armed.post = refusal),
    hangPost: () => void (armed.post = 'hang'),
    redirectPost: (location) => void (armed.post = { status: 307, location }),
    nameUrl: (url) => void (armed.socketUrl = url),
    negativeAck: (message) => void (armed.refusedChunk = message),
    loseAcks: (isOn) => void (armed.isLosingAcks = isOn),
    lateAcks: (ms) => void (armed.ackDelayMs = ms),
    inclusiveAcks: (isOn) => void (armed.isAckInclusive = isOn),
    silentAfterStop: (isOn) => void (armed.isSilentAfterStop = isOn),
  };
}
