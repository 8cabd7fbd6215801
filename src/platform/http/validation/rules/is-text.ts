import { isIP } from 'node:net';
import { ReadEachWith, ReadWith, Unreadable } from './read-with.js';

/** Text in a given form. */
export function IsTextLike(form: RegExp, detail: string): PropertyDecorator {
  return ReadWith('isTextLike', (value) =>
    typeof value === 'string' && form.test(value) ? value : new Unreadable(detail),
  );
}

/** One of a closed list, which is read when a request is: features register their names while they load. */
export function IsOneOf(known: () => readonly string[]): PropertyDecorator {
  return ReadWith('isOneOf', (value) =>
    known().includes(value as string) ? value : new Unreadable(`must be one of ${known().join(', ')}`),
  );
}

/** A repeatable parameter; each value is text in a given form. */
export function IsEachTextLike(form: RegExp, detail: string): PropertyDecorator {
  return ReadEachWith('isEachTextLike', (value) =>
    typeof value === 'string' && form.test(value) ? value : new Unreadable(detail),
  );
}

/** A repeatable parameter; each value is one of a closed list. */
export function IsEachOneOf(known: readonly string[]): PropertyDecorator {
  return ReadEachWith('isEachOneOf', (value) =>
    known.includes(value as string) ? value : new Unreadable(`must be one of ${known.join(', ')}`),
  );
}

/** An IPv4 or IPv6 address. */
export function IsIpAddress(): PropertyDecorator {
  return ReadWith('isIpAddress', (value) =>
    typeof value === 'string' && isIP(value) !== 0 ? value : new Unreadable('is not an IPv4 or IPv6 address'),
  );
}
