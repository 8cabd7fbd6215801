import type { TreeCheckpoint } from '../../changes/checkpoints/tree-checkpoint.js';
import type { CompletedSubtree, Frontier } from '../../changes/tree/frontier.js';
import { TILE_WIDTH } from '../../changes/tree/tree-nodes.js';
import type { ChangeFault, ChangeFaultKind } from './change-fault.js';
import { type StoredEntry, hasItsLeaf } from './stored-entry.js';
import type { StoredHead } from './verification.repository.js';

/** Recomputes the log entry by entry in constant memory. */
export class LogVerifier {
  /** Checkpoints whose root the log has. */
  matched = 0;
  private place: number;
  private matchedUpTo: number;

  /** @param frontier of the entries before; null when it cannot be computed: then the tree is not compared */
  constructor(
    after: number,
    private frontier: Frontier | null,
  ) {
    this.place = after;
    this.matchedUpTo = after;
  }

  /** @param checkpoints of the place of this entry */
  *add(entry: StoredEntry, checkpoints: readonly TreeCheckpoint[]): Generator<ChangeFault> {
    const { seq, sessionId, version } = entry;
    yield* this.expectUpTo(seq - 1);
    this.place = seq;
    if (!hasItsLeaf(entry)) {
      const detail = `Entry ${seq} (session ${sessionId}, version ${version}) was altered: its leaf is not its hash.`;
      yield { kind: 'entry-altered', seq, sessionId, version, detail };
    }
    const leaf = Buffer.from(entry.leaf, 'hex');
    this.frontier?.append(leaf);
    for (const { root } of checkpoints) yield* this.compare(seq, root);
  }

  /** Reports missing entries. The tree cannot be recomputed after them. */
  *expectUpTo(seq: number): Generator<ChangeFault> {
    if (this.place >= seq) return;
    const first = this.place + 1;
    const which = first === seq ? `Entry ${seq} is` : `Entries ${first} to ${seq} are`;
    yield { kind: 'entry-missing', seq: first, detail: `${which} missing.` };
    this.place = seq;
    this.frontier = null;
  }

  takeCompleted(): CompletedSubtree[] {
    return this.frontier?.takeCompleted() ?? [];
  }

  *end({ size, frontier }: StoredHead): Generator<ChangeFault> {
    yield* this.expectUpTo(size);
    if (this.frontier && this.frontier.size === size && this.frontier.bytes().toString('hex') !== frontier)
      yield { kind: 'head-altered', seq: size, detail: 'The head of the log does not fit its entries.' };
  }

  private *compare(seq: number, root: Buffer): Generator<ChangeFault> {
    if (this.frontier?.root().equals(root)) {
      this.matched++;
      this.matchedUpTo = seq;
      return;
    }
    const first = this.matchedUpTo + 1;
    const detail = `Of entries ${first} to ${seq}, one or more are not those that were signed: the log was rewritten.`;
    yield { kind: 'log-rewritten', seq: first, detail };
  }
}

/** @param stored hashes of the positions of that level, hexadecimal */
export function checkNode({ level, position, hash }: CompletedSubtree, stored: string | undefined): ChangeFault | null {
  if (stored === hash.toString('hex')) return null;
  const width = TILE_WIDTH ** level;
  const [first, last] = [position * width + 1, (position + 1) * width];
  const kind: ChangeFaultKind = 'node-altered';
  const which = `The stored hash of entries ${first} to ${last}`;
  const detail = stored === undefined ? `${which} is missing.` : `${which} does not fit them: it or they were altered.`;
  return { kind, seq: first, detail };
}
