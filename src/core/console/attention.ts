import type { HostServices } from '../host-services.ts';
import type { Incidents } from '../observe/incidents.ts';

/** Keeps the computer awake while something runs here, and tells the producer outside the window what needs a hand. */
export class Attention {
  readonly #host: HostServices;
  readonly #running: () => readonly string[];
  readonly #off: () => void;
  #letSleep: (() => void) | null = null;
  #told: ReadonlySet<string>;

  constructor(options: {
    readonly host: HostServices;
    readonly incidents: Incidents;
    readonly running: () => readonly string[];
  }) {
    this.#host = options.host;
    this.#running = options.running;
    const { list } = options.incidents;
    this.#told = new Set(list.value.incidents.map((incident) => incident.id)); // what lies in the journal is no news
    this.#off = list.on(({ incidents }) => {
      for (const { id, state, what, done } of incidents)
        if (state === 'trouble' && !this.#told.has(id)) this.#host.notify(what, done);
      this.#told = new Set(incidents.map((incident) => incident.id));
    });
  }

  /** Something began or ended. */
  refresh(): void {
    const [first] = this.#running();
    if (first === undefined) this.#sleepAgain();
    else this.#letSleep ??= this.#host.stayAwake(first);
  }

  close(): Promise<void> {
    this.#off();
    this.#sleepAgain();
    return Promise.resolve();
  }

  #sleepAgain(): void {
    this.#letSleep?.();
    this.#letSleep = null;
  }
}
