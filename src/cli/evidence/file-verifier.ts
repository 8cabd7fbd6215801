import type { KeyObject } from 'node:crypto';
import {
  type CheckpointVerdict,
  noteSigner,
  verifyCheckpoint,
} from '../../modules/changes/checkpoints/checkpoint-signature.js';
import type { TreeHead } from '../../modules/changes/tree/verify-proof.js';
import { EVIDENCE_FORMAT } from '../../modules/evidence/files/port/evidence.js';
import type { EvidenceItem, Fields } from './evidence-reader.js';
import { sessionEvidence } from './evidence-shape.js';
import { verifySession } from './session-verifier.js';

/** What was found in a file of evidence. */
export interface EvidenceReport {
  readonly checkpoint: CheckpointVerdict;
  readonly faultCount: number;
  readonly sessions: number;
  readonly versions: number;
  readonly activities: number;
  /** Sessions that the file names, but does not prove. */
  readonly omitted: number;
}

/** Verifies a file of evidence from its first to its last line. */
export class FileVerifier {
  private checkpoint: CheckpointVerdict = { kind: 'malformed' };
  private tree: TreeHead | undefined;
  private hasEnd = false;
  private readonly counts = { faultCount: 0, sessions: 0, versions: 0, activities: 0, omitted: 0 };
  private readonly seen = new Set<number>();

  /** @param onFault is called with each fault as a sentence */
  constructor(
    private readonly publicKeys: readonly KeyObject[],
    private readonly onFault: (fault: string) => void,
  ) {}

  async verify(items: AsyncIterable<EvidenceItem>): Promise<EvidenceReport> {
    for await (const item of items) {
      if (this.hasEnd) this.fault('The file goes on after its last line.');
      if (item.kind === 'head') this.head(item.value);
      else if (item.kind === 'session') this.session(item.value);
      else if (item.kind === 'omitted') this.counts.omitted++;
      else if (item.kind === 'end') this.end(item.value);
      else this.fault(`Line ${item.line} is neither a session nor the end of the file.`);
    }
    if (!this.hasEnd) this.fault('The file has no last line: its end was cut off.');
    return { checkpoint: this.checkpoint, ...this.counts };
  }

  private head({ format, checkpoint, keyId }: Fields): void {
    if (format !== EVIDENCE_FORMAT) this.fault(`The format of the file is not ${EVIDENCE_FORMAT}.`);
    this.checkpoint = verifyCheckpoint(String(checkpoint), this.publicKeys);
    if (this.checkpoint.kind === 'malformed') this.fault('The checkpoint does not have the form of a checkpoint.');
    else this.tree = this.checkpoint.checkpoint;
    if (keyId !== noteSigner(String(checkpoint))) this.fault('The id of the key is not that in the checkpoint.');
    if (this.checkpoint.kind === 'bad-signature') this.fault('The signature of the checkpoint is wrong.');
  }

  private session(value: Fields): void {
    const evidence = sessionEvidence(value);
    if (!evidence) return this.fault(`Session ${String(value.sessionId)}: a member is missing or has another type.`);
    const { sessionId } = evidence;
    if (this.seen.has(sessionId)) this.fault(`Session ${sessionId} is in the file twice.`);
    this.seen.add(sessionId);
    this.counts.sessions++;
    if (!this.tree) return;
    const { faults, versions, activities } = verifySession(evidence, this.tree);
    this.counts.versions += versions;
    this.counts.activities += activities;
    for (const fault of faults) this.fault(`Session ${sessionId}: ${fault}.`);
  }

  private end({ sessions, omitted }: Fields): void {
    this.hasEnd = true;
    const { counts } = this;
    if (sessions !== counts.sessions || omitted !== counts.omitted)
      this.fault(
        `The last line counts ${String(sessions)} sessions and ${String(omitted)} omitted ones, ` +
          `but the file has ${counts.sessions} and ${counts.omitted}.`,
      );
  }

  private fault(sentence: string): void {
    this.counts.faultCount++;
    this.onFault(sentence);
  }
}
