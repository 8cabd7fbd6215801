import { Command } from 'commander';

export function configCommand(): Command {
  const command = new Command('config').description('the configuration');
  command
    .command('check')
    .description('print the values in force and where each comes from, without secrets; fails when one is invalid')
    .action(async () => (await import('./config.actions.js')).printConfig());
  command
    .command('reference')
    .description('print every variable with its default and meaning, as docs/configuration.md')
    .action(async () => (await import('./config.actions.js')).printReference());
  return command;
}
