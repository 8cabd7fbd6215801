import { Command } from 'commander';

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
  return evidence;
}
