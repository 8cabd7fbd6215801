import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { readEvidence } from '../../src/cli/evidence/evidence-reader.js';
import { FileVerifier } from '../../src/cli/evidence/file-verifier.js';
import type { EvidenceHead, SessionEvidence } from '../../src/modules/evidence/files/port/evidence.js';
import { providePython } from './python.mjs';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? MutableItem<I>[] : T[K] };
type MutableItem<I> = I extends readonly (infer J)[] ? J[] : I extends object ? Mutable<I> : I;

/** Evidence that a test may change. */
export type Evidence = Mutable<EvidenceHead & SessionEvidence> & { session: Record<string, string | null> };

export interface Verified {
  readonly faults: readonly string[];
  readonly checkpoint: string;
  readonly counts: readonly number[];
}

/** Verifies a file with the project's own verifier. */
export async function verifyFile(path: string, ...keys: KeyObject[]): Promise<Verified> {
  const faults: string[] = [];
  const report = await new FileVerifier(keys, (fault) => faults.push(fault)).verify(readEvidence(path));
  const { checkpoint, sessions, versions, activities, omitted } = report;
  return { faults, checkpoint: checkpoint.kind, counts: [sessions, versions, activities, omitted] };
}

/** Runs the verifier that docs/change-log.md contains. */
export class DocumentedVerifier {
  private readonly script: string;

  constructor(folder: string) {
    this.script = join(folder, 'verify.py');
    const document = readFileSync(new URL('../../docs/change-log.md', import.meta.url), 'utf8');
    writeFileSync(this.script, /^```python\n(.*?)^```$/ms.exec(document)![1]!);
  }

  /** @returns what it prints; the last line of its error when it fails */
  run(file: string, publicKeyFile: string): { readonly code: number | null; readonly says: string } {
    const { status, stdout, stderr } = spawnSync(providePython(), [this.script, file, publicKeyFile], {
      encoding: 'utf8',
    });
    return { code: status, says: status === 0 ? stdout.trim() : stderr.trim().split('\n').at(-1)! };
  }
}
