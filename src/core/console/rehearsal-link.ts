import { z } from 'zod';
import { DrillId } from '../../shared/contract/rehearsal.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import type { RehearsalConnection } from '../host-services.ts';
import type { Clock } from '../live/clock.ts';
import type { Log } from '../live/log.ts';
import { StateCell } from '../live/state-cell.ts';
import { rehearsalId } from '../settings/server-book.ts';

const askEveryMs = 2_000;
const limitMs = 5_000;

const State = z.object({
  scene: z.string(),
  drills: z.array(
    z.object({ id: DrillId, label: z.string(), expect: z.string(), armed: z.boolean(), needs: z.string().nullable() }),
  ),
});

export interface RehearsalView {
  readonly isRunning: boolean;
  readonly serverId: string | null;
  readonly scene: string | null;
  readonly drills: { id: DrillId; label: string; expect: string; isArmed: boolean; needs: string | null }[];
}
const absent: RehearsalView = { isRunning: false, serverId: null, scene: null, drills: [] };

/** The drills of the rehearsal. Everything else of it is a server like any other, and is not known to be one. */
export class RehearsalLink {
  readonly view: StateCell<RehearsalView>;
  readonly #connection: RehearsalConnection | null;
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(options: { readonly connection: RehearsalConnection | null; readonly clock: Clock; readonly log: Log }) {
    this.#connection = options.connection;
    this.#clock = options.clock;
    this.#log = options.log;
    this.view = new StateCell(
      options.connection
        ? { ...absent, isRunning: true, serverId: rehearsalId, scene: options.connection.scene }
        : absent,
    );
  }

  /** Keeps the drills' state while a page reads it. */
  async run(signal: AbortSignal): Promise<void> {
    if (!this.#connection) return;
    for (let failures = 0; !signal.aborted;) {
      try {
        if (this.view.readers > 0) await this.#look(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (++failures === 3) {
          this.#log.error('The rehearsal does not answer', {}, error);
          this.view.set(absent);
        }
      }
      await this.#clock.delay(askEveryMs, signal).catch(() => {}); // only the signal rejects; the loop sees it
    }
  }

  async drill(id: DrillId): Promise<string> {
    const { text } = z.object({ text: z.string() }).parse(await this.#ask('POST', `/drills/${id}`));
    await this.#look();
    return text;
  }

  /** Tells the stand-in where its webhooks go; a real server has this in its configuration. */
  async sendWebhooksTo(url: string, signal: AbortSignal): Promise<void> {
    if (this.#connection) await this.#ask('POST', '/webhook', { url }, signal);
  }

  async #look(signal?: AbortSignal): Promise<void> {
    const { scene, drills } = State.parse(await this.#ask('GET', '/state', undefined, signal));
    this.view.set({
      isRunning: true,
      serverId: rehearsalId,
      scene,
      drills: drills.map(({ armed, ...drill }) => ({ ...drill, isArmed: armed })),
    });
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    if (!this.#connection)
      throw new ProblemError({
        code: 'no-rehearsal',
        fault: 'yours',
        retryable: false,
        text: 'The rehearsal is not running.',
      });
    const { url, token } = this.#connection.control;
    const limit = AbortSignal.timeout(limitMs);
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    });
    if (answer.ok) return answer.json();
    throw new ProblemError({
      code: 'drill-refused',
      fault: 'yours',
      retryable: false,
      text: 'The rehearsal did not do that.',
      said: (await answer.text()).slice(0, 300),
    });
  }
}
