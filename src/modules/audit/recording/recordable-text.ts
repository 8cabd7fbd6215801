import type { CallFilter } from '../../../platform/http/call.js';
import { withoutSecrets } from '../../../platform/text/secrets.js';

const MAX_PATH = 1024;
const MAX_NAME = 128;

/** Percent-encoding of characters that need none (RFC 3986, 2.3): they could hide a secret. */
const NEEDLESS = /%(2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;

/** The path of a request, its needless encoding undone, without keys and tokens, and cut to what a record holds. */
export function recordablePath(path: string): string {
  const plain = path.replace(NEEDLESS, (encoded) => decodeURIComponent(encoded));
  return cut(recordable(plain), MAX_PATH);
}

export function recordableName(name: string): string {
  return cut(recordable(name), MAX_NAME);
}

export function recordableFilter(filter: CallFilter): string {
  const safe = Object.entries(filter).map(([name, value]) => [
    name,
    typeof value === 'string' ? recordable(value) : value,
  ]);
  return JSON.stringify(Object.fromEntries(safe));
}

/** A lone surrogate cannot be stored as UTF-8, so the text that comes back would not have the same hash. */
function recordable(text: string): string {
  return withoutSecrets(text).toWellFormed();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
