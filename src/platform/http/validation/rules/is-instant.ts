import { MAX_INSTANT_MS } from '../../../time/instant.js';
import { InstantSyntaxError, parseInstant } from '../../../time/parse-instant.js';
import { ReadWith, Rule, Unreadable } from './read-with.js';

/**
 * A date or a time in the forms of docs/contract.md, section 2; without an offset it is local time of the API's zone.
 * The field becomes milliseconds since 1970.
 */
export function IsInstant(): PropertyDecorator {
  return ReadWith('isInstant', (value, { zone }, field) => {
    if (typeof value !== 'string') return new Unreadable('must be text, a date with a time');
    if (value === '') return new Unreadable(`is empty; leave ${field} out for no bound`);
    return parsed(value, zone);
  });
}

/** An instant that is later than the request and can be stored, or null. The field becomes milliseconds since 1970. */
export function IsFutureInstantOrNull(pastDetail: string): PropertyDecorator {
  return ReadWith('isFutureInstantOrNull', (value, { zone, nowMs }) => {
    if (value === null) return null;
    if (typeof value !== 'string') return new Unreadable('must be text, a date with a time');
    const ms = parsed(value, zone);
    if (ms instanceof Unreadable) return ms;
    if (ms > MAX_INSTANT_MS) return new Unreadable('is after 2106-02-07T06:28:13.999Z');
    return ms <= nowMs ? new Unreadable(pastDetail) : ms;
  });
}

/** The instant is not after the one in another field. */
export function IsNotAfter(other: string): PropertyDecorator {
  return Rule('isNotAfter', (value, object) => {
    const end = (object as Record<string, unknown>)[other];
    return typeof value === 'number' && typeof end === 'number' && value > end ? `is after ${other}` : undefined;
  });
}

function parsed(text: string, zone: Parameters<typeof parseInstant>[1]): number | Unreadable {
  try {
    return parseInstant(text, zone);
  } catch (error) {
    if (error instanceof InstantSyntaxError) return new Unreadable(error.message);
    throw error;
  }
}
