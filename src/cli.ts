#!/usr/bin/env node
import 'reflect-metadata';
import { Command } from 'commander';
import { agentCommand } from './cli/agent.command.js';
import { auditCommand } from './cli/audit.command.js';
import { backupCommand, restoreCommand } from './cli/backup/backup.command.js';
import { changesCommand } from './cli/changes/changes.command.js';
import { checkCommand } from './cli/check.command.js';
import { configCommand } from './cli/config.command.js';
import { evidenceCommand } from './cli/evidence/evidence.command.js';
import { exportCommand } from './cli/export/export.command.js';
import { importCommand } from './cli/import/import.command.js';
import { keysCommand } from './cli/keys/keys.command.js';
import { quickstartCommand } from './cli/quickstart/quickstart.command.js';
import { runProgram } from './cli/run-program.js';
import { VERSION } from './config/version.js';

/** These write the warnings to their log. */
const SERVERS = ['serve', 'quickstart'];

async function warnAboutEnvironment(command: string): Promise<void> {
  if (SERVERS.includes(command)) return;
  const { environmentWarnings } = await import('./config/environment.js');
  for (const warning of environmentWarnings()) process.stderr.write(`${warning}\n`);
}

/* Commands import what they run when they run, so --help and --version start fast. */
const program = new Command('session-audit')
  .version(VERSION)
  .description('Session audit: who was logged in where, from when to when.')
  .showHelpAfterError('(--help lists the options)')
  .addHelpText('after', '\nThe environment and the file .env configure everything; see the table in README.md.')
  .hook('preAction', (_program, command) => warnAboutEnvironment(command.name()));

program
  .command('serve')
  .description('answer over HTTP')
  .action(async () => (await import('./cli/serve.action.js')).serveConfigured());
program
  .command('migrate')
  .description('bring the schema of the database up to date')
  .action(async () => (await import('./cli/migrate.action.js')).migrateAndRecord());
program
  .addCommand(keysCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(checkCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(configCommand())
  .addCommand(quickstartCommand())
  .addCommand(auditCommand())
  .addCommand(changesCommand())
  .addCommand(evidenceCommand())
  .addCommand(agentCommand());

await runProgram(() => program.parseAsync());
