import type { Zone } from './zone.js';

const UNIT = '(s|sec|second|min|m|minute|h|hour|d|day|w|week)s?';
const AGO = new RegExp(`^-\\s*(\\d{1,5})\\s*${UNIT}$`);
const AHEAD = new RegExp(`^(?:in\\s+|\\+\\s*)(\\d{1,5})\\s*${UNIT}$`);
/** By the first letter of a unit. */
const UNIT_MS: Record<string, number> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6_048e5 };
const CLOCK = /^(\d{1,2})(?::(\d{2})(?::(\d{2}))?)?\s*(am|pm)?$/;
const LOCAL = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[t\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const ABSOLUTE = /^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(:\d{2}(\.\d+)?)?(z|[+-]\d{2}:?\d{2})$/;

/**
 * The instant that a person typed: `2026-03-02 10:15`, `2026-03-02`, an instant with an offset, `10:15` (today), `yesterday
 * noon`, `yesterday 9:30`, `now`, `-2h`, `-3d`, `in 90 days`, `+12h`.
 *
 * @returns milliseconds since 1970; undefined if the text is not understood
 */
export function parseInstant(text: string, zone: Zone, now: number): number | undefined {
  const typed = text.trim().toLowerCase().replace(/,/g, ' ').replace(/\s+/g, ' ');
  if (typed === 'now') return now;
  const ago = AGO.exec(typed);
  if (ago) return now - lengthOf(ago);
  const ahead = AHEAD.exec(typed);
  if (ahead) return now + lengthOf(ahead);
  if (ABSOLUTE.test(typed)) {
    const instant = Date.parse(typed.toUpperCase());
    return Number.isNaN(instant) ? undefined : instant;
  }
  const local = LOCAL.exec(typed);
  if (local)
    return ofLocal(
      local.slice(1).map((part) => Number(part ?? 0)),
      zone,
    );
  return relativeDay(typed, zone, now);
}

function lengthOf([, count, unit]: RegExpExecArray): number {
  return Number(count) * UNIT_MS[unit![0]!]!;
}

function ofLocal([year, month, day, hour, minute, second]: number[], zone: Zone): number | undefined {
  const isReal =
    new Date(Date.UTC(year!, month! - 1, day!)).getUTCDate() === day &&
    month! <= 12 &&
    month! >= 1 &&
    isClock(hour!, minute!, second!);
  return isReal ? zone.instant(year!, month!, day!, hour!, minute!, second!) : undefined;
}

function relativeDay(typed: string, zone: Zone, now: number): number | undefined {
  const words = typed.split(' ');
  const first = words[0] === 'yesterday' || words[0] === 'today' || words[0] === 'tomorrow' ? words.shift() : undefined;
  if (words[0] === 'at') words.shift();
  const days = first === 'yesterday' ? -1 : first === 'tomorrow' ? 1 : 0;
  const { year, month, day } = zone.local(now);
  const rest = words.join(' ');
  if (rest === '') return first ? zone.instant(year, month, day + days) : undefined;
  const clock = rest === 'noon' ? [12, 0, 0] : rest === 'midnight' ? [0, 0, 0] : clockOf(rest);
  return clock && zone.instant(year, month, day + days, ...(clock as [number, number, number]));
}

function clockOf(text: string): number[] | undefined {
  const [all, h, m, s, half] = CLOCK.exec(text) ?? [];
  if (all === undefined || (m === undefined && half === undefined)) return undefined;
  const [hour, minute, second] = [Number(h), Number(m ?? 0), Number(s ?? 0)];
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return isClock(hours, minute, second) ? [hours, minute, second] : undefined;
}

function isClock(hour: number, minute: number, second: number): boolean {
  return hour < 24 && minute < 60 && second < 60;
}
