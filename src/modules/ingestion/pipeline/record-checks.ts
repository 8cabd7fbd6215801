import { addressDigits } from '../../../platform/net/ip-address.js';
import { withoutSecrets } from '../../../platform/text/secrets.js';
import { MAX_INSTANT_MS, MIN_INSTANT_MS, toInstantText } from '../../../platform/time/instant.js';
import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { canonicalInstant } from './canonical-instant.js';
import type { InstantField, TextField } from './record-definition.js';

export type Fields = Readonly<Record<string, unknown>>;

/** Number of problems that a detail names; the rest is only counted, so that the detail is short for any input. */
const MAX_NAMED_PROBLEMS = 3;
const MAX_SHOWN_NAME = 40;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

/** Collects the problems of one record. A value with a problem reads as absent. */
export class RecordChecks {
  private readonly named: string[] = [];
  private count = 0;
  /** Index of the activity whose fields are read; -1 for the fields of the record. */
  activity = -1;

  constructor(private readonly zone: TimeZone) {}

  get passed(): boolean {
    return this.count === 0;
  }

  /** One sentence with the first few problems. */
  get detail(): string {
    const more = this.count - this.named.length;
    return `${this.named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
  }

  fail(problem: string): void {
    this.count++;
    if (this.named.length < MAX_NAMED_PROBLEMS) this.named.push(problem);
  }

  knownFields(fields: Fields, known: ReadonlySet<string>): void {
    for (const name in fields) if (!known.has(name)) this.failField(shown(name), 'is not a known field');
  }

  text(value: unknown, name: string, rule: TextField): string | null {
    if (value === undefined || value === null) {
      if (rule.required) this.failField(name, 'is missing');
      return null;
    }
    const problem = textProblem(value, rule);
    if (problem === undefined) return value as string;
    this.failField(name, problem);
    return null;
  }

  /** @returns the digits of an IP address, see platform/net/ip-address.ts */
  address(value: unknown, name: string): string | null {
    if (value === undefined || value === null) return null;
    const digits = typeof value === 'string' ? addressDigits(value) : undefined;
    if (digits === undefined) this.failField(name, 'is not an IPv4 or IPv6 address');
    return digits ?? null;
  }

  oneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T | null {
    if (value === undefined || value === null) return null;
    if (allowed.includes(value as T)) return value as T;
    this.failField(name, `is not one of ${allowed.join(', ')}`);
    return null;
  }

  /** @returns instant text, in UTC */
  instant(value: unknown, name: string, { required, nullable }: InstantField): string | null {
    if (value === undefined || value === null) {
      if (required && !(nullable && value === null)) this.failField(name, 'is missing');
      return null;
    }
    if (typeof value !== 'string') return (this.failField(name, 'is not text'), null);
    return canonicalInstant(value) ?? this.parsedInstant(value, name);
  }

  private parsedInstant(value: string, name: string): string | null {
    try {
      const ms = parseInstant(value, this.zone);
      if (ms >= MIN_INSTANT_MS && ms <= MAX_INSTANT_MS) return toInstantText(ms);
      this.failField(name, 'is outside 1970-01-01T00:00:01Z to 2106-02-07T06:28:13.999Z');
    } catch (error) {
      if (!(error instanceof InstantSyntaxError)) throw error;
      this.failField(name, error.message);
    }
    return null;
  }

  private failField(name: string, problem: string): void {
    this.fail(`${this.activity < 0 ? '' : `activities[${this.activity}].`}${name} ${problem}`);
  }
}

function textProblem(value: unknown, { minLength = 0, maxLength, characters }: TextField): string | undefined {
  if (typeof value !== 'string') return 'is not text';
  if (value.length < minLength) return 'is empty';
  if (value.length > maxLength && isLongerThan(value, maxLength)) return `is longer than ${maxLength} characters`;
  // No engine stores a lone surrogate, and SQLite ends text at U+0000.
  if (!value.isWellFormed()) return 'holds a lone surrogate';
  if (value.includes('\0')) return 'holds U+0000';
  if (characters === 'identity' && CONTROL.test(value)) return 'holds a control character';
  if (characters === 'visible ASCII' && !VISIBLE_ASCII.test(value)) return 'must be visible ASCII characters';
  return undefined;
}

/** Counts code points, only as far as needed. */
function isLongerThan(value: string, maxLength: number): boolean {
  if (value.length > 2 * maxLength) return true;
  let count = 0;
  for (const _ of value) if (++count > maxLength) return true;
  return false;
}

/** A name that the sender chose: shortened, without keys, and quoted. */
function shown(name: string): string {
  const safe = withoutSecrets(name);
  return JSON.stringify(safe.length > MAX_SHOWN_NAME ? `${safe.slice(0, MAX_SHOWN_NAME)}…` : safe);
}
