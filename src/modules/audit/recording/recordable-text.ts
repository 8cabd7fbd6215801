import type { CallFilter } from '../../../platform/http/call.js';
import { pathWithoutSecrets, withoutSecrets } from '../../../platform/text/secrets.js';

const MAX_PATH = 1024;
const MAX_NAME = 128;
/** The column is a TEXT of MySQL: 65,535 bytes. */
const MAX_FILTER_BYTES = 65_000;
/** Length of a value that is cut. Ten such values fit even if every character is escaped to six. */
const MAX_CUT_VALUE = 1000;

/** Removes keys and tokens, also percent-encoded ones, and cuts the path to the length of its column. */
export function recordablePath(path: string): string {
  return cut(pathWithoutSecrets(path).toWellFormed(), MAX_PATH);
}

export function recordableName(name: string): string {
  return cut(recordable(name), MAX_NAME);
}

/** @returns JSON text that fits its column; long values are cut if it would not fit */
export function recordableFilter(filter: CallFilter): string {
  const safe = Object.entries(filter).map(([name, value]) => [name, recordableValue(value)] as const);
  const whole = JSON.stringify(Object.fromEntries(safe));
  if (Buffer.byteLength(whole) <= MAX_FILTER_BYTES) return whole;
  const shorter = safe.map(([name, value]) => [name, shortened(value)]);
  return JSON.stringify(Object.fromEntries(shorter));
}

function recordableValue(value: CallFilter[string]): CallFilter[string] {
  if (typeof value === 'object' && value !== null) return value.map((one) => recordableValue(one) as string | number);
  return typeof value === 'string' ? recordable(value) : value;
}

/** A list that is too long is kept as the beginning of its text. */
function shortened(value: CallFilter[string]): CallFilter[string] {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  return typeof text === 'string' && text.length > MAX_CUT_VALUE ? cut(text, MAX_CUT_VALUE) : value;
}

/** A lone surrogate cannot be stored as UTF-8, so the stored text would have another hash. */
function recordable(text: string): string {
  return withoutSecrets(text).toWellFormed();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}
