import { Command, InvalidArgumentError } from 'commander';
import { SCOPES } from '../platform/http/scopes.js';
import type { AuditAction } from '../modules/audit/port/audit-action.js';
import type { CallFilter } from '../platform/http/call.js';
import { parseInstant } from '../platform/time/parse-instant.js';
import { strictBody } from '../platform/http/validation/strict-body.js';
import { TimeZone } from '../platform/time/time-zone.js';
import { AuditService } from '../modules/audit/audit.service.js';
import { COMMAND_LINE } from '../modules/access/keys/actor.js';
import { CreateKeyRequest } from '../modules/access/keys/dto/create-key.request.js';
import { keyFields } from '../modules/access/keys/key-fields.js';
import { KeysService } from '../modules/access/keys/keys.service.js';
import { DEFAULT_OVERLAP, overlapMs } from '../modules/access/keys/overlap.js';
import type { StoredKey } from '../modules/access/keys/stored-key.js';
import { withApp } from './context.js';
import { KEYS_CREATE, KEYS_REVOKE, KEYS_ROTATE } from '../modules/access/keys/keys.audit.js';

const PAGE = 500;
const UTC = new TimeZone('UTC');

interface CreateOptions {
  readonly name: string;
  readonly scope: string[];
  readonly expires?: string;
  readonly cidr?: string[];
  readonly client?: string[];
}

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
    .action(create);
  keys.command('list').description('list all keys without their secrets').action(list);
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
    .action(async (prefix: string, options: { overlap: number }) => {
      const filter = { prefix: bare(prefix), overlapMs: options.overlap };
      const work = (service: KeysService) => service.rotate(filter.prefix, options.overlap, COMMAND_LINE);
      process.stdout.write(`${(await recorded(KEYS_ROTATE, filter, work)).key}\n`);
    });
  keys
    .command('revoke')
    .description('revoke a key; every process refuses it within a second')
    .argument('<prefix>', 'the 8 characters between the underscores of the key')
    .action(async (prefix: string) => {
      const filter = { prefix: bare(prefix) };
      await recorded(KEYS_REVOKE, filter, (service) => service.revoke(filter.prefix, COMMAND_LINE));
      process.stdout.write('revoked\n');
    });
  return keys;
}

/** The rules are those of `POST /api/v1/keys`. */
async function create({ name, scope, expires, cidr, client }: CreateOptions): Promise<void> {
  const body = { name, scopes: scope, expiresAt: expires ?? null, cidrs: cidr ?? null, clientGuids: client ?? null };
  const fields = keyFields(strictBody(CreateKeyRequest, body, { zone: UTC, nowMs: Date.now() }));
  const filter = {
    ...{ name, scopes: fields.scopes.join(' '), expiresAt: fields.expiresAt },
    ...{ cidrs: fields.cidrs?.join(' ') ?? null, clients: fields.clientGuids?.join(' ') ?? null },
  };
  const { key } = await recorded(KEYS_CREATE, filter, (service) => service.create(fields, COMMAND_LINE));
  process.stdout.write(`${key}\n`);
}

const HEAD = ['PREFIX', 'NAME', 'SCOPES', 'CREATED', 'CREATED BY', 'EXPIRES', 'REVOKED', 'LAST USED', 'REPLACES'];

async function list(): Promise<void> {
  process.stdout.write(`${[...HEAD, 'NETWORKS', 'CLIENTS'].join('\t')}\n`);
  await withKeys(async (service) => {
    let page: StoredKey[];
    for (let after = 0; ; after = page.at(-1)!.id) {
      page = await service.page(after, PAGE);
      for (const key of page) process.stdout.write(`${columns(key).join('\t')}\n`);
      if (page.length < PAGE) return;
    }
  });
}

function columns(key: StoredKey): string[] {
  const date = (at: string | null) => (at === null ? '-' : `${at.replace(' ', 'T')}Z`);
  return [
    ...[key.prefix, key.name, key.scopes.join(' '), date(key.createdAt), key.createdBy],
    ...[date(key.expiresAt), date(key.revokedAt), date(key.lastUsedAt), key.replaces ?? '-'],
    ...[key.cidrs?.join(' ') ?? '-', key.clientGuids?.join(' ') ?? '-'],
  ];
}

function withKeys<T>(work: (keys: KeysService) => Promise<T>): Promise<T> {
  return withApp((app) => work(app.get(KeysService)));
}

/** Writes the audit record of a change before the change is made. */
function recorded<T>(action: AuditAction, filter: CallFilter, work: (keys: KeysService) => Promise<T>): Promise<T> {
  return withApp((app) => app.get(AuditService).command(action, filter, () => work(app.get(KeysService))));
}

/** Accepts a whole key in place of its prefix. */
function bare(prefix: string): string {
  return prefix.replace(/^sak_([a-z0-9]{8}).*$/, '$1');
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function instant(text: string): string {
  try {
    return new Date(parseInstant(text, UTC)).toISOString();
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
