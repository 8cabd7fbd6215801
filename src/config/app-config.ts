import { IsIn, IsInt, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import { UNIT_MS } from '../platform/time/duration.js';
import { IsHttpUrlOrEmpty, IsListenAddressOrOff } from './listen-address.js';
import { IsRateOrOff, type Rate } from './rate.js';
import { IsNeededWith, IsOriginOrEmpty, IsOrigins, IsSecureUrl, Requires } from './security-settings.js';
import {
  IsAddressList,
  IsDuration,
  IsOneOnSqlite,
  IsTimeZone,
  WholeNumber,
  WholeNumberOrOff,
  listOf,
} from './validators.js';

const CLAIM = /^[!-~]{1,128}$/;

/** All settings. Each is read from the environment variable of the same name. */
export class AppConfig {
  @IsString() @MinLength(1) DATABASE_URL: string = 'sqlite:./data/sessions.db';
  @IsString() DATABASE_READ_URL: string = '';
  @IsDuration({ min: 2 * UNIT_MS.s, max: UNIT_MS.d }) DATABASE_READ_MAX_LAG: number = 10 * UNIT_MS.s;
  @IsString() DATABASE_CA_FILE: string = '';
  @IsNeededWith('DATABASE_KEY_FILE') DATABASE_CERT_FILE: string = '';
  @IsNeededWith('DATABASE_CERT_FILE') DATABASE_KEY_FILE: string = '';
  @IsString() @MinLength(1) HOST: string = '127.0.0.1';
  @WholeNumber() @IsInt() @Min(0) @Max(65535) PORT: number = 3000;
  @WholeNumber() @IsInt() @Min(1) @Max(64) @IsOneOnSqlite() WORKERS: number = 1;
  @IsTimeZone() API_TIME_ZONE: string = 'UTC';
  @IsDuration({ max: 3650 * UNIT_MS.d, off: true }) LOST_AFTER: number | 'off' = 24 * UNIT_MS.h;
  @IsDuration({ max: UNIT_MS.d }) IDLE_TIMEOUT: number = 15 * UNIT_MS.m;
  @IsIn(['error', 'warn', 'log', 'debug']) LOG_LEVEL: string = 'log';
  @IsIn(['json', 'text']) LOG_FORMAT: string = 'json';
  @IsIn(['on', 'off']) REQUEST_LOG: string = 'off';
  @IsListenAddressOrOff() METRICS_LISTEN: string = 'off';
  @IsHttpUrlOrEmpty() OTEL_EXPORTER_OTLP_ENDPOINT: string = '';
  @WholeNumber() @IsInt() @Min(1) @Max(1000) DB_POOL_SIZE: number = 10;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) MAX_DOWNLOADS: number = 10;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) MAX_INGESTS: number = 8;
  @IsDuration({ max: UNIT_MS.h }) POOL_TIMEOUT: number = 5 * UNIT_MS.s;
  @IsDuration({ max: UNIT_MS.d }) STATEMENT_TIMEOUT: number = 30 * UNIT_MS.s;
  @IsDuration({ max: UNIT_MS.h }) TRANSACTION_TIMEOUT: number = 30 * UNIT_MS.s;
  @IsDuration({ max: UNIT_MS.d }) STALL_TIMEOUT: number = 60 * UNIT_MS.s;
  @IsDuration({ max: 7 * UNIT_MS.d }) DOWNLOAD_TIMEOUT: number = 6 * UNIT_MS.h;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) DOWNLOADS_PER_CALLER: number = 4;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) ANSWERS_PER_CALLER: number = 2;
  @WholeNumber() @IsInt() @Min(1) @Max(1000) INGESTS_PER_CALLER: number = 4;
  @IsRateOrOff() RATE_LIMIT: Rate | 'off' = { calls: 30_000, perMs: UNIT_MS.m };
  @IsRateOrOff() AUTH_FAILURE_LIMIT: Rate | 'off' = { calls: 300, perMs: UNIT_MS.m };
  @WholeNumber() @IsInt() @Min(1) @Max(1_000_000) MAX_CONNECTIONS: number = 10_000;
  @WholeNumberOrOff({ min: 1, max: 1_000_000 }) CONNECTIONS_PER_ADDRESS: number | 'off' = 256;
  @IsDuration({ max: UNIT_MS.h }) HEADERS_TIMEOUT: number = 10 * UNIT_MS.s;
  @IsDuration({ max: 7 * UNIT_MS.d }) REQUEST_TIMEOUT: number = 6 * UNIT_MS.h;
  @IsDuration({ max: UNIT_MS.d }) KEEP_ALIVE_TIMEOUT: number = 65 * UNIT_MS.s;
  @IsDuration({ max: UNIT_MS.h, off: true }) SHUTDOWN_DELAY: number | 'off' = 'off';
  @IsDuration({ max: UNIT_MS.d }) SHUTDOWN_TIMEOUT: number = 60 * UNIT_MS.s;
  @IsOrigins() CORS_ORIGINS: string = '';
  @IsNeededWith('TLS_KEY_FILE') TLS_CERT_FILE: string = '';
  @IsNeededWith('TLS_CERT_FILE') TLS_KEY_FILE: string = '';
  @IsSecureUrl() OIDC_ISSUER: string = '';
  @IsNeededWith('OIDC_ISSUER') OIDC_AUDIENCE: string = '';
  @IsSecureUrl() OIDC_JWKS_URL: string = '';
  @Matches(CLAIM, { message: '$property must be 1 to 128 visible ASCII characters' }) OIDC_SCOPE_CLAIM: string =
    'scope';
  @IsString() OIDC_SCOPE_PREFIX: string = '';
  @Matches(/^$|^[!-~]{1,128}$/, { message: '$property must be at most 128 visible ASCII characters' })
  OIDC_CLIENTS_CLAIM: string = '';
  @IsNeededWith('OIDC_CLIENT_SECRET') @Requires('OIDC_ISSUER') OIDC_CLIENT_ID: string = '';
  @IsNeededWith('OIDC_CLIENT_ID') OIDC_CLIENT_SECRET: string = '';
  @IsString() @MinLength(1) OIDC_LOGIN_SCOPE: string = 'openid profile';
  @IsString() OIDC_LOGIN_PARAMETERS: string = '';
  @IsString() @MinLength(1) OIDC_LOGIN_LABEL: string = 'Single sign-on';

  /** Origins of web pages that may call the API from a browser (CORS). */
  get corsOrigins(): string[] {
    return listOf(this.CORS_ORIGINS);
  }

  @IsIn(['on', 'off']) CONSOLE: string = 'on';
  @IsOriginOrEmpty() CONSOLE_URL: string = '';
  @WholeNumber() @IsInt() @Min(1) @Max(1440) CONSOLE_IDLE_MINUTES: number = 30;
  @WholeNumber() @IsInt() @Min(1) @Max(168) CONSOLE_MAX_HOURS: number = 12;

  @IsAddressList() TRUSTED_PROXIES: string = '';
  @IsString() @MinLength(1) AUDIT_SIGNING_KEY: string = './data/audit-signing-key.pem';
  @IsString() @MinLength(1) AUDIT_CHECKPOINTS: string = './data/audit-checkpoints.ndjson';
  @WholeNumber() @IsInt() @Min(1) @Max(1_000_000) AUDIT_CHECKPOINT_RECORDS: number = 1000;
  @IsDuration({ max: UNIT_MS.d }) AUDIT_CHECKPOINT_INTERVAL: number = 60 * UNIT_MS.s;

  /** Databases that may answer reads. */
  get readUrls(): string[] {
    return listOf(this.DATABASE_READ_URL);
  }

  get lostAfterMs(): number | null {
    return this.LOST_AFTER === 'off' ? null : this.LOST_AFTER;
  }

  /** Proxies whose `X-Forwarded-For` header is trusted. */
  get trustedProxies(): string[] {
    return listOf(this.TRUSTED_PROXIES);
  }
}
