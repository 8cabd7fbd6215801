import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_TIMER_MS } from '../platform/time/duration.js';
import type { AppConfig } from './app-config.js';
import { loadConfig } from './load-config.js';
import { ConfigError } from './config-error.js';

describe('loadConfig', () => {
  it('reads durations in milliseconds, and off', () => {
    expect(loadConfig({ LOST_AFTER: '90m' }).lostAfterMs).toBe(5_400_000);
    expect(loadConfig({ LOST_AFTER: 'off' }).lostAfterMs).toBeNull();
    expect(loadConfig({}).lostAfterMs).toBe(86_400_000);
  });

  it.each<[keyof AppConfig, longest: string, tooLong: string]>([
    ['LOST_AFTER', '3650d', '3651d'],
    ['IDLE_TIMEOUT', '1d', '25h'],
    ['POOL_TIMEOUT', '1h', '61m'],
    ['STATEMENT_TIMEOUT', '1d', '25h'],
    ['TRANSACTION_TIMEOUT', '1h', '61m'],
    ['STALL_TIMEOUT', '1d', '25h'],
    ['DOWNLOAD_TIMEOUT', '7d', '25d'],
    ['HEADERS_TIMEOUT', '1h', '61m'],
    ['REQUEST_TIMEOUT', '7d', '8d'],
    ['KEEP_ALIVE_TIMEOUT', '1d', '25h'],
    ['AUDIT_CHECKPOINT_INTERVAL', '1d', '25h'],
  ])('accepts %s up to %s, and refuses %s by naming the maximum', (name, longest, tooLong) => {
    const ms = loadConfig({ [name]: longest })[name];
    expect(ms).toBeGreaterThan(0);
    // Sessions are compared with LOST_AFTER; the others become timers, which fire at once when they are too long.
    if (name !== 'LOST_AFTER') expect(ms).toBeLessThanOrEqual(MAX_TIMER_MS);
    expect(() => loadConfig({ [name]: tooLong })).toThrow(
      `${name} must be a time such as 90s, 15m or 24h, at most ${longest}`,
    );
  });

  it('names every variable that is wrong at once and repeats no value', () => {
    const wrong = { PORT: '70000', API_TIME_ZONE: 'Mars/Base', LOST_AFTER: 'soon', LOG_LEVEL: 'secret-value' };
    const load = () => loadConfig(wrong);
    expect(load).toThrow(ConfigError);
    for (const name of Object.keys(wrong)) expect(load).toThrow(name);
    expect(load).not.toThrow('secret-value');
  });

  it('refuses an offset as a zone, since it knows no clock changes', () => {
    expect(() => loadConfig({ API_TIME_ZONE: '+03:00' })).toThrow('API_TIME_ZONE');
  });

  it('reads rates, and off', () => {
    expect(loadConfig({ RATE_LIMIT: '600/1m' }).RATE_LIMIT).toEqual({ calls: 600, perMs: 60_000 });
    expect(loadConfig({ RATE_LIMIT: 'off' }).RATE_LIMIT).toBe('off');
  });

  it.each<[string, Record<string, string>]>([
    ['RATE_LIMIT', { RATE_LIMIT: '600' }],
    ['RATE_LIMIT', { RATE_LIMIT: '0/1m' }],
    ['RATE_LIMIT', { RATE_LIMIT: '5/0s' }],
    ['AUTH_FAILURE_LIMIT', { AUTH_FAILURE_LIMIT: '5/25h' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example.org/path' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://a.example.org, b.example.org' }],
    ['TLS_KEY_FILE', { TLS_CERT_FILE: 'c.pem' }],
    ['TLS_CERT_FILE', { TLS_KEY_FILE: 'k.pem' }],
    ['OIDC_AUDIENCE', { OIDC_ISSUER: 'https://login.example.org' }],
    ['OIDC_ISSUER', { OIDC_AUDIENCE: 'a' }],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'http://login.example.org', OIDC_AUDIENCE: 'a' }],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'https://user:password@login.example.org', OIDC_AUDIENCE: 'a' }],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'http://localhost.example.org', OIDC_AUDIENCE: 'a' }],
    ['OIDC_JWKS_URL', { OIDC_JWKS_URL: 'file:///keys.json' }],
    ['OIDC_SCOPE_CLAIM', { OIDC_SCOPE_CLAIM: 'a b' }],
  ])('refuses a wrong %s: %j', (name, env) => {
    expect(() => loadConfig(env)).toThrow(name);
  });

  it('takes the issuer of an identity provider over https, and over http on this machine', () => {
    for (const OIDC_ISSUER of ['https://login.example.org/realms/a', 'http://127.0.0.1:8080', 'http://[::1]:1'])
      expect(loadConfig({ OIDC_ISSUER, OIDC_AUDIENCE: 'a' }).OIDC_ISSUER).toBe(OIDC_ISSUER);
  });

  it('reads origins of pages as a list', () => {
    const CORS_ORIGINS = 'https://a.example.org, http://localhost:8080';
    expect(loadConfig({ CORS_ORIGINS }).corsOrigins).toEqual(['https://a.example.org', 'http://localhost:8080']);
  });

  describe('with a file for a value', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'));
    const path = join(folder, 'secret');
    afterAll(() => rmSync(folder, { recursive: true }));

    it('reads the value without the line break at its end', () => {
      writeFileSync(path, 'mysql://user:S3CRET@host/db\n');
      expect(loadConfig({ DATABASE_URL_FILE: path }).DATABASE_URL).toBe('mysql://user:S3CRET@host/db');
    });

    it('refuses a variable that is set in both ways', () => {
      expect(() => loadConfig({ PORT_FILE: path, PORT: '1' })).toThrow('PORT and PORT_FILE are both set');
    });

    it('names each file that is missing or empty', () => {
      writeFileSync(path, '\n');
      const load = () => loadConfig({ PORT_FILE: join(folder, 'none'), HOST_FILE: path });
      expect(load).toThrow('the file of PORT_FILE cannot be read (ENOENT)');
      expect(load).toThrow('the file of HOST_FILE is empty');
    });

    it('treats a variable that is a path itself as before', () => {
      expect(() => loadConfig({ TLS_CERT_FILE: path })).toThrow('TLS_KEY_FILE must be set together');
    });
  });
});
