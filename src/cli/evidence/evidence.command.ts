import { Command, InvalidArgumentError } from 'commander';
import { PROGRAM } from '../../config/program-name.js';
import type { EvidenceOptions } from './export.action.js';

const EXAMPLES = `
Example:
  ${PROGRAM} evidence export ada.ndjson --user 'EXAMPLE\\ada' --from 2026-03-01 --to 2026-04-01 --cover ada.html

The file is written as FILE.partial and gets its name when it is complete. An existing file is not replaced.
Exit code: 0 complete, 1 failed, 3 some sessions cannot be proven yet and are only named, 130 stopped by ctrl-C.`;
const MAX_ID = 2 ** 31 - 1;

export function evidenceCommand(): Command {
  const evidence = new Command('evidence').description('prove to others that sessions are what was recorded');
  evidence
    .command('verify')
    .description(
      'verify a file of evidence, without a database; exit code 2 if something was changed, 3 if the checkpoint is signed by an unknown key',
    )
    .argument('<file>', 'file of "evidence export", or an answer of GET /api/v1/sessions/{sessionId}/evidence')
    .requiredOption('--public-key <file>', 'PEM file with the trusted public key, see "audit public-key"')
    .action(async (file: string, options: { publicKey: string }) => {
      const { verifyEvidence } = await import('./verify.action.js');
      await verifyEvidence(file, options);
    });
  evidence.addCommand(exportCommand());
  return evidence;
}

function exportCommand(): Command {
  return new Command('export')
    .description('write sessions with their proofs to a file that can be verified without this server')
    .argument('<file>', 'file that is created')
    .option('--session <id>', 'the session with this id', sessionId)
    .option(
      '--user <name>',
      'sessions of this account: DOMAIN\\name, \\name without a domain, or name; repeatable',
      collect,
    )
    .option('--client <guid>', 'sessions of this client, repeatable', collect)
    .option('--from <instant>', 'sessions that overlap the time from this instant', collect)
    .option('--to <instant>', 'up to this instant, which does not belong to it', collect)
    .option('--cover <file>', 'write a page for people, too: HTML that can be printed')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: EvidenceOptions) => {
      const { exportEvidence } = await import('./export.action.js');
      await exportEvidence(file, options);
    });
}

function sessionId(text: string): number {
  const id = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : NaN;
  if (!(id <= MAX_ID)) throw new InvalidArgumentError(`must be a whole number from 1 to ${MAX_ID}.`);
  return id;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
