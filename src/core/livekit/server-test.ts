import type { Problem } from '../../shared/model/common.ts';
import { problemOf } from '../../shared/model/problem-error.ts';
import type { CheckId, ServerCheck, ServerTest } from '../../shared/model/server.ts';
import { counted } from '../../shared/text/figures.ts';
import { dayUtc } from '../../shared/text/utc.ts';
import type { Clock } from '../live/clock.ts';
import { withDeadline } from '../live/deadline.ts';
import type { Log } from '../live/log.ts';
import { LiveKitApi } from './api.ts';
import { parseEndpoint, type Endpoint } from './endpoint.ts';
import { HttpClient, type HttpAnswer } from './http.ts';
import { problemOfNetwork } from './network-errors.ts';

/** No check may hold up the dialog longer. */
const checkLimitMs = 5_000;
/** Enough to prove the right to see people; a test must not ask a large project for all of them. */
const roomsLookedInto = 10;
/** Servers take up to 60 s (measured); half of it is worth a word. */
const worryingSkewMs = 30_000;
const order: readonly CheckId[] = ['address', 'tls', 'clock', 'key', 'secret', 'rights', 'egress', 'version'];

export interface ServerTestOptions {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal?: AbortSignal;
}

/** Looks at everything that can be wrong with a server, and says of each what was found. Never rejects. */
export async function testServer(options: ServerTestOptions): Promise<ServerTest> {
  const run = new Run(options);
  await run.all();
  return { checks: order.map((id) => run.checks.get(id) ?? notRun(id)), atMs: options.clock.nowMs() };
}

class Run {
  readonly checks = new Map<CheckId, ServerCheck>();
  readonly #options: ServerTestOptions;
  constructor(options: ServerTestOptions) {
    this.#options = options;
  }

  async all(): Promise<void> {
    const endpoint = await this.#check('address', () => Promise.resolve(parseEndpoint(this.#options.url)));
    if (!endpoint || !(await this.#reach(endpoint))) return;
    await this.#useKey();
  }

  /** Address, TLS and clock come from one plain request. */
  async #reach(endpoint: Endpoint): Promise<boolean> {
    const http = new HttpClient(endpoint);
    const beganMs = this.#nowMs();
    try {
      const answer = await this.#limited('the address', (signal) =>
        http.send({ method: 'GET', path: '/', maxAnswerBytes: 1 << 20, isRepeatable: true, signal }),
      );
      const tookMs = this.#nowMs() - beganMs;
      this.#pass('address', `Reached ${endpoint.host}${endpoint.isTls ? ' over TLS' : ''}`, tookMs);
      this.#pass('tls', tlsWords(endpoint, answer), null);
      this.#clockOf(answer, tookMs);
      return true;
    } catch (error) {
      const problem = problemOfNetwork(error, endpoint.host);
      if (problem.code === 'certificate' || problem.code === 'tls-to-plain') {
        this.#pass('address', `Somebody listens at ${endpoint.host}`, this.#nowMs() - beganMs);
        this.#fail('tls', problem, null);
      } else this.#fail('address', problem, this.#nowMs() - beganMs);
      return false;
    } finally {
      http.close();
    }
  }

  /** The header tells whole seconds, so that half of one and half of the way are the error of this. */
  #clockOf(answer: HttpAnswer, tookMs: number): void {
    if (answer.dateMs === null) {
      this.checks.set('clock', { ...notRun('clock'), text: 'The server does not tell its time' });
      return;
    }
    const apartMs = this.#options.clock.nowMs() - tookMs / 2 - (answer.dateMs + 500);
    const apart = Math.abs(apartMs);
    if (apart >= 60_000) this.#fail('clock', clocksDiffer(apartMs), null);
    else if (apart >= worryingSkewMs)
      this.#pass('clock', `Clocks are ${seconds(apart)} apart; from 60 s on nothing works`, null);
    else this.#pass('clock', apart < 1_000 ? 'Clocks agree' : `Clocks agree, ${seconds(apart)} apart`, null);
  }

  async #useKey(): Promise<void> {
    const { url, apiKey, apiSecret, clock, log } = this.#options;
    let api: LiveKitApi;
    try {
      api = new LiveKitApi({ url, apiKey, apiSecret, clock, log });
    } catch (error) {
      this.#fail('key', problemOf(error), null);
      return;
    }
    try {
      if (await this.#rights(api)) await this.#egress(api);
    } finally {
      await api.close();
    }
    // No request tells it; only who joins a room is told (measured).
    this.checks.set('version', { ...notRun('version'), text: 'The server tells its version only to who joins a room' });
  }

  /** Key, secret and rights come from one list: how it is refused tells which of them is wrong. */
  async #rights(api: LiveKitApi): Promise<boolean> {
    const beganMs = this.#nowMs();
    let keyMs: number | null = null;
    try {
      const rooms = await this.#limited('the key', (signal) => api.listRooms(signal));
      keyMs = this.#nowMs() - beganMs;
      this.#pass('key', 'Key known', keyMs);
      this.#pass('secret', 'Secret accepted', keyMs);
      const looked = rooms.slice(0, roomsLookedInto);
      const people = await this.#limited('the rights', (signal) =>
        Promise.all(looked.map((room) => api.listPeople(room.name, signal))),
      );
      const count = people.reduce((sum, one) => sum + one.people.length, 0);
      const where = rooms.length > looked.length ? ` in ${looked.length} of them` : '';
      this.#pass(
        'rights',
        `${counted(rooms.length, 'room', 'rooms')}, ${counted(count, 'person', 'people')} seen${where}`,
        this.#nowMs() - beganMs,
      );
      return true;
    } catch (error) {
      this.#refused(problemOfNetwork(error, api.endpoint.host), this.#nowMs() - beganMs, keyMs !== null);
      return false;
    }
  }

  #refused(problem: Problem, tookMs: number, isKeyGood: boolean): void {
    const { code } = problem;
    if (isKeyGood) return this.#fail('rights', problem, tookMs);
    if (code === 'wrong-secret' || code === 'clocks-differ' || code === 'no-right')
      this.#pass('key', 'Key known', tookMs);
    if (code === 'no-right') this.#pass('secret', 'Secret accepted', tookMs);
    const id = (
      {
        'wrong-secret': 'secret',
        'clocks-differ': 'clock',
        'no-right': 'rights',
        'not-livekit': 'address',
        'not-understood': 'address',
      } as const
    )[code];
    this.#fail(id ?? 'key', problem, tookMs);
  }

  async #egress(api: LiveKitApi): Promise<void> {
    const beganMs = this.#nowMs();
    try {
      const running = await this.#limited('egress', (signal) => api.listEgress({ isActive: true }, signal));
      this.#pass(
        'egress',
        `Egress is connected, ${running.length} running; the first start shows whether a worker is free`,
        this.#nowMs() - beganMs,
      );
    } catch (error) {
      this.#fail('egress', problemOfNetwork(error, api.endpoint.host), this.#nowMs() - beganMs);
    }
  }

  async #check<T>(id: CheckId, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.#fail(id, problemOf(error), null);
      return null;
    }
  }
  #limited<T>(what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(what, checkLimitMs, this.#options.signal, work);
  }
  #pass(id: CheckId, text: string, tookMs: number | null): void {
    this.checks.set(id, { id, state: 'passed', text, tookMs: rounded(tookMs) });
  }
  #fail(id: CheckId, problem: Problem, tookMs: number | null): void {
    if (problem.code === 'internal') this.#options.log.error('A check of a server failed', { check: id });
    this.checks.set(id, { id, state: 'failed', text: problem.text, tookMs: rounded(tookMs), problem });
  }
  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}

const titles: Readonly<Record<CheckId, string>> = {
  address: 'Address',
  tls: 'TLS',
  clock: 'Clock',
  key: 'API key',
  secret: 'API secret',
  rights: 'Rights',
  egress: 'Egress',
  version: 'Version',
};
const notRun = (id: CheckId): ServerCheck => ({ id, state: 'not-run', text: titles[id], tookMs: null });
const rounded = (ms: number | null): number | null => (ms === null ? null : Math.max(0, Math.round(ms)));
const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s`;

function tlsWords(endpoint: Endpoint, answer: HttpAnswer): string {
  if (answer.tls) {
    const until = answer.tls.validToMs === null ? '' : `, certificate valid until ${dayUtc(answer.tls.validToMs)}`;
    return `${answer.tls.protocol.replace('TLSv', 'TLS ')}${until}`;
  }
  return endpoint.isLoopback
    ? 'No TLS; none is needed on this computer'
    : 'No TLS: names and words cross the network in clear';
}

function clocksDiffer(apartMs: number): Problem {
  const who = apartMs > 0 ? 'ahead of' : 'behind';
  return {
    code: 'clocks-differ',
    fault: 'yours',
    retryable: false,
    text: `The clock of this computer is ${seconds(Math.abs(apartMs))} ${who} that of the server; 60 s are allowed.`,
    advice: 'Set the clock of this computer by the network.',
  };
}
