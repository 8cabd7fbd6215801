import { Command } from 'commander';

export function checkCommand(): Command {
  return new Command('check')
    .description('verify the row and the interval index entry of every session; changes nothing')
    .action(async () => (await import('./check.action.js')).checkSessions());
}
