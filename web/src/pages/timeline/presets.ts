import type { Zone } from '../../time/zone.js';

export interface Window {
  readonly from: number;
  readonly to: number;
  /** Whether the end moves with the time. */
  readonly following: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const PRESETS = [
  'hour',
  'day',
  'week',
  'month',
  'year',
  'threeYears',
  'today',
  'yesterday',
  'lastWeek',
] as const;

const LENGTHS: Partial<Record<string, number>> = {
  ...{ hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, year: 365 * DAY, threeYears: 3 * 365 * DAY },
};

/** Windows that end now leave a little room, so that the line of now can be seen. */
export function presetWindow(name: string, zone: Zone, now: number): Window {
  const length = LENGTHS[name];
  if (length !== undefined) return { from: now - length * 0.96, to: now + length * 0.04, following: true };
  const { year, month, day } = zone.local(now);
  const sinceMonday = (zone.weekday(now) + 6) % 7;
  const at = (days: number) => zone.instant(year, month, day + days);
  if (name === 'today') return { from: at(0), to: at(1), following: false };
  if (name === 'yesterday') return { from: at(-1), to: at(0), following: false };
  return { from: at(-sinceMonday - 7), to: at(-sinceMonday), following: false };
}

/** The window of an address; without one, the last seven days. */
export function windowOf(query: URLSearchParams, now: number): Window {
  const [from, to] = [Date.parse(query.get('from') ?? ''), Date.parse(query.get('to') ?? '')];
  if (from < to) return { from, to, following: false };
  return { from: now - 7 * DAY * 0.96, to: now + 7 * DAY * 0.04, following: true };
}
