import { closeSync, openSync, writeSync } from 'node:fs';
import type { Reject } from '../../modules/importers/import-run.js';

/** Distinct reasons that are kept for the terminal; further ones are only counted. */
const MAX_REASONS = 1000;
/** Lines on the terminal, one per reason. */
const MAX_LINES = 20;
/** Parts of a reason that differ between rejects of the same kind: quoted text and numbers. */
const VARIABLE = /"(?:[^"\\]|\\.)*"(?:\.\.\.)?|'.{1,2}'|\d+/g;

interface Group {
  readonly first: Reject;
  count: number;
}

/** Receives the rejects of an import: a file gets each one as a JSON line; standard error gets a line per reason. */
export class RejectSink {
  private readonly file: number | undefined;
  private readonly groups = new Map<string, Group>();
  private ungrouped = 0;

  /** @param path is created or replaced, readable by its owner only, because rejected text may be confidential */
  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : openSync(path, 'w', 0o600);
  }

  add(reject: Reject): void {
    if (this.file !== undefined) {
      writeSync(this.file, `${JSON.stringify(reject)}\n`);
      return;
    }
    const kind = reject.reason.replace(VARIABLE, '#');
    const group = this.groups.get(kind);
    if (group) group.count++;
    else if (this.groups.size < MAX_REASONS) this.groups.set(kind, { first: reject, count: 1 });
    else this.ungrouped++;
  }

  /** Writes a line per reason to standard error. */
  report(): void {
    process.stderr.write(this.lines().join(''));
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }

  private lines(): string[] {
    const groups = [...this.groups.values()];
    const lines = groups.slice(0, MAX_LINES).map(({ first, count }) => {
      const more = count === 1 ? '' : ` and ${(count - 1).toLocaleString('en')} more like it`;
      return `rejected ${first.position}${more}: ${first.reason}\n`;
    });
    const rest = groups.slice(MAX_LINES);
    const others = rest.reduce((sum, { count }) => sum + count, this.ungrouped);
    if (others > 0)
      lines.push(`rejected ${others.toLocaleString('en')} more for other reasons; --rejects FILE lists all\n`);
    return lines;
  }
}
