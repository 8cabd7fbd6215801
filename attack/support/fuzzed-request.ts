import { gzipSync } from 'node:zlib';
import { OPERATIONS, type Operation, VALID_VALUES, boundsOf, pathOf } from './fuzz-operations.js';
import type { Random } from './random.js';
import type { Keys } from './target.js';

export interface FuzzedRequest {
  readonly method: string;
  readonly bytes: Buffer;
}

const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];
const PARAMETERS = [...Object.keys(VALID_VALUES), 'start', 'START', 'from', 'to', 'cursor', 'clientGuid', 'x'];
/** Hostile values of any parameter. */
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
const ACCEPTED = ['application/x-ndjson', 'text/csv', 'application/json', '*/*', 'x'];
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
  'Sec-Fetch-Site', 'X-Session-Audit-Console',
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
/** By the end of a path, bodies that the operation accepts. */
const BODIES: readonly (readonly [pathEnd: RegExp, bodies: readonly unknown[]])[] = [
  [/ingest/, [RECORD, [RECORD], [RECORD, RECORD]]],
  [/keys$/, [KEY]],
  [/\{prefix\}/, [{ name: 'spare' }, { expiresAt: null }, {}]],
  [/ekranapi/, [DETAILS]],
];
const ANY_BODY = [...BODIES.flatMap(([, bodies]) => bodies), []];

/** A request that is mostly well-formed, with random faults in its method, path, query, headers and body. */
export function fuzzedRequest(random: Random, keys: Keys): FuzzedRequest {
  const operation = random.oneOf(OPERATIONS);
  const valid = pathOf(operation, random, keys);
  const path = random.chance(0.85) ? valid : mutated(random, valid);
  const method = random.chance(0.85) ? operation.method : random.oneOf(METHODS);
  const body = random.chance(method === 'GET' ? 0.05 : 0.8) ? fuzzedBody(random, operation) : Buffer.alloc(0);
  const lines = [`${method} ${path}${fuzzedQuery(random, operation)} HTTP/1.1`, 'Host: 127.0.0.1'];
  lines.push(...fuzzedHeaders(random, keys, operation));
  if (body.length > 0) lines.push(`Content-Length: ${body.length}`);
  return { method, bytes: Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body]) };
}

function fuzzedQuery(random: Random, operation: Operation): string {
  const bounds = boundsOf(operation);
  // A window without bounds streams the whole database, so most have both.
  if (random.chance(bounds.length > 0 ? 0.02 : 0.5)) return '';
  const all = random.chance(0.98) ? [...bounds] : [];
  if (random.chance(0.6))
    all.push(...Array.from({ length: random.below(3) }, () => fuzzedParameter(random, operation)));
  return `?${all.join(random.chance(0.97) ? '&' : ';')}`;
}

function fuzzedParameter(random: Random, { parameters }: Operation): string {
  const name = parameters.length > 0 && random.chance(0.8) ? random.oneOf(parameters) : random.oneOf(PARAMETERS);
  return `${name}=${random.oneOf((random.chance(0.7) && VALID_VALUES[name]) || VALUES)}`;
}

function fuzzedHeaders(random: Random, keys: Keys, { path }: Operation): string[] {
  const lines: string[] = [];
  const { auditor, ...others } = keys;
  // Verifying the whole chain takes seconds, and its length grows with each request.
  const usable = Object.values(path.endsWith('/verify') ? others : { ...others, auditor });
  const key = random.chance(0.85)
    ? random.oneOf(usable)
    : random.oneOf(['', 'x', 'sak_aaaaaaaa_', keys.reader.slice(0, -1)]);
  if (random.chance(0.9)) lines.push(random.chance(0.8) ? `ApiKey: ${key}` : `Authorization: Bearer ${key}`);
  if (random.chance(0.6))
    lines.push(`Content-Type: ${random.chance(0.8) ? random.oneOf(TYPES.slice(0, 2)) : random.oneOf(TYPES)}`);
  if (random.chance(0.1)) lines.push(`Accept: ${random.oneOf(ACCEPTED)}`);
  if (random.chance(0.1)) lines.push(`Content-Encoding: ${random.oneOf(ENCODINGS)}`);
  if (random.chance(0.15)) lines.push(`${random.oneOf(HEADERS)}: ${random.oneOf(HEADER_VALUES)}`);
  return lines;
}

function fuzzedBody(random: Random, { path }: Operation): Buffer {
  const [, own] = BODIES.find(([pathEnd]) => pathEnd.test(path)) ?? [null, ANY_BODY];
  const value = random.oneOf(random.chance(0.8) ? own : ANY_BODY);
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
