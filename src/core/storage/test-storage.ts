import { randomUUID } from 'node:crypto';
import type { Problem } from '../../shared/model/common.ts';
import type { StoragePlace, StorageStep, StorageStepId, StorageTest } from '../../shared/model/storage.ts';
import type { Clock } from '../live/clock.ts';
import { withDeadline } from '../live/deadline.ts';
import type { ObjectStore } from './object-store.ts';
import { openStore, type OpenStoreOptions } from './open-store.ts';
import type { ProxyUse } from './sockets.ts';
import { problemOfStorage } from './storage-problem.ts';

/** No step may hold up the form longer. */
const stepLimitMs = 8_000;
const order: readonly StorageStepId[] = ['address', 'write', 'read', 'delete'];

export interface StorageTestOptions extends OpenStoreOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
}

/** Writes a small object, reads it back and deletes it, and says of each what was found. Never rejects. */
export async function testStorage(options: StorageTestOptions): Promise<StorageTest> {
  const run = new Run(options);
  await run.all();
  return { steps: order.map((id) => run.steps.get(id) ?? notRun(id)), atMs: options.clock.nowMs() };
}

/** What would be asked of another computer, and nothing that it could be asked for. */
const networkCodes = new Set([
  'not-listening',
  'no-such-host',
  'no-name-service',
  'reset',
  'unreachable',
  'no-answer',
  'proxy-user',
  'proxy-refused',
  'not-from-here',
]);

class Run {
  readonly steps = new Map<StorageStepId, StorageStep>();
  readonly #options: StorageTestOptions;
  readonly #bucket: string;
  readonly #role: string;
  constructor(options: StorageTestOptions) {
    this.#options = options;
    this.#bucket = bucketOf(options.place);
    this.#role = roleOf(options.place);
  }

  async all(): Promise<void> {
    let store: ObjectStore | null = null;
    try {
      store = await this.#limited((signal) => openStore(this.#options, signal));
      await this.#roundTrip(store);
    } catch (error) {
      this.#notOpened(problemOfStorage(error, { host: 'the storage', bucket: this.#bucket }));
    } finally {
      store?.close();
    }
  }

  /** Who refuses a role was reached, and nothing is written without it. */
  #notOpened(problem: Problem): void {
    const isRefused = this.#role !== '' && !networkCodes.has(problem.code);
    if (isRefused) this.#pass('address', 'Reached who gives the role', null);
    this.#fail(isRefused ? 'write' : 'address', problem, null);
  }

  async #roundTrip(store: ObjectStore): Promise<void> {
    const key = `cuedesk-test-${randomUUID().slice(0, 8)}.txt`;
    const bytes = Buffer.from('Cuedesk wrote this to see whether it may. It can be deleted.\n');
    if (!(await this.#write(store, key, bytes))) return;
    await this.#step('read', store, async (signal) => {
      const back = await store.get(key, signal);
      if (!back.equals(bytes)) throw new Error('other bytes came back');
      return `Read back the same ${bytes.length} bytes${aroundIn(store)}`;
    });
    const isDeleted = await this.#step('delete', store, async (signal) => {
      await store.remove(key, signal);
      return `Deleted it again${aroundIn(store)}`;
    });
    if (!isDeleted) this.#leftOver(key);
  }

  async #write(store: ObjectStore, key: string, bytes: Buffer): Promise<boolean> {
    const beganMs = this.#nowMs();
    try {
      await this.#limited((signal) => store.put(key, bytes, signal));
      const tookMs = this.#nowMs() - beganMs;
      this.#reached(store);
      this.#pass('write', `Wrote ${bytes.length} bytes to ${this.#bucket}${aroundIn(store)}`, tookMs);
      return true;
    } catch (error) {
      const problem = problemOfStorage(error, { host: store.host, bucket: this.#bucket });
      const isAway = networkCodes.has(problem.code);
      if (!isAway) this.#reached(store);
      this.#fail(isAway ? 'address' : 'write', problem, this.#nowMs() - beganMs);
      return false;
    }
  }

  async #step(id: StorageStepId, store: ObjectStore, work: (signal: AbortSignal) => Promise<string>): Promise<boolean> {
    const beganMs = this.#nowMs();
    try {
      const text = await this.#limited(work);
      this.#pass(id, text, this.#nowMs() - beganMs);
      return true;
    } catch (error) {
      const problem = problemOfStorage(error, { host: store.host, bucket: this.#bucket });
      this.#fail(id, { ...problem, advice: extra[id] ?? problem.advice }, this.#nowMs() - beganMs);
      return false;
    }
  }

  #reached({ host, proxy }: ObjectStore): void {
    const inRole = this.#role === '' ? '' : `, in the role ${this.#role}`;
    this.#pass('address', `Reached ${host}${inRole}${proxy ? wayOf(proxy) : ''}`, null);
  }
  #leftOver(key: string): void {
    const step = this.steps.get('delete');
    if (step) this.steps.set('delete', { ...step, text: `${step.text} ${key} is left over in ${this.#bucket}.` });
  }
  #limited<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { limitMs = stepLimitMs, signal } = this.#options;
    return withDeadline('the storage', limitMs, signal, async (limited) => work(limited));
  }
  #pass(id: StorageStepId, text: string, tookMs: number | null): void {
    this.steps.set(id, { id, state: 'passed', text, tookMs: rounded(tookMs) });
  }
  #fail(id: StorageStepId, problem: Problem, tookMs: number | null): void {
    this.steps.set(id, { id, state: 'failed', text: problem.text, tookMs: rounded(tookMs), problem });
  }
  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }
}

/** Egress writes and nothing else: what lacks for the rest spoils no recording. */
const extra: Partial<Record<StorageStepId, string>> = {
  read: 'Egress records all the same. Without it, Cuedesk cannot look whether a file has arrived, nor play it.',
  delete: 'Egress records all the same. Delete the small file by hand.',
};
const titles: Readonly<Record<StorageStepId, string>> = {
  address: 'Address',
  write: 'Write',
  read: 'Read',
  delete: 'Delete',
};
const notRun = (id: StorageStepId): StorageStep => ({ id, state: 'not-run', text: titles[id], tookMs: null });
const rounded = (ms: number | null): number | null => (ms === null ? null : Math.max(0, Math.round(ms)));

const wayOf = ({ host, whyNot }: ProxyUse): string =>
  whyNot === null ? `, through the proxy ${host}` : `, around the proxy ${host}: ${whyNot}`;
const aroundIn = ({ proxy }: ObjectStore): string => (proxy && proxy.whyNot !== null ? ', around the proxy' : '');
const roleOf = (place: StoragePlace): string =>
  place.provider === 's3' ? place.assumeRoleArn.replace(/^.*:role\//, '') : '';
function bucketOf(place: StoragePlace): string {
  if (place.provider === 'azure') return place.container;
  return place.provider === 'server-local' ? place.folder : place.bucket;
}
