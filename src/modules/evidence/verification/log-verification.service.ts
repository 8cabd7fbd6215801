import { Inject, Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { groupBy } from '../../../platform/collections/group-by.js';
import { Snapshots } from '../../../platform/database/snapshots/snapshots.js';
import { ChangeCheckpointsRepository } from '../../changes/checkpoints/change-checkpoints.repository.js';
import type { TreeCheckpoint } from '../../changes/checkpoints/tree-checkpoint.js';
import { ChangeTreeRepository } from '../../changes/tree/change-tree.repository.js';
import { Frontier } from '../../changes/tree/frontier.js';
import { TILE_WIDTH, TiledTree } from '../../changes/tree/tree-nodes.js';
import type { ChangeFault } from './change-fault.js';
import type { CheckpointReader } from './kept-checkpoints.js';
import { LogVerifier, checkNode } from './log-verifier.js';
import { type StoredHead, VerificationRepository } from './verification.repository.js';

/** Entries of a page. Each page has a new snapshot, so a long verification keeps no old versions of rows alive. */
const PAGE = 4000;

export interface LogStep {
  /** The last verified place. */
  readonly place: number;
  readonly size: number;
  /** Whether the log as a whole was verified, too: its head, and what is beyond it. */
  readonly isEnd: boolean;
  readonly faults: readonly ChangeFault[];
}

/** Verifies the entries, the tree and the checkpoints. */
@Injectable()
export class LogVerificationService {
  constructor(
    @Inject(Snapshots) private readonly snapshots: Snapshots,
    @Inject(VerificationRepository) private readonly rows: VerificationRepository,
    @Inject(ChangeTreeRepository) private readonly trees: ChangeTreeRepository,
    @Inject(ChangeCheckpointsRepository) private readonly checkpoints: ChangeCheckpointsRepository,
  ) {}

  /** @param outside kept checkpoints by the number of their entries */
  async *verify(
    after: number,
    reader: CheckpointReader,
    outside: ReadonlyMap<number, readonly TreeCheckpoint[]>,
    signal: AbortSignal,
  ): AsyncGenerator<LogStep> {
    const head = await this.reading(signal, (rows) => this.head(rows));
    const frontier = await this.reading(signal, (rows) => this.frontierAt(rows, after));
    const verifier = new LogVerifier(after, frontier);
    let found = frontier ? [] : [notComparable(after, head.size)];
    for (let place = after; place < head.size;) {
      const last = Math.min(place + PAGE, head.size);
      const from = place;
      const faults = await this.reading(signal, (rows) => this.page(rows, { verifier, reader, outside, from, last }));
      place = last;
      reader.counts.matched = verifier.matched;
      yield { place, size: head.size, isEnd: false, faults: [...found, ...faults] };
      found = [];
    }
    const end = [...verifier.end(head), ...(await this.reading(signal, (rows) => this.beyond(rows, reader, outside)))];
    yield { place: head.size, size: head.size, isEnd: true, faults: [...found, ...head.faults, ...end] };
  }

  private async head(rows: RowReader): Promise<StoredHead & { readonly faults: readonly ChangeFault[] }> {
    const head = await this.rows.readHead(rows);
    if (head) return { ...head, faults: [] };
    const size = (await this.rows.bounds(rows))?.last ?? 0;
    const fault: ChangeFault = { kind: 'head-altered', seq: size, detail: 'The head of the log is missing.' };
    return { size, frontier: '', faults: [fault] };
  }

  /** The state of the tree after `size` entries, from the stored hashes; null when they are incomplete. */
  private async frontierAt(rows: RowReader, size: number): Promise<Frontier | null> {
    const tree = new TiledTree(size, this.trees.within(rows));
    const hashes: Buffer[] = [];
    const bits = size.toString(2);
    try {
      for (let start = 0, i = 0; start < size; i++) {
        if (bits[i] !== '1') continue;
        const end = start + 2 ** (bits.length - 1 - i);
        hashes.push(await tree.hash({ start, end }));
        start = end;
      }
      return Frontier.of(size, Buffer.concat(hashes));
    } catch (error) {
      if (!['Error', 'RangeError'].includes((error as Error).name)) throw error;
      return null;
    }
  }

  private async page(rows: RowReader, page: Page): Promise<ChangeFault[]> {
    const { verifier, reader, outside, from, last } = page;
    const faults: ChangeFault[] = [];
    const kept = new Map<number, TreeCheckpoint[]>();
    for (const { size, note } of await this.checkpoints.after(rows, from, PAGE)) {
      if (size > last) break;
      const checkpoint = reader.read(note, size);
      if ('kind' in checkpoint) faults.push(checkpoint);
      else kept.set(size, [checkpoint]);
    }
    for (const entry of await this.rows.after(rows, from, last, PAGE))
      faults.push(...verifier.add(entry, [...(kept.get(entry.seq) ?? []), ...(outside.get(entry.seq) ?? [])]));
    faults.push(...verifier.expectUpTo(last));
    faults.push(...(await this.nodes(rows, verifier)));
    return faults;
  }

  private async nodes(rows: RowReader, verifier: LogVerifier): Promise<ChangeFault[]> {
    const faults: ChangeFault[] = [];
    for (const [level, nodes] of groupBy(verifier.takeCompleted(), (node) => node.level)) {
      const positions = nodes.map(({ position }) => position);
      const stored = await this.rows.nodesOf(rows, level, Math.min(...positions), Math.max(...positions));
      faults.push(...nodes.map((node) => checkNode(node, stored.get(node.position))).filter((fault) => fault !== null));
    }
    return faults;
  }

  /** What lies beyond the end of the log, in one snapshot. */
  private async beyond(
    rows: RowReader,
    reader: CheckpointReader,
    outside: ReadonlyMap<number, readonly TreeCheckpoint[]>,
  ): Promise<ChangeFault[]> {
    const faults: ChangeFault[] = [];
    const bounds = await this.rows.bounds(rows);
    const size = (await this.rows.readHead(rows))?.size ?? bounds?.last ?? 0;
    for (const seq of bounds ? [bounds.first, bounds.last] : [])
      if (seq < 1 || seq > size)
        faults.push({ kind: 'entry-extra', seq, detail: `Entry ${seq} is beyond the log of ${size} entries.` });
    for (const { level, position } of await this.rows.lastNodes(rows))
      if (level < 1 || position >= Math.floor(size / TILE_WIDTH ** level))
        faults.push({ kind: 'node-altered', detail: `Hash ${position} of level ${level} is beyond the log.` });
    const cut = (of: number): ChangeFault => {
      return { kind: 'log-cut', seq: size + 1, detail: `The log was cut: it had ${of} entries, and now ${size}.` };
    };
    for (const { size: of, note } of await this.checkpoints.after(rows, size, 1)) {
      const checkpoint = reader.read(note, of);
      faults.push('kind' in checkpoint ? checkpoint : cut(of));
    }
    const longest = [...outside.keys()].reduce((most, of) => Math.max(most, of), 0);
    return longest > size ? [...faults, cut(longest)] : faults;
  }

  private async reading<T>(signal: AbortSignal, work: (rows: RowReader) => Promise<T>): Promise<T> {
    const snapshot = await this.snapshots.open(signal);
    try {
      return await work(snapshot);
    } finally {
      await snapshot.release();
    }
  }
}

/** The fault of a verification that goes on after entries whose hashes are not stored completely. */
function notComparable(after: number, size: number): ChangeFault {
  if (after > size) {
    const detail = `The log has ${size} entries, but the verification goes on after entry ${after}: the log was cut.`;
    return { kind: 'log-cut', seq: size + 1, detail };
  }
  const detail = `Of entries 1 to ${after} stored hashes are missing: the entries after them cannot be compared with the tree.`;
  return { kind: 'node-altered', seq: 1, detail };
}

interface Page {
  readonly verifier: LogVerifier;
  readonly reader: CheckpointReader;
  readonly outside: ReadonlyMap<number, readonly TreeCheckpoint[]>;
  readonly from: number;
  readonly last: number;
}
