import { Inject, Injectable } from '@nestjs/common';
import type { Scope } from '../../../platform/http/access.js';
import { type Snapshot, Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import type { Transaction } from '../../../platform/database/transactions/transactions.js';
import type { KeyChanges, StoredKey } from './stored-key.js';

const COLUMNS = `id, prefix, secret_hash, name, scopes, created_at, created_by, expires_at, revoked_at, last_used_at,
  replaces, cidrs, client_guids`;
const LIVE = '(revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?))';

/** Every key that may be accepted now or later, at one number of changes. */
export interface KeySet {
  readonly changes: number;
  readonly keys: readonly StoredKey[];
}

/** The SQL of keys. */
@Injectable()
export class ApiKeysRepository {
  constructor(@Inject(Snapshots) private readonly snapshots: Snapshots) {}

  /** All keys that are neither revoked nor expired; null when the number of changes still is `known`. */
  changedSince(known: number, now: string): Promise<KeySet | null> {
    return this.read(async (snapshot) => {
      const [row] = await snapshot.rows('SELECT changes FROM api_key_changes WHERE id = 1');
      const changes = (row as [number])[0];
      if (changes === known) return null;
      const rows = await snapshot.rows(`SELECT ${COLUMNS} FROM api_keys WHERE ${LIVE}`, [now]);
      return { changes, keys: rows.map(toKey) };
    });
  }

  byPrefix(prefix: string): Promise<StoredKey | undefined> {
    return this.read((snapshot) => byPrefix(snapshot, prefix));
  }

  /** In the order in which they were made, after the key with this id. */
  page(afterId: number, limit: number): Promise<StoredKey[]> {
    const sql = `SELECT ${COLUMNS} FROM api_keys WHERE id > ? ORDER BY id LIMIT ?`;
    return this.read(async (snapshot) => (await snapshot.rows(sql, [afterId, limit])).map(toKey));
  }

  within(tx: Transaction): BoundKeys {
    return new BoundKeys(tx);
  }

  private async read<T>(work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
    const snapshot = await this.snapshots.open(new AbortController().signal);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.release();
    }
  }
}

/** Keys inside of one transaction. */
class BoundKeys {
  constructor(private readonly tx: Transaction) {}

  /**
   * Comes first in every change. The counter is held until the end, so changes of keys happen one after another, and what
   * is read after this stays true.
   */
  async countChange(): Promise<void> {
    await this.tx.execute('UPDATE api_key_changes SET changes = changes + 1 WHERE id = 1');
  }

  byPrefix(prefix: string): Promise<StoredKey | undefined> {
    return byPrefix(this.tx, prefix);
  }

  async add(key: Omit<StoredKey, 'id'>): Promise<void> {
    const sql = `INSERT INTO api_keys (prefix, secret_hash, name, scopes, created_at, created_by, expires_at, revoked_at,
      last_used_at, replaces, cidrs, client_guids) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    const { prefix, secretHash, name, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt, replaces } = key;
    const origin = [prefix, secretHash, name, key.scopes.join(' '), createdAt, createdBy];
    const state = [expiresAt, revokedAt, lastUsedAt, replaces, joined(key.cidrs), joined(key.clientGuids)];
    await this.tx.execute(sql, [...origin, ...state]);
  }

  async change(id: number, { name, expiresAt, cidrs, clientGuids }: KeyChanges): Promise<void> {
    const sets: [column: string, value: string | null][] = [];
    if (name !== undefined) sets.push(['name', name]);
    if (expiresAt !== undefined) sets.push(['expires_at', expiresAt]);
    if (cidrs !== undefined) sets.push(['cidrs', joined(cidrs)]);
    if (clientGuids !== undefined) sets.push(['client_guids', joined(clientGuids)]);
    if (sets.length === 0) return;
    const sql = `UPDATE api_keys SET ${sets.map(([column]) => `${column} = ?`).join(', ')} WHERE id = ?`;
    await this.tx.execute(sql, [...sets.map(([, value]) => value), id]);
  }

  async revoke(id: number, at: string): Promise<void> {
    await this.tx.execute('UPDATE api_keys SET revoked_at = ? WHERE id = ?', [at, id]);
  }

  /** Moves forward only, and not for another process that noted a use within the minute. Is no change of the key. */
  async noteUse(id: number, at: string, unlessSince: string): Promise<void> {
    const sql = 'UPDATE api_keys SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)';
    await this.tx.execute(sql, [at, id, unlessSince]);
  }

  /** Whether a key with the scope is neither revoked nor expired. */
  async anyLiveWith(scope: Scope, now: string): Promise<boolean> {
    const sql = `SELECT 1 FROM api_keys WHERE ${LIVE} AND CONCAT(' ', scopes, ' ') LIKE ? LIMIT 1`;
    return (await this.tx.rows(sql, [now, `% ${scope} %`])).length > 0;
  }
}

async function byPrefix(source: Pick<Transaction, 'rows'>, prefix: string): Promise<StoredKey | undefined> {
  const rows = await source.rows(`SELECT ${COLUMNS} FROM api_keys WHERE prefix = ?`, [prefix]);
  return rows.map(toKey)[0];
}

function toKey(row: unknown[]): StoredKey {
  const [id, prefix, secretHash, name, scopes, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt, ...rest] = row;
  const [replaces, cidrs, clientGuids] = rest as (string | null)[];
  return {
    ...{ id, prefix, secretHash, name, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt, replaces },
    scopes: (scopes as string).split(' '),
    cidrs: cidrs?.split(' ') ?? null,
    clientGuids: clientGuids?.split(' ') ?? null,
  } as StoredKey;
}

/** Neither networks nor guids hold a space. */
function joined(values: readonly string[] | null): string | null {
  return values === null ? null : values.join(' ');
}
