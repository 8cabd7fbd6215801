import 'reflect-metadata';
import { Command } from 'commander';
import { agentCommand } from './cli/agent.command.js';
import { auditCommand } from './cli/audit.command.js';
import { checkCommand } from './cli/check.command.js';
import { migrate, withApp } from './cli/context.js';
import { importCommand } from './cli/import/import.command.js';
import { keysCommand } from './cli/keys.command.js';
import { quickstartCommand } from './cli/quickstart.command.js';
import { runProgram } from './cli/run-program.js';
import { environmentWarnings } from './config/environment.js';
import { loadConfig } from './config/load-config.js';
import { VERSION } from './config/version.js';
import { AuditService } from './modules/audit/audit.service.js';
import { serve } from './serve.js';

/** These write the warnings to their log. */
const SERVERS = ['serve', 'quickstart'];

function warnAboutEnvironment(command: string): void {
  if (SERVERS.includes(command)) return;
  for (const warning of environmentWarnings()) process.stderr.write(`${warning}\n`);
}

const program = new Command('session-audit')
  .version(VERSION)
  .description('Session audit: who was logged in where, from when to when.')
  .showHelpAfterError('(--help lists the options)')
  .addHelpText('after', '\nThe environment and the file .env configure everything; see the table in README.md.')
  .hook('preAction', (_program, command) => warnAboutEnvironment(command.name()));

program
  .command('serve')
  .description('answer over HTTP')
  .action(() => serve(loadConfig()));
program
  .command('migrate')
  .description('bring the schema of the database up to date')
  .action(async () => {
    const done = await migrate();
    // Before, there may be no table to record it in.
    if (done.length > 0) await withApp((app) => app.get(AuditService).recordMigrations(done));
    process.stdout.write(done.length > 0 ? `${done.join('\n')}\n` : 'The schema is up to date.\n');
  });
program
  .addCommand(keysCommand())
  .addCommand(importCommand())
  .addCommand(checkCommand())
  .addCommand(quickstartCommand())
  .addCommand(auditCommand())
  .addCommand(agentCommand());

await runProgram(() => program.parseAsync());
