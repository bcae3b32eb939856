import type { FileLink } from '../../shared/model/file-check.ts';
import type { StoragePlace, StorageSecrets } from '../../shared/model/storage.ts';
import type { RoleSessions } from './role-sessions.ts';
import type { ProxyUse, Sockets } from './sockets.ts';

/** What a storage tells of an object. */
export interface StoredObject {
  readonly bytes: number;
  /** As the storage offers it; an ETag of S3 is the MD5 of what was uploaded in one piece, and no checksum else. */
  readonly checksum: { readonly kind: string; readonly value: string } | null;
}

/** An address that opens an object for who knows it: a secret until it ends. */
export interface SignedLink {
  readonly url: string;
  readonly lastsS: number;
  readonly endsWith: FileLink['endsWith'];
}

/**
 * The four things that are done with a storage from here. Every promise rejects with the error of the provider's own SDK.
 * An aborted call leaves no request behind, nor does `close`.
 */
export interface ObjectStore {
  /** Where it is, for sentences. */
  readonly host: string;
  /** Null where the profile has none. */
  readonly proxy: ProxyUse | null;
  put(key: string, bytes: Buffer, signal: AbortSignal): Promise<void>;
  get(key: string, signal: AbortSignal, range?: ByteRange): Promise<Buffer>;
  /** Null where there is no such object. */
  look(key: string, signal: AbortSignal): Promise<StoredObject | null>;
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Lasts no longer than what signs it. */
  link(key: string, validForS: number): Promise<SignedLink>;
  close(): void;
}
interface ByteRange {
  readonly from: number;
  readonly count: number;
}

export type PlaceOf<P extends StoragePlace['provider']> = Extract<StoragePlace, { provider: P }>;
export interface StoreOptions<P extends StoragePlace['provider']> {
  readonly place: PlaceOf<P>;
  readonly secrets: StorageSecrets;
  /** Instead of the provider's own address, for those whose profiles have none. */
  readonly endpoint?: string | undefined;
  /** Ends what opening it asks of the network. */
  readonly signal: AbortSignal;
  /** The store closes them. */
  readonly sockets: Sockets;
  /** Left out: a role is taken on anew. */
  readonly roles?: RoleSessions | undefined;
}
