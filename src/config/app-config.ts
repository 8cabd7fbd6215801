import { isIP } from 'node:net';
import { plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsInt, IsString, Matches, Max, Min, MinLength, ValidateBy, validateSync } from 'class-validator';
import { IsRateOrOff, type Rate, ReadRate } from './rate.js';
import { IsNeededWith, IsOrigins, IsSecureUrl } from './security-settings.js';

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

const CLAIM = /^[!-~]{1,128}$/;
const IsAddressList = () =>
  ValidateBy({
    name: 'isAddressList',
    validator: {
      validate: (value) => typeof value === 'string' && addressList(value).every(isAddressRange),
      defaultMessage: () => '$property must be addresses or ranges such as 10.0.0.1,192.0.2.0/24, separated by commas',
    },
  });

function addressList(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

function isAddressRange(text: string): boolean {
  const [, address = '', bits] = /^([0-9a-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits ?? 0) <= (family === 4 ? 32 : 128);
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
  @WholeNumber() @IsInt() @Min(1) @Max(1000) MAX_INGESTS: number = 8;
  @Duration() @IsDuration() POOL_TIMEOUT: number = 5 * UNIT_MS.s;
  @Duration() @IsDuration() STATEMENT_TIMEOUT: number = 30 * UNIT_MS.s;
  @Duration() @IsDuration() STALL_TIMEOUT: number = 60 * UNIT_MS.s;
  @Duration() @IsDuration() DOWNLOAD_TIMEOUT: number = 6 * UNIT_MS.h;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) DOWNLOADS_PER_CALLER: number = 4;
  @ReadRate() @IsRateOrOff() RATE_LIMIT: Rate | 'off' = { calls: 30_000, perMs: UNIT_MS.m };
  @ReadRate() @IsRateOrOff() AUTH_FAILURE_LIMIT: Rate | 'off' = { calls: 300, perMs: UNIT_MS.m };
  @Duration() @IsDuration() HEADERS_TIMEOUT: number = 10 * UNIT_MS.s;
  @Duration() @IsDuration() REQUEST_TIMEOUT: number = 6 * UNIT_MS.h;
  @Duration() @IsDuration() KEEP_ALIVE_TIMEOUT: number = 65 * UNIT_MS.s;
  @IsOrigins() CORS_ORIGINS: string = '';
  @IsNeededWith('TLS_KEY_FILE') TLS_CERT_FILE: string = '';
  @IsNeededWith('TLS_CERT_FILE') TLS_KEY_FILE: string = '';
  @IsSecureUrl() OIDC_ISSUER: string = '';
  @IsNeededWith('OIDC_ISSUER') OIDC_AUDIENCE: string = '';
  @IsSecureUrl() OIDC_JWKS_URL: string = '';
  @Matches(CLAIM) OIDC_SCOPE_CLAIM: string = 'scope';
  @IsString() OIDC_SCOPE_PREFIX: string = '';
  @Matches(/^$|^[!-~]{1,128}$/) OIDC_CLIENTS_CLAIM: string = '';

  /** Origins of pages in other places that may call us from a browser. */
  get corsOrigins(): string[] {
    return this.CORS_ORIGINS.split(',')
      .map((origin) => origin.trim())
      .filter(Boolean);
  }

  @IsAddressList() TRUSTED_PROXIES: string = '';
  @IsString() @MinLength(1) AUDIT_SIGNING_KEY: string = './data/audit-signing-key.pem';
  @IsString() @MinLength(1) AUDIT_CHECKPOINTS: string = './data/audit-checkpoints.ndjson';
  @WholeNumber() @IsInt() @Min(1) @Max(1_000_000) AUDIT_CHECKPOINT_RECORDS: number = 1000;
  @Duration() @IsDuration() AUDIT_CHECKPOINT_INTERVAL: number = 60 * UNIT_MS.s;

  get lostAfterMs(): number | null {
    return this.LOST_AFTER === 'off' ? null : this.LOST_AFTER;
  }

  /** Proxies whose word on the caller's address is taken. */
  get trustedProxies(): string[] {
    return addressList(this.TRUSTED_PROXIES);
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
