import { gzipSync } from 'node:zlib';
import type { Random } from './random.js';
import type { Keys } from './target.js';

export interface FuzzedRequest {
  readonly method: string;
  readonly bytes: Buffer;
}

/** Paths whose usual method is POST. */
const POSTED = /ingest|revoke|^\/api\/v1\/keys$|^\/ekranapi\/sessions$/;
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];
const PATHS = [
  '/ekranapi/sessions',
  '/ekranapi/statistics/getapp',
  '/ekranapi/statistics/geturl',
  '/ekranapi/user/getproductivity',
  '/ekranapi/clients',
  '/ekranapi/users',
  '/api/v1/ingest/sessions',
  '/api/v1/keys',
  '/api/v1/keys/me',
  '/api/v1/keys/abcdefgh',
  '/api/v1/keys/abcdefgh/revoke',
  '/api/v1/audit/records',
  '/api/v1/audit/verify',
  '/health',
  '/docs',
  '/docs/swagger-ui.css',
  '/openapi.json',
  '/',
];
const PARAMETERS = [
  'start',
  'end',
  'START',
  'limit',
  'cursor',
  'sessionCount',
  'pageIndex',
  'clientGuid',
  'caller',
  'x',
];
const VALUES = [
  ...['2021-01-02', '2021-01-02T00:30:00Z', '2021-01-02T01:00:00%2B03:00', '2021-02-30', '9999-12-31', '1970-01-01'],
  ...[
    '0',
    '1',
    '10',
    '-1',
    '1e9',
    'NaN',
    '99999999999999999999',
    '',
    '%00',
    '%ff',
    '%',
    "'--",
    '__proto__',
    '٣',
    '%F0%9F%98%80',
  ],
];
const TYPES = ['application/json', 'application/x-ndjson', 'text/plain', 'application/json; charset=utf-16', 'a', ''];
const ENCODINGS = ['gzip', 'br', 'deflate', 'identity', 'gzip, gzip', 'x'];
const WORDS = [
  '{',
  '}',
  '[',
  ']',
  '"a"',
  ':',
  ',',
  'null',
  '1e400',
  '-',
  '"\\ud800"',
  '"__proto__"',
  '"constructor"',
  ' ',
];
const HEADERS = [
  'Accept', 'Accept-Encoding', 'Authorization', 'Connection', 'Content-Length', 'Cookie', 'Expect', 'Forwarded', 'Host',
  'If-None-Match', 'Origin', 'Range', 'TE', 'Transfer-Encoding', 'Upgrade', 'X-Forwarded-For', 'X-Request-Id', 'X-A',
]; // prettier-ignore
const HEADER_VALUES = [
  '',
  'x',
  '*',
  '100-continue',
  'chunked',
  'close',
  '0',
  '5',
  'bytes=0-',
  'a'.repeat(3000),
  'é',
  '"',
  'h2c',
];

const RECORD = {
  ...{ externalId: 'fuzz', clientGuid: 'fuzz', clientName: 'fuzz', userName: 'fuzz' },
  ...{ loginDate: '2022-01-01T00:00:00Z', logoutDate: null, activities: [{ at: '2022-01-01T00:00:00Z' }] },
};
const KEY = { name: 'fuzz', scopes: ['sessions:read'], expiresAt: null, cidrs: null, clientGuids: null };
const DETAILS = { start: '2021-01-02', end: '2021-01-03', sessionCount: 10, pageIndex: 1 };

/** A request that is mostly well-formed, with random faults in its method, path, query, headers and body. */
export function fuzzedRequest(random: Random, keys: Keys): FuzzedRequest {
  const path = random.chance(0.85) ? random.oneOf(PATHS) : mutated(random, random.oneOf(PATHS));
  const usual = POSTED.test(path) && random.chance(0.6) ? 'POST' : 'GET';
  const method = random.chance(0.85) ? usual : random.oneOf(METHODS);
  const body = random.chance(method === 'GET' ? 0.05 : 0.7) ? fuzzedBody(random) : Buffer.alloc(0);
  const lines = [`${method} ${path}${fuzzedQuery(random)} HTTP/1.1`, 'Host: 127.0.0.1', ...fuzzedHeaders(random, keys)];
  if (body.length > 0) lines.push(`Content-Length: ${body.length}`);
  return { method, bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]) };
}

function fuzzedQuery(random: Random): string {
  if (random.chance(0.3)) return '';
  // A window without bounds streams the whole database, so most have both.
  const bounds = random.chance(0.9) ? ['start=2021-01-02T00:00:00Z', 'end=2021-01-02T00:10:00Z'] : [];
  const more = Array.from({ length: random.below(3) }, () => `${random.oneOf(PARAMETERS)}=${random.oneOf(VALUES)}`);
  const all = random.chance(0.5) ? bounds : [...bounds, ...more];
  return `?${all.join(random.chance(0.95) ? '&' : ';')}`;
}

function fuzzedHeaders(random: Random, keys: Keys): string[] {
  const lines: string[] = [];
  const key = random.chance(0.8)
    ? random.oneOf(Object.values(keys))
    : random.oneOf(['', 'x', 'sak_aaaaaaaa_', keys.reader.slice(0, -1)]);
  if (random.chance(0.9)) lines.push(random.chance(0.8) ? `ApiKey: ${key}` : `Authorization: Bearer ${key}`);
  if (random.chance(0.6))
    lines.push(`Content-Type: ${random.chance(0.8) ? random.oneOf(TYPES.slice(0, 2)) : random.oneOf(TYPES)}`);
  if (random.chance(0.1)) lines.push(`Content-Encoding: ${random.oneOf(ENCODINGS)}`);
  if (random.chance(0.15)) lines.push(`${random.oneOf(HEADERS)}: ${random.oneOf(HEADER_VALUES)}`);
  return lines;
}

function fuzzedBody(random: Random): Buffer {
  const value = random.oneOf<unknown>([RECORD, [RECORD], [RECORD, RECORD], KEY, DETAILS, {}, []]);
  const text = JSON.stringify(value);
  const changed = random.chance(0.5) ? text : mutated(random, text);
  return random.chance(0.1) ? gzipSync(changed) : Buffer.from(changed);
}

/** Deletes, repeats or replaces a part of the text. */
function mutated(random: Random, text: string): string {
  const at = random.below(text.length);
  const length = random.below(8);
  const inserted = random.oneOf([random.oneOf(WORDS), random.oneOf(VALUES), text.slice(at, at + 20), '%2e%2e/', '//']);
  return text.slice(0, at) + inserted.replace(/[\r\n\s]/g, '') + text.slice(at + length);
}
