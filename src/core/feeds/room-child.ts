import { redactSecrets } from '../../shared/text/redact.ts';
import type { Clock } from '../live/clock.ts';
import { DeadlineError, withDeadline } from '../live/deadline.ts';
import type { Log } from '../live/log.ts';
import { Scope } from '../live/scope.ts';
import { StateCell } from '../live/state-cell.ts';
import { supervise } from '../live/supervise.ts';
import type { HostServices } from '../host-services.ts';
import type { ChildConnection } from './child/connection.ts';
import { ChildDoor } from './child/door.ts';
import { childLost, joinProblem, leftProblem } from './child/problems.ts';
import type { SoundBlock } from './wire/framing.ts';
import type { ChildMessage, Hello } from './wire/messages.ts';

/** The native client needs 0.3 s to load; a machine under full load ten times that. */
const startLimitMs = 20_000;
const leaveLimitMs = 3_000;
const graceMs = 4_000;

export interface RoomChildOptions {
  /** Absolute path of the built program, and what it needs in its environment beside its port and token. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly fork: HostServices['forkNode'];
  readonly clock: Clock;
  readonly log: Log;
  /** The client leaks about 0.5 MB a join: after this many joins it is ended when nobody needs it. */
  readonly recycleAfterJoins?: number;
  /** How long nobody must have needed it before that. After four times as many joins it does not wait. */
  readonly idleMs?: number;
}

export interface JoinRequest {
  readonly url: string;
  readonly token: string;
  /** Everything that is told of this join, except its end. */
  readonly onMessage: (message: ChildMessage, program: Hello['program']) => void;
  readonly onSound: (block: SoundBlock) => void;
}

/** One child process that joins rooms for us (docs/room-child.md). It is started at the first join and again when it dies. */
export class RoomChild {
  readonly #options: RoomChildOptions;
  readonly #scope: Scope;
  readonly #door: ChildDoor;
  readonly #child = new StateCell<ChildConnection | null>(null);
  readonly #users = new StateCell(0);
  #links = 0;
  #joinsOfChild = 0;
  #starts = 0;

  private constructor(options: RoomChildOptions, door: ChildDoor) {
    this.#options = options;
    this.#door = door;
    this.#scope = new Scope('room child', { onError: (error) => options.log.error('room child failed', {}, error) });
    this.#scope.use('door', door);
    this.#scope.spawn('life', (signal) => this.#live(signal));
  }

  static async open(options: RoomChildOptions): Promise<RoomChild> {
    return new RoomChild(options, await ChildDoor.open(options.log));
  }

  /** How often a process was started since the opening. */
  get starts(): number {
    return this.#starts;
  }
  get isRunning(): boolean {
    return this.#child.value !== null;
  }

  close(): Promise<void> {
    return this.#scope.close();
  }

  /**
   * Joins a room and stays until the signal says leave; then it has left. Everything else that ends it is thrown as a
   * ProblemError: the child died, the room ended, the server refused.
   */
  async attend(request: JoinRequest, signal: AbortSignal): Promise<void> {
    const both = AbortSignal.any([signal, this.#scope.signal]);
    this.#users.update((count) => count + 1);
    try {
      const child = await this.#running(both);
      await this.#attend(child, request, both);
    } catch (error) {
      if (!both.aborted) throw error;
    } finally {
      this.#users.update((count) => count - 1);
    }
    if (this.#scope.isClosing && !signal.aborted) throw childLost('The console is closing.', false);
  }

  async #running(signal: AbortSignal): Promise<ChildConnection> {
    try {
      return await withDeadline('starting the room child', startLimitMs, signal, async (limited) => {
        for await (const child of this.#child.read(limited)) if (child) return child;
        throw limited.reason; // the reading ends by the signal alone
      });
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      throw childLost('The program that joins rooms did not start.', true);
    }
  }

  async #attend(child: ChildConnection, request: JoinRequest, signal: AbortSignal): Promise<void> {
    const link = ++this.#links;
    const end = Promise.withResolvers<void>();
    end.promise.catch(() => {}); // awaited below; without this an end before that would count as unhandled
    child.open(link, {
      onMessage: (message) => {
        if (message.ev === 'left')
          // Asked, but not by us: the child was told to stop as a whole.
          end.reject(
            message.reason === 'asked'
              ? childLost('The program that joins rooms was ended.', true)
              : leftProblem(message.reason, message.retryable),
          );
        else if (message.ev === 'joinFailed') end.reject(joinProblem(message));
        else request.onMessage(message, child.program);
      },
      onSound: request.onSound,
      onOver: () => end.reject(childLost('The program that joins rooms ended.', true)),
    });
    this.#joinsOfChild++;
    child.send({ op: 'join', link, url: request.url, token: request.token });
    let timer: NodeJS.Timeout | undefined;
    const leave = (): void => {
      child.send({ op: 'leave', link });
      timer = setTimeout(() => {
        this.#options.log.warn('the room child did not say that it left a room', { link });
        end.resolve(); // it hears nothing: left to itself
      }, leaveLimitMs);
    };
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      await end.promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      child.forget(link);
    }
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      for await (const users of this.#users.read(signal)) if (users > 0) break;
      if (signal.aborted) return;
      await supervise(
        (until) => this.#runOnce(until),
        {
          clock,
          backoff: { firstMs: 200, factor: 2, maxMs: 5_000, jitter: 0.2 },
          healthyAfterMs: 30_000,
          onFailure: (error, attempt, nextInMs) =>
            log.warn('room child died, starting it again', { why: messageOf(error), attempt, nextInMs }),
        },
        signal,
      );
    }
  }

  /** One process from start to end. Returns when it was recycled or told to stop, throws when it died. */
  async #runOnce(signal: AbortSignal): Promise<void> {
    const { fork, program, env, log } = this.#options;
    const arrived = Promise.withResolvers<ChildConnection>();
    const token = this.#door.expect((connection) => arrived.resolve(connection));
    this.#starts++;
    this.#joinsOfChild = 0;
    const node = fork(program, {
      env: { ...env, NODE_ENV: 'production', CUEDESK_CHILD_PORT: String(this.#door.port), CUEDESK_CHILD_TOKEN: token },
      graceMs,
      onLine: (line) => log.debug('room child said', { line: redactSecrets(line).replaceAll(token, '{token}') }),
    });
    const died = node.exited.then(({ code }) => {
      throw new Error(`it ended with code ${String(code)}`);
    });
    died.catch(() => {}); // raced below; it also settles when the end was ours
    try {
      const child = await withDeadline('starting the room child', startLimitMs, signal, () =>
        Promise.race([arrived.promise, died]),
      );
      log.info('room child started', { program: child.program, pid: node.pid });
      this.#child.set(child);
      const lost = child.closed.then((fault) => {
        throw new Error(fault ?? 'it closed its socket');
      });
      lost.catch(() => {}); // as above
      await Promise.race([died, lost, this.#untilWorn(signal)]);
      child.send({ op: 'stop' });
    } finally {
      this.#child.set(null);
      await node.close();
    }
  }

  /** Resolves when the process should be replaced, or the signal says stop. */
  async #untilWorn(signal: AbortSignal): Promise<void> {
    const idleMs = this.#options.idleMs ?? 5_000;
    const worn = this.#options.recycleAfterJoins ?? 20;
    for await (const users of this.#users.read(signal)) {
      if (users > 0 || this.#joinsOfChild < worn) continue;
      if (this.#joinsOfChild < worn * 4) await this.#options.clock.delay(idleMs, signal).catch(() => {}); // the loop sees it
      if (this.#users.value > 0) continue;
      this.#child.set(null); // at once, so that nobody joins with it any more
      return;
    }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
