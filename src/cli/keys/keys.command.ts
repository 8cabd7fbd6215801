import '../../modules/access/access.scopes.js';
import '../../modules/audit/audit.scopes.js';
import '../../modules/change-feed/change-feed.scopes.js';
import '../../modules/ingestion/ingestion.scopes.js';
import '../../modules/sessions/sessions.scopes.js';
import { Command, InvalidArgumentError } from 'commander';
import { DEFAULT_OVERLAP, overlapMs } from '../../modules/access/keys/overlap.js';
import { SCOPES } from '../../platform/http/scopes.js';
import { parseInstant } from '../../platform/time/parse-instant.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import type { CreateOptions } from './keys.actions.js';

const actions = () => import('./keys.actions.js');

export function keysCommand(): Command {
  const keys = new Command('keys').description('create, list, rotate and revoke API keys');
  keys
    .command('create')
    .description('create a key; the last line of the output is the key, which is shown only once')
    .requiredOption('--name <name>', 'name of the program or person that uses the key')
    .requiredOption('--scope <scope>', `scope of the key, repeatable: ${SCOPES.join(', ')}`, collect, [])
    .option('--expires <date>', 'instant at which the key expires; UTC if it has no offset', instant)
    .option('--cidr <network>', 'network from which the key may be used, repeatable: 192.0.2.0/24', collect)
    .option('--client <guid>', 'client to whose sessions the key is limited, repeatable', collect)
    .action(async (options: CreateOptions) => (await actions()).createKey(options));
  keys
    .command('list')
    .description('list all keys without their secrets')
    .action(async () => (await actions()).listKeys());
  keys
    .command('rotate')
    .description('replace a key by a new one; the last line of the output is the new key, which is shown only once')
    .argument('<prefix>', 'the 8 characters between the underscores of the key')
    .option(
      '--overlap <time>',
      'time for which both keys are valid, such as 24h; 0 = the old key is revoked now',
      overlap,
      overlap(DEFAULT_OVERLAP),
    )
    .action(async (prefix: string, options: { overlap: number }) =>
      (await actions()).rotateKey(prefix, options.overlap),
    );
  keys
    .command('revoke')
    .description('revoke a key; every process refuses it within a second')
    .argument('<prefix>', 'the 8 characters between the underscores of the key')
    .action(async (prefix: string) => (await actions()).revokeKey(prefix));
  return keys;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function instant(text: string): string {
  try {
    return new Date(parseInstant(text, new TimeZone('UTC'))).toISOString();
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

function overlap(text: string): number {
  const ms = overlapMs(text);
  if (ms === undefined)
    throw new InvalidArgumentError('must be a time such as 90s, 15m, 24h or 7d, at most 90d, or 0.');
  return ms;
}
