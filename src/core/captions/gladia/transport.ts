import type { CreateFailure } from './session-effects.ts';
import type { CreatedSession, ServerUtterance } from './messages.ts';

/** Where Gladia is, and what opens it. The key goes out as a header to this address alone. */
export interface GladiaAccount {
  readonly url: string;
  readonly key: string;
  readonly region: 'eu-west' | 'us-west' | null;
}

export interface SocketHandlers {
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** The upgrade was answered with an HTTP status; no `onClosed` follows. */
  readonly onRefused: (status: number) => void;
  /** Once; also when it never opened. */
  readonly onClosed: (code: number) => void;
  /** Nothing came for too long; the socket is still there. */
  readonly onSilent: () => void;
}

export interface TranscriberSocket {
  readonly queuedBytes: number;
  send(data: Uint8Array | string): void;
  /** Ends it at once and says nothing more. */
  cut(): void;
}

export type CreateResult =
  { readonly ok: true; readonly created: CreatedSession } | { readonly ok: false; readonly failure: CreateFailure };

/** The network as the bridge sees it. */
export interface GladiaTransport {
  create(account: GladiaAccount, body: unknown, signal: AbortSignal): Promise<CreateResult>;
  connect(url: string, handlers: SocketHandlers): TranscriberSocket;
  /** What was heard in an ended session; null while it is not done. Rejects where it cannot be had. */
  collect(account: GladiaAccount, id: string, signal: AbortSignal): Promise<readonly ServerUtterance[] | null>;
}
