import { spawn } from 'node:child_process';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import type { AuditRecord } from '../../src/modules/audit/chain/audit-record.js';
import { keyFor } from './server-process.js';

/** Reads all records as NDJSON. The record of this call itself may or may not be included. */
export async function auditRecords(url: string, key: string, query = ''): Promise<AuditRecord[]> {
  const headers = { ApiKey: key, Accept: 'application/x-ndjson' };
  const answer = await fetch(`${url}/api/v1/audit/records${query}`, { headers });
  if (answer.status !== 200) throw new Error(`audit records: ${answer.status} ${await answer.text()}`);
  const lines = (await answer.text()).split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as AuditRecord);
}

/** Runs SQL directly on the database, as someone with database credentials could. @returns the rows of the last statement */
export async function runSql<T = unknown>(databaseUrl: string, ...statements: string[]): Promise<T[]> {
  const { dataSource } = await openDataSource(databaseUrl, 1);
  try {
    let rows: T[] = [];
    for (const statement of statements) rows = (await dataSource.query(statement)) as T[];
    return rows;
  } finally {
    await dataSource.destroy();
  }
}

/** Creates a key that may read sessions and the audit. @returns the key itself */
export function auditKey(databaseUrl: string, name = 'auditor'): Promise<string> {
  return keyFor(databaseUrl, { name, scopes: ['sessions:read', 'audit:read'] });
}

/** Runs the compiled command line. */
export function runCli(
  args: string[],
  env: Record<string, string>,
): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['dist/cli.js', ...args], { env: { ...process.env, ...env } });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? -1, out, err }));
  });
}

/** Polls until `done` accepts the value, at most 5 seconds; outcomes are recorded after their answers. @returns the last value */
export async function pollUntil<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await ask();
    if (done(value) || tries === 100) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
