import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import { UNIT_MS, parseDuration } from '../platform/time/duration.js';

/** A number of calls in a period of `perMs` milliseconds. */
export interface Rate {
  readonly calls: number;
  readonly perMs: number;
}

const FORM = /^([1-9]\d{0,8})\/(\w+)$/;
/** express-rate-limit keeps a timer for the period, so it must fit into one; a day is enough. */
const PERIOD = { min: UNIT_MS.s, max: UNIT_MS.d, smallestUnit: 's' } as const;

/** Reads `600/1m`, or `off`; refuses anything else. */
export function IsRateOrOff(): PropertyDecorator {
  return (target, property) => {
    Transform(({ value }: { value: unknown }) => parseRate(value) ?? value)(target, property);
    ValidateBy({
      name: 'isRateOrOff',
      validator: {
        validate: (value) => value === 'off' || (typeof value === 'object' && value !== null),
        defaultMessage: () => '$property must be calls per time, up to 24h, such as 600/1m, or off',
      },
    })(target, property);
  };
}

function parseRate(value: unknown): Rate | undefined {
  const [, calls, period] = (typeof value === 'string' && FORM.exec(value)) || [];
  const perMs = parseDuration(period, PERIOD);
  return perMs === undefined ? undefined : { calls: Number(calls), perMs };
}
