import { reachesBeyondClients } from '../../../platform/http/scopes.js';
import { ProblemError } from '../../../platform/http/problems/problem.js';
import { invalidBody } from '../../../platform/http/validation/faults.js';
import type { Actor } from './actor.js';
import { AddressList } from '../../../platform/net/address-list.js';
import type { ApiKeysRepository } from './api-keys.repository.js';
import { type KeyFields, type StoredKey, isLive } from './stored-key.js';

/**
 * Keys with some scopes cannot be limited to clients: with `admin` a key could create one without limits, and the audit log
 * covers all clients.
 *
 * @throws ProblemError `invalid-body`
 */
export function refuseReachBeyondClients({ scopes, clientGuids }: Pick<KeyFields, 'scopes' | 'clientGuids'>): void {
  const wide = scopes.filter((scope) => reachesBeyondClients(scope));
  if (clientGuids === null || wide.length === 0) return;
  throw invalidBody([{ parameter: 'clientGuids', detail: `cannot limit a key with the scope ${wide.join(', ')}` }]);
}

/**
 * Refuses a change after which nobody might be able to administer keys over HTTP, or the caller could no longer use its
 * key. Runs after the change and inside its transaction, so a refusal rolls it back.
 *
 * @param before the key before the change
 * @throws ProblemError `conflict`
 */
export async function refuseLockOut(
  keys: ReturnType<ApiKeysRepository['within']>,
  before: StoredKey,
  actor: Actor,
  now: string,
): Promise<void> {
  if (actor.mayLockOut) return;
  const after = (await keys.byPrefix(before.prefix))!;
  if (isLiveAdmin(before, now) && isRestricted(before, after) && !(await keys.anyPermanentAdmin()))
    throw new ProblemError('conflict', LOCK_OUT);
  if (before.prefix === actor.name && after.cidrs && !new AddressList(after.cidrs).contains(actor.address))
    throw new ProblemError(
      'conflict',
      'The key of this call could not be used from the address of this call any more.',
    );
}

const LOCK_OUT =
  'No key with the scope admin would remain that never expires and works from every address. ' +
  'Create one first, or use the command line.';

function isLiveAdmin(key: StoredKey, now: string): boolean {
  return key.scopes.includes('admin') && isLive(key, now);
}

/** Whether the key works less long, or from fewer addresses, than before. Other networks count as fewer addresses. */
function isRestricted(before: StoredKey, after: StoredKey): boolean {
  const ends = ({ revokedAt, expiresAt }: StoredKey) => revokedAt ?? expiresAt ?? '9999';
  const networks = ({ cidrs }: StoredKey) => cidrs?.join(' ');
  return ends(after) < ends(before) || (after.cidrs !== null && networks(after) !== networks(before));
}
