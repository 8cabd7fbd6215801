import type { DataSource } from 'typeorm';
import { ChangeTreeRepository } from '../../src/modules/changes/tree/change-tree.repository.js';
import { Frontier } from '../../src/modules/changes/tree/frontier.js';
import { leafHash } from '../../src/modules/changes/tree/hashes.js';
import { Snapshots } from '../../src/platform/database/snapshots/snapshots.js';
import type { SigningApp } from './signing-app.js';

/**
 * Changes the time of one entry, and makes its leaf, the tree and the head fit. The stored checkpoints are deleted, so only a
 * checkpoint that was kept elsewhere gives the change away.
 */
export async function rewriteLog(app: SigningApp, db: DataSource, seq: number): Promise<void> {
  const run = async (...statements: string[]): Promise<void> => {
    for (const sql of statements) await db.query(sql);
  };
  await run(`UPDATE session_changes SET at = '2021-01-01 00:00:00.000' WHERE seq = ${seq}`);
  await run('DELETE FROM change_nodes', 'DELETE FROM change_checkpoints');
  const snapshot = await app.get(Snapshots).open(new AbortController().signal);
  const [entry] = await app
    .get(ChangeTreeRepository)
    .within(snapshot)
    .entries(seq - 1, 1)
    .finally(() => snapshot.release());
  const leaf = leafHash(entry!);
  await run(`UPDATE session_changes SET leaf = X'${leaf.toString('hex')}' WHERE seq = ${seq}`);
  const frontier = Frontier.of(0, Buffer.alloc(0));
  const rows = await db.query<{ leaf: Buffer }[]>('SELECT leaf FROM session_changes ORDER BY seq');
  for (const row of rows) frontier.append(Buffer.from(row.leaf));
  for (const { level, position, hash } of frontier.takeCompleted())
    await run(`INSERT INTO change_nodes VALUES (${level}, ${position}, X'${hash.toString('hex')}')`);
  await run(`UPDATE change_head SET frontier = X'${frontier.bytes().toString('hex')}'`);
}
