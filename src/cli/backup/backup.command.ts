import { Command } from 'commander';
import type { BackupOptions } from './backup.action.js';
import type { RestoreOptions } from './restore.action.js';

export function backupCommand(): Command {
  return new Command('backup')
    .description('copy an SQLite database, its signing key and its checkpoints to a new folder, while the server runs')
    .argument('<folder>', 'folder of the backup; it must not exist')
    .option('--without-signing-key', 'leave the key that signs checkpoints out: it is a secret')
    .action(async (folder: string, options: BackupOptions) =>
      (await import('./backup.action.js')).backup(folder, options),
    );
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('put the files of a backup in their places; the server must be stopped')
    .argument('<folder>', 'folder of the backup')
    .option('--replace', 'rename the files that are there instead of refusing')
    .action(async (folder: string, options: RestoreOptions) =>
      (await import('./restore.action.js')).restore(folder, options),
    );
}
