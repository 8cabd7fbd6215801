import type { CallFilter } from '../../common/call.js';

const MAX_PATH = 1024;
const MAX_NAME = 128;

/** A key in any place where a caller may have put one by mistake. Its prefix is public and stays. */
const KEY = /(sak_[a-z0-9]{8})_[A-Za-z0-9_-]+/gi;
/** Percent-encoding of characters that need none (RFC 3986, 2.3): they could hide a key. */
const NEEDLESS = /%(2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;

/** The path of a request, its needless encoding undone, without a key, and cut to what a record holds. */
export function recordablePath(path: string): string {
  const plain = path.replace(NEEDLESS, (encoded) => decodeURIComponent(encoded));
  return cut(withoutKey(plain), MAX_PATH);
}

export function recordableName(name: string): string {
  return cut(withoutKey(name), MAX_NAME);
}

export function recordableFilter(filter: CallFilter): string {
  const safe = Object.entries(filter).map(([name, value]) => [
    name,
    typeof value === 'string' ? withoutKey(value) : value,
  ]);
  return JSON.stringify(Object.fromEntries(safe));
}

/** A lone surrogate cannot be stored as UTF-8, so the text that comes back would not have the same hash. */
function withoutKey(text: string): string {
  return text.replace(KEY, '$1_...').toWellFormed();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 3).toWellFormed()}...`;
}
