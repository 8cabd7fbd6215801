import { ValidateBy, type ValidationArguments } from 'class-validator';

/** `https://`, or `http://` to this machine only: keys that verify tokens must not be modified in transit. */
export const IsSecureUrl = () =>
  ValidateBy({
    name: 'isSecureUrl',
    validator: {
      validate: (value) => value === '' || isSecureUrl(value),
      defaultMessage: () => '$property must be an https:// address without a user or password',
    },
  });

export function isSecureUrl(value: unknown): boolean {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

/** Origins as browsers send them, separated by commas. `*` is refused, because it would allow every page. */
export const IsOrigins = () =>
  ValidateBy({
    name: 'isOrigins',
    validator: {
      validate: (value) =>
        typeof value === 'string' &&
        value.split(',').every((origin) => origin.trim() === '' || isOrigin(origin.trim())),
      defaultMessage: () => '$property must be origins such as https://bi.example.org, separated by commas',
    },
  });

/** One origin, or nothing. */
export const IsOriginOrEmpty = () =>
  ValidateBy({
    name: 'isOriginOrEmpty',
    validator: {
      validate: (value) => value === '' || (typeof value === 'string' && isOrigin(value)),
      defaultMessage: () => '$property must be an origin such as https://sessions.example.org, without a path',
    },
  });

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** The variable and `other` must be set together or not at all. */
export const IsNeededWith = (other: string) =>
  ValidateBy({
    name: 'isNeededWith',
    constraints: [other],
    validator: {
      validate: (value, args) => typeof value === 'string' && (value === '') === (otherOf(args!) === ''),
      defaultMessage: () => `$property and ${other} must be set together`,
    },
  });

/** The variable may be set only if `other` is. */
export const Requires = (other: string) =>
  ValidateBy({
    name: 'requires',
    constraints: [other],
    validator: {
      validate: (value, args) => value === '' || otherOf(args!) !== '',
      defaultMessage: () => `$property needs ${other}`,
    },
  });

function otherOf({ object, constraints }: ValidationArguments): unknown {
  return (object as Record<string, unknown>)[constraints[0] as string];
}
