import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { KeyAuthService } from '../../modules/access/authentication/key-auth.service.js';
import { COMMAND_LINE } from '../../modules/access/keys/actor.js';
import { KEYS_CREATE } from '../../modules/access/keys/keys.audit.js';
import { KeysService } from '../../modules/access/keys/keys.service.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { SCOPES } from '../../platform/http/scopes.js';
import type { App } from '../../app.setup.js';

/** Every scope, so that every operation can be tried: the key belongs to the sample database alone. */
const FIELDS = { name: 'quickstart', scopes: SCOPES, expiresAt: null, cidrs: null, clientGuids: null };

/**
 * The key of earlier runs, while it is valid; otherwise a new one, which is stored for later runs. The database holds a
 * hash of the key only, so the key itself is kept in a file that its owner alone may read.
 */
export async function quickstartKey(app: App, path: string): Promise<string> {
  const kept = readKey(path);
  if (kept !== undefined && (await isValid(app.get(KeyAuthService), kept))) return kept;
  const { key } = await app
    .get(AuditService)
    .command(KEYS_CREATE, { name: FIELDS.name, scopes: FIELDS.scopes.join(' ') }, () =>
      app.get(KeysService).create(FIELDS, COMMAND_LINE),
    );
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  chmodSync(path, 0o600); // `mode` is for new files only
  return key;
}

async function isValid(auth: KeyAuthService, key: string): Promise<boolean> {
  const caller = await auth.authenticate(key, '127.0.0.1');
  return caller !== undefined && FIELDS.scopes.every((scope) => caller.scopes.has(scope));
}

function readKey(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
