import { UNIT_MS, parseDuration } from '../../../platform/time/duration.js';

/** Length of the buckets of a series. */
export interface Step {
  /** As the audit record and cursors write it, such as `15m`. */
  readonly text: string;
  /** Milliseconds of a step below a day; undefined for `unit`. */
  readonly ms?: number;
  readonly unit?: 'day' | 'week' | 'month';
}

const CALENDAR: Readonly<Record<string, Step>> = {
  ...{ '1d': { text: '1d', unit: 'day' }, P1D: { text: '1d', unit: 'day' } },
  ...{ '1w': { text: '1w', unit: 'week' }, P1W: { text: '1w', unit: 'week' }, P7D: { text: '1w', unit: 'week' } },
  ...{ '1mo': { text: '1mo', unit: 'month' }, P1M: { text: '1mo', unit: 'month' } },
};

/** ISO 8601 durations in whole minutes or whole hours. */
const ISO_TIME = /^PT(\d{1,4}[MH])$/;

export const STEP_FORMS =
  '`1mo`, `1w`, `1d`, or a number of hours or minutes that divides a day, such as `1h` or `15m`; also as ISO 8601 durations (`P1M`, `P1W`, `P1D`, `PT1H`, `PT15M`)';

/** @returns undefined when the text is no step */
export function parseStep(value: unknown): Step | undefined {
  if (typeof value !== 'string') return undefined;
  if (Object.hasOwn(CALENDAR, value)) return CALENDAR[value];
  const iso = ISO_TIME.exec(value)?.[1]?.toLowerCase();
  const text = iso ?? (/^\d{1,4}[mh]$/.test(value) ? value : undefined);
  const ms = parseDuration(text, { min: UNIT_MS.m, max: UNIT_MS.d - 1 });
  if (ms === undefined || UNIT_MS.d % ms !== 0) return undefined;
  return { text: ms % UNIT_MS.h === 0 ? `${ms / UNIT_MS.h}h` : `${ms / UNIT_MS.m}m`, ms };
}
