import type { Zone } from './zone.js';

export interface Tick {
  readonly at: number;
  readonly label: string;
  /** Starts a larger unit (a day among hours, a year among months): drawn stronger. */
  readonly strong: boolean;
}

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'month' | 'year';

interface Step {
  readonly unit: Unit;
  readonly count: number;
  /** Milliseconds, approximate for months and years. */
  readonly span: number;
}

const MS: Record<Unit, number> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 2_629_800_000,
  year: 31_557_600_000,
};

const STEPS: readonly Step[] = (
  [
    ['second', [1, 2, 5, 10, 15, 30]],
    ['minute', [1, 2, 5, 10, 15, 30]],
    ['hour', [1, 2, 3, 6, 12]],
    ['day', [1, 2, 7]],
    ['month', [1, 3, 6]],
    ['year', [1, 2, 5, 10]],
  ] as const
).flatMap(([unit, counts]) => counts.map((count) => ({ unit, count, span: MS[unit] * count })));

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const two = (n: number) => String(n).padStart(2, '0');

/**
 * Ticks in [from, to] at round local times, at least `minGap` pixels apart. Across a change of the clocks the hours stay
 * evenly spaced, and an hour that exists twice has two ticks.
 *
 * @param from milliseconds since 1970
 * @param width of the window in pixels
 */
export function timeTicks(from: number, to: number, width: number, zone: Zone, minGap = 72): Tick[] {
  const step = stepFor(((to - from) / width) * minGap);
  return instantsOf(from, to, step, zone).map((at) => ({ at, ...describe(at, step, zone) }));
}

/** The line above the ticks: what all of them have in common at an instant, for instance the day. */
export function tickContext(at: number, from: number, to: number, width: number, zone: Zone): string {
  const { unit } = stepFor(((to - from) / width) * 72);
  const { year, month, day } = zone.local(at);
  if (unit === 'year') return '';
  if (unit === 'month') return String(year);
  if (unit === 'day') return `${MONTHS[month - 1]} ${year}`;
  return `${DAYS[zone.weekday(at)]} ${day} ${MONTHS[month - 1]} ${year}`;
}

function stepFor(span: number): Step {
  return STEPS.find((step) => step.span >= span) ?? STEPS.at(-1)!;
}

function instantsOf(from: number, to: number, step: Step, zone: Zone): number[] {
  if (step.unit === 'year' || step.unit === 'month') return ofMonths(from, to, step, zone);
  if (step.unit === 'day') return ofDays(from, to, step, zone);
  if (step.unit === 'hour') return ofHours(from, to, step, zone);
  // Seconds and minutes are the same in all zones up to quarters of an hour.
  const shift = zone.offset(from);
  const first = Math.ceil((from + shift) / step.span) * step.span - shift;
  return range(first, to, step.span);
}

function ofHours(from: number, to: number, step: Step, zone: Zone): number[] {
  const shift = zone.offset(from);
  const first = Math.ceil((from + shift) / MS.hour) * MS.hour - shift;
  return range(first, to, MS.hour).filter((at) => zone.local(at).hour % step.count === 0);
}

function ofDays(from: number, to: number, step: Step, zone: Zone): number[] {
  const { year, month, day } = zone.local(from);
  const all: number[] = [];
  for (let i = 0; ; i++) {
    const at = zone.instant(year, month, day + i);
    if (at > to) return all;
    const isRound = step.count === 7 ? zone.weekday(at) === 1 : (zone.local(at).day - 1) % step.count === 0;
    if (at >= from && isRound) all.push(at);
  }
}

function ofMonths(from: number, to: number, step: Step, zone: Zone): number[] {
  const months = step.unit === 'year' ? step.count * 12 : step.count;
  const { year, month } = zone.local(from);
  const all: number[] = [];
  for (let i = Math.floor((year * 12 + month - 1) / months) * months; ; i += months) {
    const at = zone.instant(Math.floor(i / 12), (i % 12) + 1, 1);
    if (at > to) return all;
    if (at >= from) all.push(at);
  }
}

function range(first: number, to: number, span: number): number[] {
  const all: number[] = [];
  for (let at = first; at <= to; at += span) all.push(at);
  return all;
}

function describe(at: number, { unit }: Step, zone: Zone): { label: string; strong: boolean } {
  const { year, month, day, hour, minute, second } = zone.local(at);
  const midnight = hour === 0 && minute === 0 && second === 0;
  switch (unit) {
    case 'second':
      return { label: `${two(hour)}:${two(minute)}:${two(second)}`, strong: second === 0 };
    case 'minute':
    case 'hour':
      return { label: `${two(hour)}:${two(minute)}`, strong: midnight };
    case 'day':
      return { label: day === 1 ? MONTHS[month - 1]! : `${DAYS[zone.weekday(at)]} ${day}`, strong: day === 1 };
    case 'month':
      return { label: month === 1 ? String(year) : MONTHS[month - 1]!, strong: month === 1 };
    case 'year':
      return { label: String(year), strong: false };
  }
}
