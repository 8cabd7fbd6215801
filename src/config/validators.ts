import { Transform } from 'class-transformer';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isCidr } from '../platform/net/cidr.js';
import { durationText, parseDuration } from '../platform/time/duration.js';

interface DurationOptions {
  /** Milliseconds, inclusive. */
  readonly min?: number;
  readonly max: number;
  /** Whether `off` is accepted, too. */
  readonly off?: boolean;
}

/** Reads `90s`, `15m`, `24h` or `7d` into milliseconds; refuses 0, more than `max`, and anything else. */
export function IsDuration({ min = 1, max, off = false }: DurationOptions): PropertyDecorator {
  const range = { min, max };
  const least = min === 1 ? '' : `at least ${durationText(min)} and `;
  const message = `$property must be a time such as 90s, 15m or 24h, ${least}at most ${durationText(max)}${off ? ', or off' : ''}`;
  return (target, property) => {
    Transform(({ value }: { value: unknown }) => parseDuration(value, range) ?? value)(target, property);
    ValidateBy({
      name: 'isDuration',
      validator: {
        validate: (value) => typeof value === 'number' || (off && value === 'off'),
        defaultMessage: () => message,
      },
    })(target, property);
  };
}

/** Turns digits into a number; leaves anything else for the validators to refuse. */
export const WholeNumber = () =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value,
  );

/** A whole number within bounds, or `off`. */
export function WholeNumberOrOff({ min, max }: { min: number; max: number }): PropertyDecorator {
  return (target, property) => {
    WholeNumber()(target, property);
    ValidateBy({
      name: 'wholeNumberOrOff',
      validator: {
        validate: (value) => value === 'off' || (Number.isInteger(value) && value >= min && value <= max),
        defaultMessage: () => `$property must be a whole number from ${min} to ${max}, or off`,
      },
    })(target, property);
  };
}

/** SQLite has one writer at a time, and its driver blocks its process: more processes would only wait for one another. */
export const IsOneOnSqlite = () =>
  ValidateBy({
    name: 'isOneOnSqlite',
    validator: {
      validate: (value, args) => value === 1 || !isSqlite(args!),
      defaultMessage: () =>
        '$property must be 1 with SQLite, which has one writer at a time; use MySQL or MariaDB for more',
    },
  });

function isSqlite({ object }: ValidationArguments): boolean {
  return String((object as { DATABASE_URL?: unknown }).DATABASE_URL).startsWith('sqlite:');
}

export const IsTimeZone = () =>
  ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: isTimeZone,
      defaultMessage: () => '$property must be an IANA time zone such as Europe/Berlin',
    },
  });

/** An offset such as +03:00 is not a time zone: it does not have the changes to and from daylight saving time. */
function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

export const IsAddressList = () =>
  ValidateBy({
    name: 'isAddressList',
    validator: {
      validate: (value) => typeof value === 'string' && listOf(value).every(isCidr),
      defaultMessage: () => '$property must be addresses or ranges such as 10.0.0.1,192.0.2.0/24, separated by commas',
    },
  });

/** @returns the parts of a list that is separated by commas, without spaces around them and without empty ones */
export function listOf(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}
