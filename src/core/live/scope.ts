export interface Closable {
  /** Asks to stop and resolves when stopped. Safe to repeat. */
  close(): Promise<void>;
}

interface Member {
  readonly name: string;
  readonly close: () => Promise<void> | void;
}

/**
 * Owns what lives long: closes its members in reverse order, each awaited, once. "Please stop" travels down as `signal`,
 * "has stopped" travels up as the promise of `close()`. What arrives after the closing began is closed at once.
 */
export class Scope implements Closable, AsyncDisposable {
  readonly name: string;
  readonly #abort = new AbortController();
  readonly #members: Member[] = [];
  readonly #onError: (error: unknown, name: string) => void;
  #closing: Promise<void> | null = null;

  constructor(
    name: string,
    options: { readonly signal?: AbortSignal; readonly onError?: (error: unknown, name: string) => void } = {},
  ) {
    this.name = name;
    this.#onError = options.onError ?? (() => {});
    const outer = options.signal;
    if (outer) {
      const stop = (): void => void this.close(outer.reason);
      if (outer.aborted) stop();
      else {
        outer.addEventListener('abort', stop, { once: true });
        this.add('outer signal', () => outer.removeEventListener('abort', stop));
      }
    }
  }

  /** Aborts when the scope begins to close. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }
  get isClosing(): boolean {
    return this.#closing !== null;
  }

  /** Takes over the closing of something. Returns a function that gives it back unclosed. */
  add(name: string, close: () => Promise<void> | void): () => void {
    const member: Member = { name, close };
    if (this.#closing) {
      void this.#closeMember(member);
      return () => {};
    }
    this.#members.push(member);
    return () => {
      const index = this.#members.indexOf(member);
      if (index >= 0) this.#members.splice(index, 1);
    };
  }

  use<T extends Closable>(name: string, member: T): T {
    this.add(name, () => member.close());
    return member;
  }

  /** Runs work that ends by itself or by the signal, and is waited for. Its failure is reported, unless it is the stop itself. */
  spawn(name: string, work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#closing) return;
    const running = work(this.signal).catch((error: unknown) => {
      if (!this.signal.aborted) this.#onError(error, name);
    });
    const release = this.add(name, () => running);
    void running.then(release);
  }

  close(reason?: unknown): Promise<void> {
    this.#closing ??= this.#closeAll(reason);
    return this.#closing;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #closeAll(reason: unknown): Promise<void> {
    await Promise.resolve(); // so that #closing is set before any member runs
    this.#abort.abort(reason ?? new Error(`${this.name} closed`));
    for (let member = this.#members.pop(); member; member = this.#members.pop()) await this.#closeMember(member);
  }

  async #closeMember(member: Member): Promise<void> {
    try {
      await member.close();
    } catch (error) {
      this.#onError(error, member.name); // one member that fails to close must not keep the others open
    }
  }
}
