import type { IngestActivity, IngestRecord } from '../ingestion/pipeline/ingest-record.js';
import { DOMAIN, MACHINES, type Work } from './organisation.js';
import { originOf } from './origins.js';
import { DAY_MS, type Plan, planDay, planStanding } from './plans.js';
import { Random } from './random.js';

/** Full days (UTC) of history before the day of `now`: always five working days and a weekend. */
const DAYS = 7;

/**
 * Sample data for the quickstart: the last week of a small organisation with 12 machines and 15 users. It has office days,
 * overnight, live, silent and overlapping sessions, a server with sessions of several days, and a laptop without a logout.
 *
 * Each session is planned from the seed and the day only, and then truncated at `nowMs`. The same seed therefore gives the
 * same history at any time of a day: a session that ends later is live, and one that begins later is absent.
 *
 * @param nowMs milliseconds since 1970; nothing generated is later
 * @returns records in login order, about 300 with about 6,000 activities
 */
export function* sampleOrganisation(nowMs: number, seed = 1): Generator<IngestRecord> {
  const today = Math.floor(nowMs / DAY_MS);
  const plans = planStanding(today, DAYS, seed);
  for (let day = today - DAYS; day <= today; day++) plans.push(...planDay(day, seed));
  const guids = new Map(MACHINES.map((machine, index) => [machine as string, guid(new Random(seed, index))]));
  plans.sort((a, b) => a.login - b.login || (a.id < b.id ? -1 : 1));
  for (const plan of plans) {
    if (plan.login <= nowMs) yield toRecord(plan, guids.get(plan.machine)!, nowMs);
  }
}

function toRecord(plan: Plan, clientGuid: string, nowMs: number): IngestRecord {
  const random = new Random(plan.seed);
  const heard = Math.max(plan.login, Math.min(plan.heardUntil ?? Infinity, nowMs - random.whole(0, 45_000)));
  const closed = plan.logout !== null && plan.logout <= nowMs;
  return {
    externalId: plan.id,
    clientGuid,
    clientName: plan.machine,
    userName: plan.user,
    userDomain: DOMAIN,
    loginDate: iso(plan.login),
    logoutDate: closed ? iso(plan.logout!) : null,
    ...(closed ? {} : { lastSeen: iso(heard) }),
    ...originOf(plan),
    activities: [...activities(plan, random, closed ? plan.logout! : heard)],
  };
}

/** Generated in time order: an earlier `until` gives a prefix of the result for a later one. */
function* activities(plan: Plan, random: Random, until: number): Generator<IngestActivity> {
  for (const [from, to] of plan.busy) {
    for (let at = from + random.pause(5_000); at < to && at <= until; at += random.pause(plan.pace)) {
      yield { at: iso(at), ...numbered(random.pick(plan.work), random.whole(100, 999)) };
    }
  }
}

function numbered(work: Work, number: number): Work {
  return Object.fromEntries(Object.entries(work).map(([name, text]) => [name, text?.replace('#', String(number))]));
}

/** A GUID with the format of version 4. */
function guid(random: Random): string {
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[parseInt(hex[16]!, 16) % 4];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
