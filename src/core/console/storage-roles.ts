import type { Scope } from '../live/scope.ts';
import type { StorageBook } from '../settings/storage-book.ts';
import { RoleSessions } from '../storage/role-sessions.ts';

/** The roles that storages take on, let go once a profile is changed or removed. */
export function rolesOf({ storages }: Pick<StorageBook, 'storages'>, scope: Scope): RoleSessions {
  const roles = new RoleSessions();
  scope.add(
    'roles of storages',
    storages.on(() => roles.clear()),
  );
  return roles;
}
