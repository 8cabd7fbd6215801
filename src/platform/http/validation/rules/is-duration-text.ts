import { UNIT_MS, parseDuration, parseIsoDuration } from '../../../time/duration.js';
import { ReadWith, Unreadable } from './read-with.js';

const MAX_MS = 200 * 366 * UNIT_MS.d;

/** An ISO 8601 duration such as `PT8H`, or a number with a unit such as `90m`. The field becomes milliseconds. */
export function IsDurationText(): PropertyDecorator {
  return ReadWith('isDurationText', (value) => {
    const text = typeof value === 'string' ? value : '';
    const ms = parseIsoDuration(text) ?? parseDuration(text, { max: MAX_MS });
    if (ms !== undefined && ms <= MAX_MS) return ms;
    return new Unreadable('must be an ISO 8601 duration such as PT8H or P1D, or a number with ms, s, m, h or d: 90m');
  });
}
