import { Command } from 'commander';
import type { VerifyArguments } from './audit.actions.js';

const actions = () => import('./audit.actions.js');

export function auditCommand(): Command {
  const audit = new Command('audit').description('manage the signing key of the audit log, and verify the log');
  audit
    .command('keygen')
    .description('create the key that signs checkpoints at AUDIT_SIGNING_KEY and print its public key')
    .action(async () => (await actions()).createSigningKey());
  audit
    .command('public-key')
    .description('print the public key of AUDIT_SIGNING_KEY, with which others can verify the log')
    .action(async () => (await actions()).printPublicKey());
  audit
    .command('verify')
    .description(
      'verify the whole chain; exit code 2 if a record was edited, deleted, inserted or reordered, 3 if a checkpoint is signed by an unknown key',
    )
    .option('--checkpoint <file>', 'file with copies of checkpoints, one per line; other lines are skipped')
    .option('--public-key <file>', 'PEM file with trusted public keys (default: the public key of AUDIT_SIGNING_KEY)')
    .action(async (options: VerifyArguments) => (await actions()).verifyAudit(options));
  return audit;
}
