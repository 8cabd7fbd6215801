import { Inject, Injectable } from '@nestjs/common';
import type { RowReader } from '../../../platform/database/statements/row-reader.js';
import { noteSigner } from '../checkpoints/checkpoint-signature.js';
import { ChangeCheckpointsRepository } from '../checkpoints/change-checkpoints.repository.js';
import { parseNote } from '../checkpoints/signed-note.js';
import { parseCheckpointText } from '../checkpoints/tree-checkpoint.js';
import { ChangeTreeRepository, type StoredTree } from '../tree/change-tree.repository.js';
import { inclusionProof } from '../tree/proofs.js';
import { CachedNodes } from '../tree/tree-nodes.js';

/** Tiles that are kept for the next proofs: 8 KiB each. */
const MAX_TILES = 512;

/** An entry of a session with its proof. */
export interface ProvenEntry {
  readonly seq: number;
  /** Text of the entry, in the form of RFC 8785. */
  readonly entry: string;
  /** Hashes in the order of RFC 9162, section 2.1.3, in base64. */
  readonly proof: readonly string[];
}

/** Proves entries of sessions in the tree of the newest checkpoint. */
@Injectable()
export class SessionProofsService {
  constructor(
    @Inject(ChangeTreeRepository) private readonly trees: ChangeTreeRepository,
    @Inject(ChangeCheckpointsRepository) private readonly checkpoints: ChangeCheckpointsRepository,
  ) {}

  /** @param reader a snapshot @returns null when there is no checkpoint that can be read */
  async open(reader: RowReader): Promise<SignedTree | null> {
    const note = await this.checkpoints.newest(reader);
    const checkpoint = note === null ? undefined : parseCheckpointText(parseNote(note)?.text ?? '');
    if (note === null || !checkpoint) return null;
    const tree = this.trees.within(reader);
    return new SignedTree(note, checkpoint.size, (await tree.head()).size, tree);
  }
}

/** The tree of a checkpoint on a snapshot. */
export class SignedTree {
  private readonly nodes: CachedNodes;

  /**
   * @param note the signed checkpoint
   * @param size number of entries of the checkpoint
   * @param logSize number of entries of the log
   */
  constructor(
    readonly note: string,
    readonly size: number,
    readonly logSize: number,
    private readonly tree: StoredTree,
  ) {
    this.nodes = new CachedNodes(tree, MAX_TILES);
  }

  /** Id of the key that signed the checkpoint (C2SP signed-note), hexadecimal. */
  get keyId(): string {
    return noteSigner(this.note);
  }

  /**
   * The entries of all versions of a session.
   *
   * @param version the newest one
   * @returns null if one of them is not in the tree of the checkpoint
   */
  async entries(sessionId: number, version: number): Promise<ProvenEntry[] | null> {
    const entries = await this.tree.entriesOf(sessionId);
    const isComplete = entries.length === version && entries.every((entry, i) => entry.version === i + 1);
    if (!isComplete || entries.some(({ seq }) => seq > this.size)) return null;
    const proven: ProvenEntry[] = [];
    for (const { seq, text } of entries) {
      const proof = await inclusionProof(seq - 1, this.size, this.nodes);
      proven.push({ seq, entry: text, proof: proof.map((hash) => hash.toString('base64')) });
    }
    return proven;
  }
}
