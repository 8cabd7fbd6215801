import { hash } from 'node:crypto';
import { MAX_INSTANT_MS, MIN_INSTANT_MS, toInstantText } from '../../../platform/time/instant.js';
import { InstantSyntaxError, parseInstant } from '../../../platform/time/parse-instant.js';
import { withoutSecrets } from '../../../platform/text/secrets.js';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { canonicalInstant } from './canonical-instant.js';

/** A record that passed every check. Instants are instant text in UTC; an absent `userDomain` is empty text. */
export interface NormalisedRecord {
  readonly externalId: string;
  readonly clientGuid: string;
  readonly clientName: string;
  readonly userName: string;
  readonly userDomain: string;
  readonly loginAt: string;
  readonly logoutAt: string | null;
  /** The latest instant that the record holds: its login, `lastSeen`, logout or an activity. */
  readonly lastSeenAt: string;
  /** Without repeats. */
  readonly activities: readonly NormalisedActivity[];
}

export interface NormalisedActivity {
  readonly at: string;
  /** First 8 bytes of SHA-256 of `JSON.stringify([application, title, url, keystrokes, kind])`, hexadecimal. */
  readonly digest: string;
  readonly application: string | null;
  readonly title: string | null;
  readonly url: string | null;
  readonly keystrokes: string | null;
  readonly kind: string | null;
}

export const MAX_ACTIVITIES = 10_000;

/** Limits in characters (code points), as the columns count. */
const ACTIVITY_RULES = {
  application: { max: 255 },
  title: { max: 1024 },
  url: { max: 2048 },
  keystrokes: { max: 16_000 },
  kind: { max: 64 },
} as const;
const ACTIVITY_FIELDS = new Set<string>(['at', ...Object.keys(ACTIVITY_RULES)]);
const RECORD_FIELDS = new Set([
  ...['externalId', 'clientGuid', 'clientName', 'userName', 'userDomain'],
  ...['loginDate', 'logoutDate', 'lastSeen', 'activities'],
]);

/** How many problems a detail names: enough to repair a sender, bounded whatever it sent. */
const NAMED_PROBLEMS = 3;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

type Fields = Readonly<Record<string, unknown>>;

interface TextRule {
  readonly max: number;
  readonly min?: number;
  /** Part of what identifies something: a control character there is damage, never a name. */
  readonly identity?: boolean;
}

/**
 * Checks one record of `POST /api/v1/ingest/sessions` (contract, section 4) and brings it into one form.
 *
 * @param value what JSON.parse gave
 * @param zone of instants without an offset
 * @returns the record, or one sentence that names its first few problems
 */
export function validateRecord(value: unknown, zone: TimeZone): { record: NormalisedRecord } | { detail: string } {
  const check = new Check(zone);
  const record = readRecord(value, check);
  if (record && check.problems.length === 0) return { record };
  const more = check.count - check.problems.length;
  return { detail: `${check.problems.join('; ')}${more > 0 ? `; and ${more} more` : ''}.` };
}

function readRecord(value: unknown, check: Check): NormalisedRecord | undefined {
  if (!isObject(value)) return void check.fail('the record is not a JSON object');
  check.known(value, RECORD_FIELDS, '');
  const externalId = check.requiredText(value, 'externalId', { min: 1, max: 128, identity: true });
  const clientGuid = check.requiredText(value, 'clientGuid', { min: 1, max: 64 });
  if (clientGuid && !VISIBLE_ASCII.test(clientGuid)) check.fail('clientGuid must be visible ASCII characters');
  const clientName = check.requiredText(value, 'clientName', { min: 1, max: 255 });
  const userName = check.requiredText(value, 'userName', { min: 1, max: 128, identity: true });
  const userDomain = check.text(value['userDomain'], 'userDomain', { max: 128, identity: true }) ?? '';
  const login = check.requiredInstant(value, 'loginDate');
  const logout = check.requiredInstant(value, 'logoutDate', true);
  const lastSeen = check.instant(value['lastSeen'], 'lastSeen');
  if (login && logout && logout < login) check.fail('logoutDate is before loginDate');
  const activities = readActivities(value['activities'], check);
  let lastSeenAt = latest([login, logout, lastSeen]);
  for (const { at } of activities) if (at > lastSeenAt) lastSeenAt = at;
  return {
    externalId,
    clientGuid,
    clientName,
    userName,
    userDomain,
    loginAt: login ?? '',
    logoutAt: logout,
    lastSeenAt,
    activities,
  };
}

function readActivities(value: unknown, check: Check): NormalisedActivity[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return (check.fail('activities is not an array'), []);
  if (value.length > MAX_ACTIVITIES) {
    check.fail(
      `activities has ${value.length} elements, more than ${MAX_ACTIVITIES}: send the rest in another record of the session`,
    );
    return [];
  }
  const unique: NormalisedActivity[] = [];
  const keys = new Set<string>();
  for (let index = 0; index < value.length; index++) {
    const activity = readActivity(value[index], index, check);
    if (!activity) continue;
    const before = keys.size;
    if (keys.add(activityKey(activity.at, activity.digest)).size > before) unique.push(activity);
  }
  return unique;
}

function readActivity(value: unknown, index: number, check: Check): NormalisedActivity | undefined {
  const path = `activities[${index}]`;
  if (!isObject(value)) return void check.fail(`${path} is not a JSON object`);
  check.known(value, ACTIVITY_FIELDS, `${path}.`);
  const at = check.requiredInstant(value, 'at', false, `${path}.`);
  const text = (name: keyof typeof ACTIVITY_RULES) => check.text(value[name], name, ACTIVITY_RULES[name], `${path}.`);
  const application = text('application');
  const title = text('title');
  const url = text('url');
  const keystrokes = text('keystrokes');
  const kind = text('kind');
  if (at === null || check.count > 0) return undefined;
  const digest = hash('sha256', JSON.stringify([application, title, url, keystrokes, kind])).slice(0, 16);
  return { at, digest, application, title, url, keystrokes, kind };
}

/** Tells the activities of one session apart: an activity is the same when all its fields are. */
export function activityKey(at: string, digest: string): string {
  return `${at} ${digest}`;
}

/** Collects what is wrong with one record; a value that is wrong reads as absent. */
class Check {
  readonly problems: string[] = [];
  count = 0;

  constructor(private readonly zone: TimeZone) {}

  fail(problem: string): void {
    this.count++;
    if (this.problems.length < NAMED_PROBLEMS) this.problems.push(problem);
  }

  known(fields: Fields, names: ReadonlySet<string>, path: string): void {
    for (const name of Object.keys(fields))
      if (!names.has(name)) this.fail(`${path}${shown(name)} is not a known field`);
  }

  requiredText(fields: Fields, name: string, rule: TextRule): string {
    if (fields[name] === undefined || fields[name] === null) return (this.fail(`${name} is missing`), '');
    return this.text(fields[name], name, rule) ?? '';
  }

  text(value: unknown, name: string, rule: TextRule, path = ''): string | null {
    if (value === undefined || value === null) return null;
    const problem = textProblem(value, rule);
    if (problem === undefined) return value as string;
    this.fail(`${path}${name} ${problem}`);
    return null;
  }

  requiredInstant(fields: Fields, name: string, nullable = false, path = ''): string | null {
    if (fields[name] === undefined || (fields[name] === null && !nullable))
      return (this.fail(`${path}${name} is missing`), null);
    return this.instant(fields[name], name, path);
  }

  instant(value: unknown, name: string, prefix = ''): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value !== 'string') return (this.fail(`${prefix}${name} is not text`), null);
    const canonical = canonicalInstant(value);
    return canonical ?? this.readInstant(value, `${prefix}${name}`);
  }

  private readInstant(value: string, path: string): string | null {
    try {
      const ms = parseInstant(value, this.zone);
      if (ms >= MIN_INSTANT_MS && ms <= MAX_INSTANT_MS) return toInstantText(ms);
      this.fail(`${path} is outside 1970-01-01T00:00:01Z to 2106-02-07T06:28:13.999Z`);
    } catch (error) {
      if (!(error instanceof InstantSyntaxError)) throw error;
      this.fail(`${path} ${error.message}`);
    }
    return null;
  }
}

function textProblem(value: unknown, { min = 0, max, identity = false }: TextRule): string | undefined {
  if (typeof value !== 'string') return 'is not text';
  if (value.length < min) return 'is empty';
  if (value.length > max && longerThan(value, max)) return `is longer than ${max} characters`;
  // No column can keep a lone surrogate, and one of the engines ends text at U+0000.
  if (!value.isWellFormed()) return 'holds a lone surrogate';
  if (value.includes('\0')) return 'holds U+0000';
  if (identity && CONTROL.test(value)) return 'holds a control character';
  return undefined;
}

/** Code points, counted only as far as needed. */
function longerThan(value: string, max: number): boolean {
  if (value.length > 2 * max) return true;
  let count = 0;
  for (const _ of value) if (++count > max) return true;
  return false;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function latest(instants: readonly (string | null)[]): string {
  return instants.reduce<string>((a, b) => (b !== null && b > a ? b : a), '');
}

/** Names come from outside: cut, without keys, and quoted so that nothing of them acts. */
function shown(name: string): string {
  const shown = withoutSecrets(name);
  return JSON.stringify(shown.length > 40 ? `${shown.slice(0, 40)}…` : shown);
}
