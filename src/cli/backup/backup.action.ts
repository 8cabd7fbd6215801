import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { loadConfig } from '../../config/load-config.js';
import { VERSION } from '../../config/version.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { checkSqliteDatabase, copySqliteDatabase } from '../../platform/database/backup/sqlite-backup.js';
import { MIGRATIONS } from '../../platform/database/migrations/migrations.js';
import { withApp } from '../context.js';
import { BACKUP_FILES, type BackupPart, writeManifest } from './backup-folder.js';
import { pathsInUse } from './backup-parts.js';
import { BACKUP_CREATE } from './backup.audit.js';

export interface BackupOptions {
  readonly withoutSigningKey?: boolean;
}

/** Makes a backup of an SQLite database while a server uses it. */
export async function backup(folder: string, { withoutSigningKey = false }: BackupOptions): Promise<void> {
  const config = loadConfig();
  const paths = pathsInUse(config);
  const { signingKey, ...withoutKey } = paths;
  const wanted = withoutSigningKey ? withoutKey : { ...withoutKey, signingKey };
  await withApp(
    (app) => app.get(AuditService).command(BACKUP_CREATE, { folder }, () => copyParts(folder, wanted)),
    config,
  );
  const size = statSync(join(folder, BACKUP_FILES.database)).size;
  process.stdout.write(`Backup in ${folder}: ${(size / 1024 / 1024).toFixed(1)} MiB of database.\n`);
}

async function copyParts(folder: string, paths: ReturnType<typeof pathsInUse>): Promise<void> {
  if (existsSync(folder)) throw new Error(`${folder} exists. Name a folder that does not exist.`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Before the database: a checkpoint of records that the copy lacks would look like a loss.
  const small = (['signingKey', 'checkpoints'] as const).filter((part) => existsSync(paths[part] ?? ''));
  for (const part of small) {
    const copy = join(folder, BACKUP_FILES[part]);
    copyFileSync(paths[part]!, copy);
    chmodSync(copy, 0o600);
  }
  const database = join(folder, BACKUP_FILES.database);
  await copyWithProgress(paths.database, database);
  checkSqliteDatabase(database);
  const parts: BackupPart[] = ['database', ...small];
  await writeManifest(folder, { version: VERSION, schema: MIGRATIONS.at(-1)!.name }, parts);
}

async function copyWithProgress(from: string, to: string): Promise<void> {
  const bar = new SingleBar({ format: '{bar} {percentage}%, {duration_formatted}', noTTYOutput: false });
  bar.start(1, 0);
  try {
    await copySqliteDatabase(from, to, (part) => bar.update(part));
  } finally {
    bar.stop();
  }
}
