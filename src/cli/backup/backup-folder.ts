import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Names of the files in a backup. */
export const BACKUP_FILES = {
  database: 'sessions.db',
  signingKey: 'audit-signing-key.pem',
  checkpoints: 'audit-checkpoints.ndjson',
} as const;
export type BackupPart = keyof typeof BACKUP_FILES;

/** Written last: a folder without it is not a complete backup. */
const MANIFEST = 'manifest.json';
const FORMAT = 1;

interface BackupFile {
  readonly part: BackupPart;
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

interface Manifest {
  readonly format: number;
  /** Version of the program that made the backup. */
  readonly version: string;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  /** Name of the last migration of the database. */
  readonly schema: string | null;
  readonly files: readonly BackupFile[];
}

export async function writeManifest(
  folder: string,
  { version, schema }: Pick<Manifest, 'version' | 'schema'>,
  parts: readonly BackupPart[],
): Promise<void> {
  const files: BackupFile[] = [];
  for (const part of parts) {
    const path = join(folder, BACKUP_FILES[part]);
    files.push({ part, bytes: statSync(path).size, sha256: await sha256Of(path) });
  }
  const manifest: Manifest = { format: FORMAT, version, createdAt: new Date().toISOString(), schema, files };
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

/**
 * Reads the manifest and compares every file with it.
 *
 * @param knowsSchema whether this build knows a migration
 * @returns the parts of the backup
 * @throws Error that names the first file that is missing or differs, or when a newer build made the backup
 */
export async function verifiedParts(
  folder: string,
  knowsSchema: (migration: string) => boolean,
): Promise<BackupPart[]> {
  const { format, schema, files } = readManifest(folder);
  if (format !== FORMAT || (schema !== null && !knowsSchema(schema)))
    throw new Error(`${folder} was made by a newer version of the program.`);
  for (const { part, sha256 } of files) {
    const name = BACKUP_FILES[part];
    const found = await sha256Of(join(folder, name)).catch(() => undefined);
    if (found === undefined) throw new Error(`The backup lacks ${name}.`);
    if (found !== sha256) throw new Error(`${name} is not the file that was backed up: its SHA-256 differs.`);
  }
  return files.map(({ part }) => part);
}

function readManifest(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8')) as Manifest;
  } catch (error) {
    throw new Error(`${folder} is not a complete backup: it has no readable ${MANIFEST}.`, { cause: error });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
