import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { loadConfig } from '../../config/load-config.js';
import { parseCheckpointLine } from '../../modules/changes/checkpoints/tree-checkpoint.js';
import { loadPublicKeys, loadSigningKey } from '../../modules/checkpoints/signing-key.js';
import type { ChangeFault } from '../../modules/evidence/verification/change-fault.js';
import {
  ChangeVerificationService,
  type VerificationStep,
} from '../../modules/evidence/verification/change-verification.service.js';
import type { TrustedKeys } from '../../modules/evidence/verification/kept-checkpoints.js';
import {
  VERIFICATION_START,
  type VerificationPosition,
  formatPosition,
  parsePosition,
} from '../../modules/evidence/verification/verification-position.js';
import { toInstantText } from '../../platform/time/instant.js';
import { parseInstant } from '../../platform/time/parse-instant.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { withApp } from '../context.js';
import { Interruption } from '../interruption.js';

export interface VerifyChangesOptions {
  readonly checkpoint?: string;
  readonly publicKey?: string;
  readonly client?: string;
  readonly from?: string;
  readonly to?: string;
  readonly after?: string;
}

const DIFFERENT = 2;
const UNKNOWN_KEYS = 3;

interface Totals {
  faults: number;
  entries: number;
  sessions: number;
  older: number;
  matched: number;
  unknownKeys: number;
  next: VerificationPosition | null;
}

/** Prints each fault when it is found, so the memory stays bounded. */
export async function verifyChanges(options: VerifyChangesOptions): Promise<void> {
  const config = loadConfig();
  const zone = new TimeZone(config.API_TIME_ZONE);
  const instant = (text: string | undefined) =>
    text === undefined ? undefined : toInstantText(parseInstant(text, zone));
  const filter = { clientGuid: options.client, from: instant(options.from), to: instant(options.to) };
  const position = positionOf(options.after);
  const notes = options.checkpoint === undefined ? [] : notesOf(options.checkpoint);
  const trusted = trustedKeys(options.publicKey, config.AUDIT_SIGNING_KEY);
  const interruption = new Interruption();
  const { signal } = interruption;
  const totals: Totals = { faults: 0, entries: 0, sessions: 0, older: 0, matched: 0, unknownKeys: 0, next: position };
  const bar = new SingleBar({ format: '{bar} {phase}: {value} of {total}', noTTYOutput: false, clearOnComplete: true });
  await withApp(async (app) => {
    bar.start(0, 0, { phase: position.phase });
    for await (const step of app.get(ChangeVerificationService).verify({ position, filter, trusted, notes, signal })) {
      bar.setTotal(step.total);
      bar.update(step.done, { phase: step.phase });
      add(totals, step);
      for (const fault of step.faults) process.stdout.write(`${faultLine(fault)}\n`);
      if (signal.aborted) break;
    }
  }).finally(() => bar.stop());
  report(totals, options);
  process.exitCode = exitCodeOf(totals, interruption.exitCode);
}

function add(totals: Totals, { faults, entries, sessions, older, checkpoints, next }: VerificationStep): void {
  totals.faults += faults.length;
  totals.entries += entries;
  totals.sessions += sessions;
  totals.older += older;
  totals.matched = Math.max(totals.matched, checkpoints.matched);
  totals.unknownKeys = Math.max(totals.unknownKeys, checkpoints.unknownKeys);
  totals.next = next;
}

function report(totals: Totals, { checkpoint, client, from, to }: VerifyChangesOptions): void {
  const { faults, entries, sessions, older, matched, next, unknownKeys } = totals;
  const verdict = next ? 'interrupted' : faults === 0 ? 'intact' : 'DIFFERENT';
  process.stdout.write(
    `${verdict}: ${entries} entries, ${sessions} sessions, ${matched} checkpoints matched, ${faults} faults\n`,
  );
  const warn = (text: string): void => void process.stderr.write(`warning: ${text}\n`);
  if (next) warn(`go on with --after ${formatPosition(next)}`);
  if (older > 0) warn(`${older} sessions are older than the log and not in it yet: nothing is proven about them.`);
  if (unknownKeys > 0)
    warn(`${unknownKeys} checkpoints are signed by unknown keys. Give trusted keys with --public-key.`);
  if (client ?? from ?? to) warn('with a filter the log as a whole and deleted sessions are not verified.');
  else if (checkpoint === undefined)
    warn('Without --checkpoint a log that was rewritten together with the tables and its checkpoints looks intact.');
}

function exitCodeOf({ faults, unknownKeys }: Totals, interrupted: number | undefined): number {
  if (faults > 0) return DIFFERENT;
  if (interrupted !== undefined) return interrupted;
  return unknownKeys > 0 ? UNKNOWN_KEYS : 0;
}

function faultLine({ kind, detail }: ChangeFault): string {
  return `${kind}: ${detail}`;
}

function positionOf(text: string | undefined): VerificationPosition {
  if (text === undefined) return VERIFICATION_START;
  const position = parsePosition(text);
  if (!position) throw new Error('--after is a position such as log:4000 or sessions:5000');
  return position;
}

function notesOf(file: string): string[] {
  const notes = readFileSync(file, 'utf8').split('\n').map(parseCheckpointLine);
  const found = notes.filter((note) => note !== undefined);
  if (found.length === 0) throw new Error('the file of --checkpoint contains no checkpoint of the change log');
  return found;
}

function trustedKeys(file: string | undefined, own: string): TrustedKeys {
  if (file !== undefined) return { keys: loadPublicKeys(file), complete: true };
  return { keys: existsSync(own) ? [createPublicKey(loadSigningKey(own))] : [], complete: false };
}
