import { keyIdOf } from '../../modules/checkpoints/port/key-id.js';
import { loadPublicKeys } from '../../modules/checkpoints/signing-key.js';
import { readEvidence } from './evidence-reader.js';
import { type EvidenceReport, FileVerifier } from './file-verifier.js';

/** Exit codes, as of `audit verify`. */
const FORGED = 2;
const UNKNOWN_KEY = 3;
const MAX_FAULTS = 100;

/** Verifies a file of evidence. Loads neither the application nor its configuration. */
export async function verifyEvidence(path: string, { publicKey }: { readonly publicKey: string }): Promise<void> {
  let told = 0;
  const tell = (fault: string) => {
    if (told++ < MAX_FAULTS) process.stdout.write(`${fault}\n`);
  };
  const report = await new FileVerifier(loadPublicKeys(publicKey), tell).verify(readEvidence(path));
  if (told > MAX_FAULTS) process.stdout.write(`… and ${told - MAX_FAULTS} more faults\n`);
  process.stdout.write(`${linesOf(report).join('\n')}\n`);
  process.exitCode = exitCodeOf(report);
}

function exitCodeOf({ faultCount, checkpoint }: EvidenceReport): number {
  if (faultCount > 0) return FORGED;
  return checkpoint.kind === 'verified' ? 0 : UNKNOWN_KEY;
}

function linesOf(report: EvidenceReport): string[] {
  const { checkpoint, faultCount } = report;
  if (faultCount > 0) return [`NOT VERIFIED: ${count(faultCount, 'fault')}. Nothing in this file is proven.`];
  if (checkpoint.kind !== 'verified')
    return ['NOT VERIFIED: no given key has signed the checkpoint, so anyone may have made this file.'];
  return [...provenLines(report), ...notProvenLines(report)];
}

function provenLines({ checkpoint, sessions, versions, activities }: EvidenceReport): string[] {
  if (checkpoint.kind !== 'verified') return [];
  const { origin, size, root } = checkpoint.checkpoint;
  const { timeMs, publicKey } = checkpoint;
  return [
    `verified: ${count(sessions, 'session')} with ${count(versions, 'version')} and ${count(activities, 'activity')}`,
    `Checkpoint: log ${origin}, ${count(size, 'entry')}, root ${root.toString('base64')}`,
    `Signed ${timeMs === null ? 'at an unknown time' : `at ${new Date(timeMs).toISOString()}`} by the key ${keyIdOf(publicKey)}`,
    'Proven:',
    '- When the checkpoint was signed, the log contained every version of each session that this file lists.',
    '- Each session has exactly the content that was recorded as the last of these versions.',
    '- The activities are exactly those that these versions added: none was changed, removed, added or moved.',
  ];
}

function notProvenLines({ sessions, versions, omitted }: EvidenceReport): string[] {
  const lines = ['Not proven:'];
  if (omitted > 0) lines.push(`- ${count(omitted, 'session')} of the question: the file names them, without evidence.`);
  if (versions > sessions)
    lines.push(
      `- What the sessions looked like in ${count(versions - sessions, 'earlier version')}: the file has only the activities of these.`,
    );
  lines.push(
    '- That a session has no later version, and that the file has all sessions of the question.',
    '- That the log was not rewritten before the first checkpoint that was kept on another machine. Compare this checkpoint with such copies.',
    '- That what the senders reported was true, and that the server and its signing key were under honest control.',
  );
  return lines;
}

function count(number: number, noun: string): string {
  const plural = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${number.toLocaleString('en')} ${number === 1 ? noun : plural}`;
}
