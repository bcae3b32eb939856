import type { Protection } from '../shared/model/server.ts';

/** A forked Node program of ours. Its stdout and stderr go to the log; it talks over a socket of its own. */
export interface NodeChild {
  readonly pid: number | undefined;
  /** Settles when it is gone; never rejects. */
  readonly exited: Promise<{ readonly code: number | null }>;
  /** Ends it: asked, then killed after `graceMs`, and waited for. */
  close(): Promise<void>;
}

/** Seals what must not lie in clear. `protection` says honestly what the seal is worth. */
export interface SecretBox {
  readonly protection: Protection;
  seal(text: string): Promise<Uint8Array>;
  /** Throws a ProblemError where the box cannot open it (another passphrase, another machine). */
  unseal(bytes: Uint8Array): Promise<string>;
}

/** What only a host can give to the core. Electron and the headless host each provide one. */
export interface HostServices {
  readonly name: 'electron' | 'headless';
  readonly version: string;
  readonly secrets: SecretBox;
  /** Forks a built Node program (an absolute path); `graceMs` passes between asking and killing. */
  forkNode(
    program: string,
    options: {
      readonly env: Readonly<Record<string, string>>;
      readonly graceMs: number;
      readonly onLine: (line: string) => void;
    },
  ): NodeChild;
  /** Shows a file or folder in the system's file manager. */
  reveal(path: string): Promise<void>;
  /** Tells the producer outside the window; used only for what needs a hand. */
  notify(title: string, body: string): void;
  /** Keeps the computer awake until the returned function is called. */
  stayAwake(reason: string): () => void;
}

/** The rehearsal as the core sees it: addresses. It is a program of its own, and everything but the drills is a server like any other. */
export interface RehearsalConnection {
  readonly scene: string;
  readonly livekit: { readonly url: string; readonly apiKey: string; readonly apiSecret: string };
  readonly gladia: { readonly url: string; readonly key: string };
  readonly control: { readonly url: string; readonly token: string };
  /** Receivers and a storage of this computer; null where it has none. */
  readonly destinations?:
    | {
        /** The page that shows and plays what arrives. */
        readonly page: string;
        readonly rtmp: readonly string[];
        readonly srt: string | null;
        readonly storage: {
          readonly endpoint: string;
          readonly region: string;
          readonly bucket: string;
          readonly accessKey: string;
          readonly secret: string;
        };
      }
    | null
    | undefined;
  /** The Prometheus page of its egress worker. */
  readonly egressMetrics?: string | null | undefined;
  /** The program that speaks the room child's protocol in place of WebRTC; null where the rehearsal has a real server. */
  readonly roomChild: { readonly program: string; readonly env: Readonly<Record<string, string>> } | null;
}
