import 'reflect-metadata';
import { Command } from 'commander';
import { agentCommand } from './cli/agent.command.js';
import { auditCommand } from './cli/audit.command.js';
import { checkCommand } from './cli/check.command.js';
import { migrate, withApp } from './cli/context.js';
import { importCommand } from './cli/import/import.command.js';
import { keysCommand } from './cli/keys.command.js';
import { quickstartCommand } from './cli/quickstart.command.js';
import { reportAndExit } from './cli/report.js';
import { loadConfig } from './config/app-config.js';
import { AuditService } from './modules/audit/audit.service.js';
import { serve } from './serve.js';

const program = new Command('session-audit')
  .description('Session audit: who was logged in where, from when to when.')
  .showHelpAfterError('(--help lists the options)')
  .addHelpText('after', '\nThe environment configures everything; see the table in README.md.');

program
  .command('serve')
  .description('answer over HTTP')
  .action(async () => void (await serve(loadConfig())));
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

await program.parseAsync().catch(reportAndExit);
