import { Command } from 'commander';
import type { QuickstartOptions } from './quickstart.action.js';

export function quickstartCommand(): Command {
  return new Command('quickstart')
    .description('serve sample data from a separate database; later runs keep the data and the key')
    .option('--folder <path>', 'folder for the sample, its key and its audit files', './data')
    .action(async (options: QuickstartOptions) => (await import('./quickstart.action.js')).quickstart(options));
}
