import type { AuditAction } from '../../modules/audit/port/audit-action.js';
import type { CallFilter } from '../../platform/http/call.js';
import { strictBody } from '../../platform/http/validation/strict-body.js';
import { TimeZone } from '../../platform/time/time-zone.js';
import { AuditService } from '../../modules/audit/audit.service.js';
import { COMMAND_LINE } from '../../modules/access/keys/actor.js';
import { CreateKeyRequest } from '../../modules/access/keys/dto/create-key.request.js';
import { makeKey } from '../../modules/access/authentication/key-secret.js';
import { keyFields, recordedValues } from '../../modules/access/keys/key-fields.js';
import { KeysService } from '../../modules/access/keys/keys.service.js';
import { type StoredKey, fieldsOf } from '../../modules/access/keys/stored-key.js';
import { withApp } from '../context.js';
import { KEYS_CREATE, KEYS_REVOKE, KEYS_ROTATE } from '../../modules/access/keys/keys.audit.js';

const PAGE = 500;
const UTC = new TimeZone('UTC');

export interface CreateOptions {
  readonly name: string;
  readonly scope: string[];
  readonly expires?: string;
  readonly cidr?: string[];
  readonly client?: string[];
}

/** The rules are those of `POST /api/v1/keys`. */
export async function createKey({ name, scope, expires, cidr, client }: CreateOptions): Promise<void> {
  const body = { name, scopes: scope, expiresAt: expires ?? null, cidrs: cidr ?? null, clientGuids: client ?? null };
  const fields = keyFields(strictBody(CreateKeyRequest, body, { zone: UTC, nowMs: Date.now() }));
  const made = makeKey();
  const filter = { prefix: made.prefix, ...recordedValues(fields) };
  await recorded(KEYS_CREATE, filter, (service) => service.create(fields, COMMAND_LINE, made));
  process.stdout.write(`${made.key}\n`);
}

const HEAD = ['PREFIX', 'NAME', 'SCOPES', 'CREATED', 'CREATED BY', 'EXPIRES', 'REVOKED', 'LAST USED', 'REPLACES'];

export async function listKeys(): Promise<void> {
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

export async function rotateKey(keyOrPrefix: string, overlapMs: number): Promise<void> {
  const prefix = prefixOf(keyOrPrefix);
  const made = makeKey();
  await withApp(async (app) => {
    const keys = app.get(KeysService);
    const expected = await keys.peek(prefix);
    const values = expected ? { newPrefix: made.prefix, ...recordedValues(fieldsOf(expected)) } : {};
    const rotate = () => keys.rotate(prefix, { overlapMs, made, expected }, COMMAND_LINE);
    await app.get(AuditService).command(KEYS_ROTATE, { prefix, overlapMs, ...values }, rotate);
  });
  process.stdout.write(`${made.key}\n`);
}

export async function revokeKey(keyOrPrefix: string): Promise<void> {
  const prefix = prefixOf(keyOrPrefix);
  await recorded(KEYS_REVOKE, { prefix }, (service) => service.revoke(prefix, COMMAND_LINE));
  process.stdout.write('revoked\n');
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
function prefixOf(keyOrPrefix: string): string {
  return keyOrPrefix.replace(/^sak_([a-z0-9]{8}).*$/, '$1');
}
