import { hexDigits } from '../../../platform/database/statements/row-reader.js';
import { isInstantText } from '../../../platform/time/instant.js';
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

/** @param row as `VerificationRepository` selects it */
export function toEntry(row: readonly unknown[]): StoredEntry {
  const [seq, sessionId, version, kindCode, clientId, activities] = row as number[];
  const [at, sessionHash, activitiesHash, leaf] = row.slice(6) as [string, string | null, string | null, string];
  return {
    ...{ seq: seq!, sessionId: sessionId!, version: version!, kindCode: kindCode!, at },
    ...{ clientId: clientId!, activities: activities! },
    ...{ sessionHash: hexDigits(sessionHash), activitiesHash: hexDigits(activitiesHash), leaf: leaf.toLowerCase() },
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
