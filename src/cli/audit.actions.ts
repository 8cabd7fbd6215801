import { createReadStream, existsSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { createInterface } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { loadConfig } from '../config/load-config.js';
import { AuditVerifierService, type VerifyReport } from '../modules/audit/verification/audit-verifier.service.js';
import type { PublicKeys } from '../modules/audit/verification/checkpoint-verifier.js';
import { type Checkpoint, parseCheckpointLine } from '../modules/audit/checkpoints/checkpoint.js';
import { keyIdOf } from '../modules/checkpoints/port/key-id.js';
import { loadPublicKeys, loadSigningKey, makeSigningKey, publicPem } from '../modules/checkpoints/signing-key.js';
import { withApp } from './context.js';

export interface VerifyArguments {
  checkpoint?: string;
  publicKey?: string;
}

/** Creates the file of AUDIT_SIGNING_KEY and prints its public key. @throws Error when the file exists already */
export function createSigningKey(): void {
  const path = loadConfig().AUDIT_SIGNING_KEY;
  if (!makeSigningKey(path)) throw new Error('AUDIT_SIGNING_KEY exists already and was not changed');
  process.stdout.write(publicPem(loadSigningKey(path)));
}

export function printPublicKey(): void {
  process.stdout.write(publicPem(loadSigningKey(loadConfig().AUDIT_SIGNING_KEY)));
}

export async function verifyAudit({ checkpoint, publicKey }: VerifyArguments): Promise<void> {
  const keys = publicKeys(publicKey);
  const counter = { read: 0 };
  const outside = checkpoint === undefined ? undefined : checkpointsOf(checkpoint, counter);
  const bar = new SingleBar({ format: '{bar} {value} of {total} records', noTTYOutput: false });
  const report = await withApp((app) => {
    bar.start(0, 0);
    const onProgress = (walked: number, total: number) => {
      bar.setTotal(total);
      bar.update(walked);
    };
    const range = { after: 0, most: Number.MAX_SAFE_INTEGER };
    const signal = new AbortController().signal;
    return app.get(AuditVerifierService).verify({ ...range, keys, outside, signal, onProgress });
  }).finally(() => bar.stop());
  if (checkpoint !== undefined && counter.read === 0)
    throw new Error('the file of --checkpoint contains no checkpoint');
  process.stdout.write(`${verdictLines(report, keys).join('\n')}\n`);
  const warnings = warningsOf(report, checkpoint !== undefined);
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  process.exitCode = exitCodeOf(report);
}

/** Exit codes of `audit verify`. */
const BROKEN = 2;
const UNKNOWN_KEYS = 3;

function exitCodeOf({ faultCount, checkpoints }: VerifyReport): number {
  if (faultCount > 0) return BROKEN;
  return checkpoints.unknownKeys > 0 ? UNKNOWN_KEYS : 0;
}

function warningsOf({ checkpoints: { unknownKeys } }: VerifyReport, hasKeptCheckpoints: boolean): string[] {
  const warnings: string[] = [];
  if (unknownKeys > 0)
    warnings.push(
      `${unknownKeys} checkpoints are signed by unknown keys, so anyone may have made them. ` +
        'Give all trusted public keys with --public-key.',
    );
  if (!hasKeptCheckpoints)
    warnings.push(
      'Without --checkpoint a chain that was rewritten, cut or emptied together with its head and checkpoints looks intact.',
    );
  return warnings;
}

function verdictLines({ to, faults, faultCount, checkpoints }: VerifyReport, keys: PublicKeys): string[] {
  const { matched, verified, unknownKeys } = checkpoints;
  const lines = faults.map(({ kind, detail }) => `${kind}: ${detail}`);
  if (faultCount > faults.length) lines.push(`… and ${faultCount - faults.length} more faults`);
  if (keys.byId.size === 0) lines.push('No public key is available: signatures were not verified.');
  lines.push(
    `${faultCount === 0 ? 'intact' : 'BROKEN'}: ${to} records, ${matched} checkpoints matched, ` +
      `${verified} signatures verified, ${unknownKeys} of other keys`,
  );
  return lines;
}

function publicKeys(file: string | undefined): PublicKeys {
  const own = loadConfig().AUDIT_SIGNING_KEY;
  const keys =
    file !== undefined ? loadPublicKeys(file) : existsSync(own) ? [createPublicKey(loadSigningKey(own))] : [];
  return { byId: new Map(keys.map((key) => [keyIdOf(key), key])), complete: file !== undefined };
}

async function* checkpointsOf(file: string, counter: { read: number }): AsyncGenerator<Checkpoint> {
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    const checkpoint = parseCheckpointLine(line);
    if (!checkpoint) continue;
    counter.read++;
    yield checkpoint;
  }
}
