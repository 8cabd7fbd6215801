import { type AuditRecord, recordHash } from '../chain/audit-record.js';

/** A fault and the records that it affects: `seq` to `to`, or only `seq`. */
export interface Fault {
  readonly kind: FaultKind;
  readonly seq: number;
  readonly to?: number;
  readonly detail: string;
}

export const FAULT_KINDS = [
  'altered',
  'replaced',
  'missing',
  'extra',
  'no-head',
  'cut',
  'rewritten',
  'bad-signature',
  'unknown-key',
] as const;
type FaultKind = (typeof FAULT_KINDS)[number];

/** Maximum number of listed faults; all are counted. */
const LISTED = 20;

export class Faults {
  readonly listed: Fault[] = [];
  count = 0;

  add(fault: Fault): void {
    this.count++;
    if (this.listed.length < LISTED) this.listed.push(fault);
  }
}

/** The last verified record; `hash` is null if the record before the first one is missing. */
interface Place {
  readonly seq: number;
  readonly hash: string | null;
}

/**
 * Verifies the chain record by record in constant memory. After a fault it continues with the stored values, so one
 * altered record is one fault.
 */
export class ChainVerifier {
  /** The last record was altered, so a mismatch with its successor is no further fault. */
  private suspect = false;
  /** Two records that do not match; the next record shows which of them was replaced. */
  private misfit: { readonly before: number; readonly after: Place } | null = null;

  constructor(
    private last: Place,
    private readonly faults: Faults,
  ) {}

  /**
   * @param record its number is larger than all previous ones
   * @param isExact whether it is stored in the form in which it was written
   */
  add(record: AuditRecord, isExact = true): void {
    const { seq, hash, previousHash } = record;
    const intact = isExact && recordHash(record) === hash;
    this.expectUpTo(seq - 1);
    if (!intact) {
      this.settleMisfit(null);
      this.faults.add({
        kind: 'altered',
        seq,
        detail: `Record ${seq} was edited, moved or inserted: its hash is not that of its content.`,
      });
    } else this.link(seq, hash, previousHash);
    this.suspect = !intact;
    this.last = { seq, hash };
  }

  /** Ends the verification: records up to `seq` are expected, and the last one must have this hash if it is known. */
  finish({ seq, hash }: Place): void {
    this.expectUpTo(seq);
    if (this.last.hash === null || hash === null) return void this.settleMisfit(null);
    const fits = this.last.hash === hash;
    const blamed = this.settleMisfit(hash);
    if (!fits && !this.suspect && blamed !== seq) this.replaced(seq);
  }

  private link(seq: number, hash: string, previousHash: string): void {
    const before = this.last;
    const blamed = this.settleMisfit(previousHash);
    if (before.hash === null || before.hash === previousHash || this.suspect || blamed === before.seq) return;
    this.misfit = { before: before.seq, after: { seq, hash } };
  }

  /**
   * Decides which of two records that do not match was replaced: the later one, if its successor contains another hash.
   *
   * @param next the previous hash in the following record or in the head; null if there is neither
   * @returns number of the record that was replaced
   */
  private settleMisfit(next: string | null): number | undefined {
    if (!this.misfit) return undefined;
    const { before, after } = this.misfit;
    this.misfit = null;
    const blamed = before === 0 || (next !== null && next !== after.hash) ? after.seq : before;
    this.replaced(blamed);
    return blamed;
  }

  private replaced(seq: number): void {
    this.faults.add({
      kind: 'replaced',
      seq,
      detail: `Record ${seq} is not the one that its neighbours were chained to.`,
    });
  }

  private expectUpTo(seq: number): void {
    const first = this.last.seq + 1;
    if (seq < first) return;
    this.settleMisfit(null);
    const detail = first === seq ? `Record ${seq} is missing.` : `Records ${first} to ${seq} are missing.`;
    this.faults.add({ kind: 'missing', seq: first, to: seq, detail });
    this.last = { seq, hash: null };
  }
}
