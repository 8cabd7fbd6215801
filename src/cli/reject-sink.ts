import { closeSync, openSync, writeSync } from 'node:fs';
import type { Reject } from '../modules/importers/import-run.js';

/** Where an import tells what it rejected: a file of JSON lines, or lines on standard error. */
export class RejectSink {
  private readonly file: number | undefined;

  /** @param path is made anew, readable by its owner alone: what was rejected may hold anything */
  constructor(path: string | undefined) {
    this.file = path === undefined ? undefined : openSync(path, 'w', 0o600);
  }

  add(reject: Reject): void {
    if (this.file === undefined) process.stderr.write(`rejected ${reject.position}: ${reject.reason}\n`);
    else writeSync(this.file, `${JSON.stringify(reject)}\n`);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
