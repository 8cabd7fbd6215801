import { Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** So many calls in so many milliseconds. */
export interface Rate {
  readonly calls: number;
  readonly perMs: number;
}

const FORM = /^([1-9]\d{0,8})\/(\d{1,4})(s|m|h)$/;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** `600/1m` to a Rate; anything else is left for the validator to refuse. */
export const ReadRate = () =>
  Transform(({ value }) => {
    const match = typeof value === 'string' ? FORM.exec(value) : null;
    if (!match) return value as unknown;
    return { calls: Number(match[1]), perMs: Number(match[2]) * UNIT_MS[match[3] as keyof typeof UNIT_MS] };
  });

/** Longer than a day is more than the timers of a process can count. */
export const IsRateOrOff = () =>
  ValidateBy({
    name: 'isRateOrOff',
    validator: {
      validate: (value) => {
        const perMs = (value as Partial<Rate> | null)?.perMs;
        return value === 'off' || (typeof perMs === 'number' && perMs > 0 && perMs <= 24 * UNIT_MS.h);
      },
      defaultMessage: () => '$property must be calls per time, up to 24h, such as 600/1m, or off',
    },
  });
