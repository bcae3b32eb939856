import { randomUUID } from 'node:crypto';
import type { Address, AddressKind } from '../../shared/model/address.ts';
import { ProblemError } from '../../shared/model/problem-error.ts';
import { redactAddress } from '../../shared/text/redact.ts';
import { StateCell } from '../live/state-cell.ts';
import { checkAddress, warningsOf } from './address-check.ts';
import type { JsonFile } from './json-file.ts';
import type { Keep, SecretStore } from './secret-store.ts';
import type { StoredAddress, StoredSettings } from './stored.ts';

export interface AddressInput {
  readonly addressId?: string | undefined;
  readonly name: string;
  readonly kind: AddressKind;
  /** Left out: the one that is kept. */
  readonly url?: string | undefined;
  readonly followsLayout: boolean;
  readonly keep: Keep;
}

const maxAddresses = 500;
const secretOf = (addressId: string): string => `address:${addressId}`;

/** Addresses that may hold a secret, by name: destinations of streams, sockets, pages. Only their twins leave the core. */
export class AddressBook {
  readonly addresses: StateCell<{ readonly addresses: Address[] }>;
  readonly #file: JsonFile<StoredSettings>;
  readonly #secrets: SecretStore;

  constructor({ file, secrets }: { readonly file: JsonFile<StoredSettings>; readonly secrets: SecretStore }) {
    this.#file = file;
    this.#secrets = secrets;
    this.addresses = new StateCell(this.#list());
  }

  /** Null where it is not known. */
  find(addressId: string): Address | null {
    return this.addresses.value.addresses.find((address) => address.id === addressId) ?? null;
  }

  /** The one entry of this twin; null where there is none, or several that look alike. */
  likeOne(twin: string): string | null {
    const alike = this.#all().filter((address) => address.url === twin);
    return alike.length === 1 ? (alike[0]?.id ?? null) : null;
  }

  /**
   * The whole address, for the core alone. `loopbackOnly`: of a rehearsal, whose streams leave this computer never.
   * Rejects with a ProblemError (`no-such-address`, `address-missing`, `not-in-rehearsal`, or the box's own).
   */
  async urlOf(addressId: string, { loopbackOnly = false } = {}): Promise<string> {
    const { kind, name } = this.#stored(addressId);
    const url = await this.#secrets.get(secretOf(addressId));
    if (url === null) throw missing(name);
    if (loopbackOnly && !checkAddress(kind, url).isLoopback) throw notInRehearsal(name);
    return url;
  }

  /** Checks, keeps and returns the twin. Rejects with a ProblemError (`bad-address`, `address-exists`, ...). */
  async save(input: AddressInput): Promise<Address> {
    const known = input.addressId === undefined ? null : this.#stored(input.addressId);
    const id = known?.id ?? `adr_${randomUUID().slice(0, 8)}`;
    const name = input.name.trim();
    if (this.#all().some((other) => other.id !== id && other.name === name)) throw nameTaken(name);
    if (!known && this.#all().length >= maxAddresses) throw tooMany();
    const url = await this.#keep(id, known, input);
    const followsLayout = input.kind === 'template' && input.followsLayout;
    const entry: StoredAddress = { id, name, kind: input.kind, url, followsLayout };
    await this.#file.update((settings) => ({
      ...settings,
      addresses: [...settings.addresses.filter((other) => other.id !== id), entry],
    }));
    this.#publish();
    return this.#twin(entry);
  }

  async remove(addressId: string): Promise<void> {
    this.#stored(addressId);
    await this.#file.update((settings) => ({
      ...settings,
      addresses: settings.addresses.filter((address) => address.id !== addressId),
    }));
    await this.#secrets.remove(secretOf(addressId));
    this.#publish();
  }

  /** The secret first: an entry without one is worse than a secret without an entry. Returns the twin of the address. */
  async #keep(id: string, known: StoredAddress | null, input: AddressInput): Promise<string> {
    if (input.url !== undefined) {
      const { url } = checkAddress(input.kind, input.url);
      await this.#secrets.put(secretOf(id), url, input.keep);
      return redactAddress(url);
    }
    if (!known) throw missing(input.name);
    if (known.kind !== input.kind) throw otherKind();
    await this.#secrets.move(secretOf(id), input.keep);
    return known.url;
  }

  #all(): readonly StoredAddress[] {
    return this.#file.value.addresses;
  }
  #stored(addressId: string): StoredAddress {
    const stored = this.#all().find((address) => address.id === addressId);
    if (stored) return stored;
    throw new ProblemError({
      code: 'no-such-address',
      fault: 'yours',
      retryable: false,
      text: 'This address is not in the address book.',
      advice: 'Pick another entry, or enter it again.',
    });
  }

  #publish(): void {
    this.addresses.set(this.#list());
  }
  #list(): { readonly addresses: Address[] } {
    const all = this.#all().map((stored) => this.#twin(stored));
    return { addresses: all.sort((a, b) => a.name.localeCompare(b.name)) };
  }
  #twin(stored: StoredAddress): Address {
    const kept = this.#secrets.twin(secretOf(stored.id));
    const alike = this.#all().filter((other) => other.id !== stored.id && other.url === stored.url);
    const { id, name, kind, url, followsLayout } = stored;
    return {
      id,
      name,
      kind,
      url,
      protection: kept?.protection ?? 'this-run',
      isMissing: kept === null,
      followsLayout,
      warnings: [...warningsOf(kind, url), ...(alike.length > 0 ? [looksLike(alike)] : [])],
    };
  }
}

/** LiveKit lists streams by the shortened key alone: two of the same short form cannot be told apart in one job. */
const looksLike = (others: readonly StoredAddress[]): string =>
  `LiveKit lists it in the same short form as ${others.map((other) => other.name).join(', ')}: they cannot be told apart in one job.`;

const missing = (name: string): ProblemError =>
  new ProblemError({
    code: 'address-missing',
    fault: 'yours',
    retryable: false,
    text: `The address of ${name} is not kept.`,
    advice: 'Enter it; it may have been kept for an earlier run only.',
  });
const notInRehearsal = (name: string): ProblemError =>
  new ProblemError({
    code: 'not-in-rehearsal',
    fault: 'yours',
    retryable: false,
    text: `A rehearsal sends nothing out of this computer, and the address of ${name} does.`,
    advice: 'Take an address of this computer, or connect a server of your own.',
  });
const nameTaken = (name: string): ProblemError =>
  new ProblemError({
    code: 'address-exists',
    fault: 'yours',
    retryable: false,
    text: `There is an address of the name ${name} already.`,
    advice: 'Give it another name, or change that one.',
  });
const otherKind = (): ProblemError =>
  new ProblemError({
    code: 'bad-address',
    fault: 'yours',
    retryable: false,
    text: 'The address that is kept is of another kind.',
    advice: 'Enter the address anew.',
  });
const tooMany = (): ProblemError =>
  new ProblemError({
    code: 'too-many-addresses',
    fault: 'yours',
    retryable: false,
    text: `No more than ${maxAddresses} addresses can be kept.`,
  });
