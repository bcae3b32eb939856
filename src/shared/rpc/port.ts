/** The one thing that a transport must provide. Every port carries JSON text, so that the hosts cannot differ. */
export interface Port {
  /** Carries any JSON value. Does not throw after the other side has gone. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
