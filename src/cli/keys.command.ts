import { Command, InvalidArgumentError } from 'commander';
import { SCOPES } from '../common/access.js';
import { parseInstant } from '../common/parse-instant.js';
import { TimeZone } from '../common/time-zone.js';
import { AuditService } from '../modules/audit/audit.service.js';
import { AuthService } from '../modules/auth/auth.service.js';
import { withApp } from './context.js';

export function keysCommand(): Command {
  const keys = new Command('keys').description('make, list and revoke API keys');
  keys
    .command('create')
    .description('make a key; it is the last line of the output and is not shown again')
    .requiredOption('--name <name>', 'what or who will use it')
    .requiredOption('--scope <scope>', `what it may do, repeatable: ${SCOPES.join(', ')}`, collect, [])
    .option('--expires <date>', 'from this instant on it is refused; without an offset in UTC', expiry)
    .action(async ({ name, scope, expires }: { name: string; scope: string[]; expires?: Date }) => {
      const filter = { name, scopes: scope.join(' '), expiresAt: expires?.toISOString() ?? null };
      const key = await withApp((app) => {
        const create = () => app.get(AuthService).create(name, scope, expires ?? null);
        return app.get(AuditService).command('keys.create', filter, create);
      });
      process.stdout.write(`${key}\n`);
    });
  keys.command('list').description('all keys, without their secrets').action(list);
  keys
    .command('revoke')
    .description('refuse a key from now on; every process follows within a second')
    .argument('<prefix>', 'the 8 characters between the underscores of the key')
    .action(async (text: string) => {
      const prefix = text.replace(/^sak_([a-z0-9]{8}).*$/, '$1');
      const done = await withApp((app) => {
        const revoke = () => app.get(AuthService).revoke(prefix);
        return app.get(AuditService).command('keys.revoke', { prefix }, revoke, (done) => ({ exitCode: done ? 0 : 1 }));
      });
      if (!done) throw new Error('there is no such key, or it is revoked already');
      process.stdout.write('revoked\n');
    });
  return keys;
}

async function list(): Promise<void> {
  const keys = await withApp((app) => app.get(AuthService).list());
  const date = (at: Date | null) => at?.toISOString() ?? '-';
  const rows = keys.map((k) => [
    k.prefix,
    k.name,
    k.scopes,
    date(k.createdAt),
    date(k.expiresAt),
    date(k.revokedAt),
    date(k.lastUsedAt),
  ]);
  for (const row of [['PREFIX', 'NAME', 'SCOPES', 'CREATED', 'EXPIRES', 'REVOKED', 'LAST USED'], ...rows])
    process.stdout.write(`${row.join('\t')}\n`);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

function expiry(text: string): Date {
  try {
    return new Date(parseInstant(text, new TimeZone('UTC')));
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
