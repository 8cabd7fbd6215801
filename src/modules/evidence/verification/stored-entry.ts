import type { Change } from '../../changes/log/change-entry.js';
import { entryText } from '../../changes/log/change-entry.js';
import { changeKindOf } from '../../changes/port/change-kind.js';
import { leafHash } from '../../changes/tree/hashes.js';

/** A row of the change log as it is stored, which may be different from what the application wrote. */
export interface StoredEntry extends Omit<Change, 'kind'> {
  readonly seq: number;
  readonly kindCode: number;
  /** Hexadecimal, lower case. */
  readonly leaf: string;
}

/** @param row in the order of `ENTRY_COLUMNS` in verification.repository.ts */
export function toEntry(row: readonly unknown[]): StoredEntry {
  const [seq, sessionId, version, kindCode, clientId, activities] = row as number[];
  const [at, sessionHash, activitiesHash, leaf] = row.slice(6) as [string, string | null, string | null, string];
  return {
    ...{ seq: seq!, sessionId: sessionId!, version: version!, kindCode: kindCode!, at },
    ...{ clientId: clientId!, activities: activities! },
    ...{ sessionHash: lowerCase(sessionHash), activitiesHash: lowerCase(activitiesHash), leaf: leaf.toLowerCase() },
  };
}

/** Whether the stored leaf is the hash of the stored fields. SQLite stores any value in a column. */
export function hasItsLeaf(entry: StoredEntry): boolean {
  const { kindCode, ...fields } = entry;
  if (!isInstantText(fields.at) || !Number.isInteger(kindCode)) return false;
  try {
    return leafHash(entryText({ ...fields, kind: changeKindOf(kindCode) })).toString('hex') === entry.leaf;
  } catch {
    return false;
  }
}

/** Whether a value has the exact form of instants in the database: the log's form does not show the character in between. */
export function isInstantText(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(value);
}

/** SQLite gives an empty text for the digits of null. */
function lowerCase(hex: string | null): string | null {
  return hex ? hex.toLowerCase() : null;
}
