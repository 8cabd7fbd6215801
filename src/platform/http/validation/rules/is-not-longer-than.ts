import { Rule } from './read-with.js';

/** A duration of at most `maxMs` milliseconds. @param text the same for people */
export function IsNotLongerThan(maxMs: number, text: string): PropertyDecorator {
  return Rule('isNotLongerThan', (value) =>
    typeof value === 'number' && value > maxMs ? `must be at most ${text}` : undefined,
  );
}
