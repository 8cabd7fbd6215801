import { ReadEachWith, ReadWith, Unreadable } from './read-with.js';

/** A whole number in decimal digits, or a JSON number in a body. The field becomes a number. */
export function IsWholeNumber({ min = 0, max }: { min?: number; max: number }): PropertyDecorator {
  return ReadWith('isWholeNumber', (value, { texts }, field) => {
    if (!texts.has(field) && typeof value !== 'number') return new Unreadable('must be a JSON number');
    const text = String(value);
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return number >= min && number <= max ? number : new Unreadable(`must be a whole number from ${min} to ${max}`);
  });
}

/** A repeatable parameter; each value is a whole number. */
export function IsEachWholeNumber({ min, max }: { min: number; max: number }): PropertyDecorator {
  return ReadEachWith('isEachWholeNumber', (value) => {
    const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    return number >= min && number <= max ? number : new Unreadable(`must be a whole number from ${min} to ${max}`);
  });
}
