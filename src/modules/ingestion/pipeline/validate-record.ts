import { hash } from 'node:crypto';
import type { TimeZone } from '../../../platform/time/time-zone.js';
import { LOGON_TYPES, logonTypeCode } from '../../sessions/port/logon-type.js';
import { type SessionOrigin, datedOrigin } from './merge-origin.js';
import { type Fields, RecordChecks } from './record-checks.js';
import {
  ACTIVITY_FIELDS,
  ACTIVITY_INSTANTS,
  ACTIVITY_TEXTS,
  MAX_ACTIVITIES,
  RECORD_FIELDS,
  RECORD_INSTANTS,
  RECORD_TEXTS,
} from './record-definition.js';

/** A valid record. Instants are instant text in UTC; an absent `userDomain` is empty text. */
export interface NormalisedRecord {
  readonly externalId: string;
  readonly clientGuid: string;
  readonly clientName: string;
  readonly userName: string;
  readonly userDomain: string;
  readonly loginAt: string;
  readonly logoutAt: string | null;
  /** The latest instant of the record: its login, `lastSeen`, logout or an activity. */
  readonly lastSeenAt: string;
  /** With the instant `lastSeenAt`; null when the record says nothing about it. */
  readonly origin: SessionOrigin | null;
  /** Without repeats. */
  readonly activities: readonly NormalisedActivity[];
}

export interface NormalisedActivity {
  readonly at: string;
  /** Application, title, URL, keystrokes and kind. */
  readonly fields: readonly (string | null)[];
  /** `fields` as JSON: hashed here, and sent to a database server as it is. */
  readonly json: string;
  /** First 8 bytes of the SHA-256 of `json`, hexadecimal. */
  readonly digest: string;
}

/**
 * Validates one record of `POST /api/v1/ingest/sessions` (docs/contract.md, section 4) and normalises it.
 *
 * @param value result of JSON.parse
 * @param zone time zone of instants without an offset
 * @returns the record, or one sentence that names its first few problems
 */
export function validateRecord(value: unknown, zone: TimeZone): { record: NormalisedRecord } | { detail: string } {
  const checks = new RecordChecks(zone);
  const record = readRecord(value, checks);
  return record && checks.passed ? { record } : { detail: checks.detail };
}

function readRecord(value: unknown, checks: RecordChecks): NormalisedRecord | undefined {
  if (!isObject(value)) return void checks.fail('the record is not a JSON object');
  checks.knownFields(value, RECORD_FIELDS);
  const text = (name: keyof typeof RECORD_TEXTS) => checks.text(value[name], name, RECORD_TEXTS[name]) ?? '';
  const [externalId, clientGuid, clientName] = [text('externalId'), text('clientGuid'), text('clientName')];
  const [userName, userDomain] = [text('userName'), text('userDomain')];
  const instant = (name: keyof typeof RECORD_INSTANTS) => checks.instant(value[name], name, RECORD_INSTANTS[name]);
  const [login, logout, lastSeen] = [instant('loginDate'), instant('logoutDate'), instant('lastSeen')];
  if (login && logout && logout < login) checks.fail('logoutDate is before loginDate');
  const activities = readActivities(value['activities'], checks);
  let lastSeenAt = latest(login, latest(logout, lastSeen)) ?? '';
  for (const { at } of activities) if (at > lastSeenAt) lastSeenAt = at;
  // Without a spread, which makes V8 add the remaining properties one by one: a fifth of the time of validation.
  return {
    externalId,
    clientGuid,
    clientName,
    userName,
    userDomain,
    loginAt: login ?? '',
    logoutAt: logout,
    lastSeenAt,
    origin: readOrigin(value, checks, lastSeenAt),
    activities,
  };
}

function readOrigin(value: Fields, checks: RecordChecks, at: string): SessionOrigin | null {
  const logonType = checks.oneOf(value['logonType'], 'logonType', LOGON_TYPES);
  return datedOrigin(
    {
      remoteAddress: checks.address(value['remoteAddress'], 'remoteAddress'),
      remoteHost: checks.text(value['remoteHost'], 'remoteHost', RECORD_TEXTS.remoteHost),
      logonType: logonType === null ? null : logonTypeCode(logonType),
      terminal: checks.text(value['terminal'], 'terminal', RECORD_TEXTS.terminal),
    },
    at,
  );
}

function readActivities(value: unknown, checks: RecordChecks): NormalisedActivity[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return (checks.fail('activities is not an array'), []);
  if (value.length > MAX_ACTIVITIES) {
    checks.fail(
      `activities has ${value.length} elements, more than ${MAX_ACTIVITIES}: send the rest in another record of the session`,
    );
    return [];
  }
  const unique: NormalisedActivity[] = [];
  // Only needed once an instant does not come after all before it: ascending instants cannot repeat.
  let keys: Set<string> | undefined;
  for (let index = 0; index < value.length; index++) {
    checks.activity = index;
    const activity = readActivity(value[index], checks);
    if (!activity) continue;
    const last = unique.at(-1);
    if (!keys && (!last || activity.at > last.at)) {
      unique.push(activity);
      continue;
    }
    keys ??= new Set(unique.map(activityKey));
    const before = keys.size;
    if (keys.add(activityKey(activity)).size > before) unique.push(activity);
  }
  checks.activity = -1;
  return unique;
}

function readActivity(value: unknown, checks: RecordChecks): NormalisedActivity | undefined {
  if (!isObject(value)) return void checks.fail(`activities[${checks.activity}] is not a JSON object`);
  checks.knownFields(value, ACTIVITY_FIELDS);
  const at = checks.instant(value['at'], 'at', ACTIVITY_INSTANTS.at);
  const application = checks.text(value['application'], 'application', ACTIVITY_TEXTS.application);
  const title = checks.text(value['title'], 'title', ACTIVITY_TEXTS.title);
  const url = checks.text(value['url'], 'url', ACTIVITY_TEXTS.url);
  const keystrokes = checks.text(value['keystrokes'], 'keystrokes', ACTIVITY_TEXTS.keystrokes);
  const kind = checks.text(value['kind'], 'kind', ACTIVITY_TEXTS.kind);
  if (at === null || !checks.passed) return undefined;
  const fields = [application, title, url, keystrokes, kind];
  const json = JSON.stringify(fields);
  return { at, fields, json, digest: hash('sha256', json).slice(0, 16) };
}

/** Identifies an activity within its session: two activities are the same when all their fields are equal. */
export function activityKey({ at, digest }: Pick<NormalisedActivity, 'at' | 'digest'>): string {
  return `${at} ${digest}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function latest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
