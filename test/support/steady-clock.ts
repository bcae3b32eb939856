import { setTimeout as sleep } from 'node:timers/promises';
import { FakeClock } from './fake-clock.ts';

const stepMs = 5;

/**
 * Time that this process was there for: it passes with the wall, but a second in which the machine did something else
 * counts as one step of 5 ms. For parts that live in one process and talk over real sockets: under load the test takes
 * longer, and sees the same.
 */
export class SteadyClock extends FakeClock {
  #isClosed = false;
  readonly #running = this.#run();
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
  }
  async #run(): Promise<void> {
    while (!this.#isClosed) {
      await sleep(stepMs);
      await this.advance(stepMs);
    }
  }
}
