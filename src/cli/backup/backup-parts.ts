import type { AppConfig } from '../../config/app-config.js';
import { tlsFilesOf } from '../../platform/database/connection/database-tls.js';
import { parseDatabaseUrl } from '../../platform/database/connection/database-url.js';
import type { BackupPart } from './backup-folder.js';

/**
 * Where the parts of a backup are in use. Checkpoints that are not written to a file have no path.
 *
 * @throws Error for a database server: its own tools make backups
 */
export function pathsInUse(config: AppConfig): Partial<Record<BackupPart, string>> & { readonly database: string } {
  const address = parseDatabaseUrl(config.DATABASE_URL, tlsFilesOf(config));
  if (address.kind === 'server')
    throw new Error('This command is for SQLite. docs/operations.md has the commands for MySQL and MariaDB.');
  const isFile = !['off', 'stdout'].includes(config.AUDIT_CHECKPOINTS);
  return {
    database: address.path,
    signingKey: config.AUDIT_SIGNING_KEY,
    ...(isFile ? { checkpoints: config.AUDIT_CHECKPOINTS } : {}),
  };
}
