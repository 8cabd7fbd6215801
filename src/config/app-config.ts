import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsString, Max, Min, MinLength, ValidateBy, validateSync } from 'class-validator';

const DURATION = /^(\d+)(ms|s|m|h|d)$/;
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `90s`, `15m`, `24h`, `7d` to milliseconds; anything else is left for the validator to refuse. */
const Duration = () =>
  Transform(({ value }) => {
    const match = typeof value === 'string' ? DURATION.exec(value) : null;
    return match ? Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS] : value;
  });

const WholeNumber = () =>
  Transform(({ value }) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value));

const IsDuration = () =>
  ValidateBy({ name: 'isDuration', validator: { validate: isDuration, defaultMessage: durationMessage } });
const isDuration = (value: unknown) => typeof value === 'number' && value > 0;
const durationMessage = () => '$property must be a time such as 90s, 15m, 24h or 7d';

const IsDurationOrOff = () =>
  ValidateBy({
    name: 'isDurationOrOff',
    validator: {
      validate: (value) => value === 'off' || isDuration(value),
      defaultMessage: () => '$property must be a time such as 24h, or off',
    },
  });

const IsTimeZone = () =>
  ValidateBy({
    name: 'isTimeZone',
    validator: {
      validate: isTimeZone,
      defaultMessage: () => '$property must be an IANA time zone such as Europe/Berlin',
    },
  });

/** Offsets such as +03:00 are no zones: they know nothing of clock changes. */
function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^[A-Za-z]/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** Everything that the environment may set. Names in the environment are these in upper snake case. */
export class AppConfig {
  @IsString() @MinLength(1) DATABASE_URL: string = 'sqlite:./data/sessions.db';
  @IsString() @MinLength(1) HOST: string = '127.0.0.1';
  @WholeNumber() @IsInt() @Min(0) @Max(65535) PORT: number = 3000;
  @IsTimeZone() API_TIME_ZONE: string = 'UTC';
  @Duration() @IsDurationOrOff() LOST_AFTER: number | 'off' = 24 * UNIT_MS.h;
  @Duration() @IsDuration() IDLE_TIMEOUT: number = 15 * UNIT_MS.m;
  @IsIn(['error', 'warn', 'log', 'debug']) LOG_LEVEL: string = 'log';
  @IsIn(['json', 'text']) LOG_FORMAT: string = 'json';
  @WholeNumber() @IsInt() @Min(1) @Max(1000) DB_POOL_SIZE: number = 10;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) MAX_DOWNLOADS: number = 10;
  @Duration() @IsDuration() POOL_TIMEOUT: number = 5 * UNIT_MS.s;
  @Duration() @IsDuration() STATEMENT_TIMEOUT: number = 30 * UNIT_MS.s;
  @Duration() @IsDuration() STALL_TIMEOUT: number = 60 * UNIT_MS.s;
  @Duration() @IsDuration() DOWNLOAD_TIMEOUT: number = 6 * UNIT_MS.h;

  get lostAfterMs(): number | null {
    return this.LOST_AFTER === 'off' ? null : this.LOST_AFTER;
  }
}

/** Thrown with every problem of the environment at once, a line each. */
export class ConfigError extends Error {}

/**
 * The only reader of `process.env`.
 *
 * @throws ConfigError that lists every variable that is wrong; values are not repeated, as they may hold a password
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): AppConfig {
  const known = Object.keys(new AppConfig());
  const given = Object.fromEntries(
    known.filter((name) => env[name] !== undefined && env[name] !== '').map((n) => [n, env[n]]),
  );
  const config = plainToInstance(AppConfig, given);
  const faults = validateSync(config).flatMap((error) => Object.values(error.constraints ?? {}));
  if (faults.length > 0)
    throw new ConfigError(`The configuration is not valid:\n${faults.map((f) => `  ${f}`).join('\n')}`);
  return config;
}
