import { constants, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../config/load-config.js';
import { PROGRAM } from '../../config/program-name.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { checkSqliteDatabase, closeSqliteLog } from '../../platform/database/backup/sqlite-backup.js';
import { MIGRATIONS } from '../../platform/database/migrations/migrations.js';
import { migrate, withApp } from '../context.js';
import { BACKUP_FILES, type BackupPart, verifiedParts } from './backup-folder.js';
import { pathsInUse } from './backup-parts.js';
import { BACKUP_RESTORE } from './backup.audit.js';

export interface RestoreOptions {
  readonly replace?: boolean;
}

interface Placement {
  readonly from: string;
  readonly to: string;
}

/** Puts the files of a backup in the places that the configuration names, and records it in the restored audit. */
export async function restore(folder: string, { replace = false }: RestoreOptions): Promise<void> {
  const config = loadConfig();
  const paths = pathsInUse(config);
  const parts = await verifiedParts(folder, (name) => MIGRATIONS.some((migration) => migration.name === name));
  checkSqliteDatabase(join(folder, BACKUP_FILES.database));
  const placements = parts.flatMap((part: BackupPart) => {
    const to = paths[part];
    return to === undefined ? [] : [{ from: join(folder, BACKUP_FILES[part]), to }];
  });
  const occupied = placements.filter(({ to }) => existsSync(to));
  if (occupied.length > 0 && !replace)
    throw new Error(`${occupied.map(({ to }) => to).join(', ')}: exists. --replace renames what is there.`);
  if (existsSync(paths.database)) closeSqliteLog(paths.database);
  const suffix = `.before-restore-${new Date().toISOString().replace(/[:.]/g, '')}`;
  for (const placement of placements) place(placement, suffix);
  await migrate(config);
  await withApp((app) => app.get(AuditService).command(BACKUP_RESTORE, { folder }, () => Promise.resolve()), config);
  for (const { to } of occupied) process.stdout.write(`${to} was renamed to ${to}${suffix}.\n`);
  process.stdout.write(`Restored to ${paths.database}. Verify it:\n  ${PROGRAM} check\n  ${PROGRAM} audit verify\n`);
}

/** Copies beside the destination first, so an interruption leaves either the old file or the complete new one. */
function place({ from, to }: Placement, suffix: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  const partial = `${to}.partial`;
  rmSync(partial, { force: true });
  copyFileSync(from, partial, constants.COPYFILE_EXCL);
  if (existsSync(to)) renameSync(to, `${to}${suffix}`);
  renameSync(partial, to);
}
