import { type Change, entryText } from '../../src/modules/changes/log/change-entry.js';
import { changeKindOf } from '../../src/modules/changes/port/change-kind.js';
import { Frontier } from '../../src/modules/changes/tree/frontier.js';
import { leafHash } from '../../src/modules/changes/tree/hashes.js';
import type { Row } from './database-rows.js';

const COLUMNS = `seq, session_id AS sessionId, version, kind, at, client_id AS clientId, HEX(session_hash) AS sessionHash,
  activities, HEX(activities_hash) AS activitiesHash, HEX(leaf) AS leaf`;

/** Computes the tree of the change log again from its entries, and compares it with what is stored. */
export class TreeCheck {
  private readonly frontier = Frontier.of(0, Buffer.alloc(0));
  private readonly versions = new Map<number, number>();
  private readonly nodes: string[] = [];

  /** @param read reads rows; its instants are text */
  constructor(private readonly read: (sql: string, params?: (string | number)[]) => Promise<Row[]>) {}

  /** Reads the entries since the last call. @returns what does not fit, one sentence each */
  async check(): Promise<string[]> {
    const faults: string[] = [];
    for (const row of await this.read(`SELECT ${COLUMNS} FROM session_changes WHERE seq > ? ORDER BY seq`, [
      this.frontier.size,
    ]))
      faults.push(...this.append(row));
    const [head] = await this.read('SELECT size, HEX(frontier) AS frontier FROM change_head');
    const stored = `${head!['size']} ${String(head!['frontier']).toLowerCase()}`;
    const computed = `${this.frontier.size} ${this.frontier.bytes().toString('hex')}`;
    if (stored !== computed) faults.push(`the head is ${stored} instead of ${computed}`);
    const found = await this.read(
      'SELECT level, position, HEX(hash) AS hash FROM change_nodes ORDER BY level, position',
    );
    const nodes = found.map(({ level, position, hash }) => `${level} ${position} ${String(hash).toLowerCase()}`);
    if (nodes.sort().join() !== [...this.nodes].sort().join()) faults.push('the nodes do not fit the entries');
    return faults;
  }

  private *append(row: Row): Generator<string> {
    const place = this.frontier.size + 1;
    if (Number(row['seq']) !== place) yield `place ${row['seq']} follows place ${place - 1}`;
    const change = toChange(row);
    const { sessionId, version } = change;
    const expected = (this.versions.get(sessionId) ?? 0) + 1;
    if (version !== expected)
      yield `place ${place}: session ${sessionId} has version ${version} instead of ${expected}`;
    this.versions.set(sessionId, version);
    const leaf = leafHash(entryText(change));
    if (leaf.toString('hex') !== String(row['leaf']).toLowerCase()) yield `place ${place} has another leaf`;
    this.frontier.append(leaf);
    for (const { level, position, hash } of this.frontier.takeCompleted())
      this.nodes.push(`${level} ${position} ${hash.toString('hex')}`);
  }
}

function toChange(row: Row): Change {
  const hex = (value: string | number | null | undefined) => (value ? String(value).toLowerCase() : null);
  return {
    ...{
      sessionId: Number(row['sessionId']),
      version: Number(row['version']),
      kind: changeKindOf(Number(row['kind'])),
    },
    ...{ at: String(row['at']), clientId: Number(row['clientId']), sessionHash: hex(row['sessionHash']) },
    ...{ activities: Number(row['activities']), activitiesHash: hex(row['activitiesHash']) },
  };
}
