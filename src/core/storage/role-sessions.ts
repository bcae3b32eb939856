import { createHash } from 'node:crypto';
import { takeRole, type RoleOptions, type TakenRole } from './s3-role.ts';

/** What begins with a role has at least so long: a role that is nearer to its end is taken on anew. */
const spareMs = 300_000;

/** Roles that were taken on, in memory until shortly before they end: to look at many objects asks for one once. */
export class RoleSessions {
  #taken = new Map<string, TakenRole>();

  /** Rejects as `takeRole` does. */
  async take(options: RoleOptions): Promise<TakenRole> {
    const taken = this.#taken; // of before a `clear()` that comes meanwhile
    const key = keyOf(options);
    const known = taken.get(key);
    if (known && known.endsAtMs - Date.now() > spareMs) return known;
    const role = await takeRole(options);
    taken.set(key, role);
    return role;
  }

  /** To be called when a profile has changed or gone, and when a role is refused. */
  clear(): void {
    this.#taken = new Map();
  }
}

/** Who asks whom for what: another key or address is another session. */
function keyOf({ client, arn, externalId }: RoleOptions): string {
  const { region, endpoint, credentials } = client;
  return createHash('sha256')
    .update(JSON.stringify([region, endpoint, credentials, arn, externalId]))
    .digest('hex');
}
