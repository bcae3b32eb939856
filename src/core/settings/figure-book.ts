import type { PriceId } from '../../shared/model/price.ts';
import type { Clock } from '../live/clock.ts';
import { StateCell } from '../live/state-cell.ts';
import type { JsonFile } from './json-file.ts';
import type { StoredSettings } from './stored.ts';
import { noServerFigures, type ServerFigures, type StoredFigures } from './stored-figures.ts';

/** Prices, caps and limits that the producer has declared; kept with the settings. Each change rejects with a ProblemError. */
export class FigureBook {
  readonly figures: StateCell<StoredFigures>;
  readonly #file: JsonFile<StoredSettings>;
  readonly #clock: Clock;
  constructor(file: JsonFile<StoredSettings>, clock: Clock) {
    this.#file = file;
    this.#clock = clock;
    this.figures = new StateCell(file.value.figures);
  }

  of(serverId: string): ServerFigures {
    return this.figures.value.servers[serverId] ?? noServerFigures;
  }

  async declarePrice(id: PriceId, amount: number | null): Promise<void> {
    const atMs = this.#clock.nowMs();
    await this.#update((figures) => {
      const { [id]: _old, ...others } = figures.prices;
      return { ...figures, prices: amount === null ? others : { ...others, [id]: { amount, atMs } } };
    });
  }
  async setCurrency(currency: string): Promise<void> {
    await this.#update((figures) => ({ ...figures, currency }));
  }
  /** `change` is given what is declared when it is written: two changes at once lose nothing of each other. */
  async declareOf(serverId: string, change: (known: ServerFigures) => Partial<ServerFigures>): Promise<void> {
    await this.#update((figures) => {
      const known = figures.servers[serverId] ?? noServerFigures;
      return { ...figures, servers: { ...figures.servers, [serverId]: { ...known, ...change(known) } } };
    });
  }

  /** The server was removed: what was declared of it goes with it. */
  async forget(serverId: string): Promise<void> {
    await this.#update((figures) => {
      const { [serverId]: _gone, ...servers } = figures.servers;
      return { ...figures, servers };
    });
  }

  async #update(change: (figures: StoredFigures) => StoredFigures): Promise<void> {
    await this.#file.update((settings) => ({ ...settings, figures: change(settings.figures) }));
    this.figures.set(this.#file.value.figures);
  }
}
