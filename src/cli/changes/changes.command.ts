import { Command } from 'commander';
import type { VerifyChangesOptions } from './verify-changes.action.js';

export function changesCommand(): Command {
  const changes = new Command('changes').description('verify the change log of sessions');
  changes
    .command('verify')
    .description(
      'compare the sessions with the change log, and the log with its tree and its checkpoints; exit code 2 if something differs, 3 if a checkpoint is signed by an unknown key',
    )
    .option('--checkpoint <file>', 'file with copies of checkpoints, one per line; other lines are skipped')
    .option('--public-key <file>', 'PEM file with trusted public keys (default: the public key of AUDIT_SIGNING_KEY)')
    .option('--client <guid>', 'only the sessions of this client')
    .option('--from <instant>', 'only sessions with a login at or after this instant')
    .option('--to <instant>', 'only sessions with a login before this instant')
    .option('--after <position>', 'goes on after a position that an interrupted run printed, such as sessions:5000')
    .action(async (options: VerifyChangesOptions) =>
      (await import('./verify-changes.action.js')).verifyChanges(options),
    );
  return changes;
}
