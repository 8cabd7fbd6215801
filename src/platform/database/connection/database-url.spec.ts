import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatabaseUrl } from './database-url.js';

const SERVER = 'mysql://user:secret@db.example.org/audit';
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n';

describe('parseDatabaseUrl', () => {
  let folder: string;
  let ca: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'url-'));
    ca = join(folder, 'ca.pem');
    writeFileSync(ca, CERTIFICATE);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const tlsOf = (url: string, caFile?: string) => {
    const address = parseDatabaseUrl(url, caFile);
    return address.kind === 'server' ? address.tls : 'sqlite';
  };

  it('takes encryption from ssl-mode, in any case of letters', () => {
    expect(tlsOf(SERVER)).toBeUndefined();
    expect(tlsOf(`${SERVER}?ssl-mode=DISABLED`)).toBeUndefined();
    expect(tlsOf(`${SERVER}?ssl-mode=required`)).toEqual({ verify: 'nothing', ca: undefined });
    expect(tlsOf(`${SERVER}?ssl-mode=VERIFY_CA`)).toEqual({ verify: 'certificate', ca: undefined });
    expect(tlsOf(`${SERVER}?ssl-mode=verify-identity`)).toEqual({ verify: 'identity', ca: undefined });
  });

  it('verifies the identity of the server by default when authorities are given', () => {
    expect(tlsOf(SERVER, ca)).toEqual({ verify: 'identity', ca: CERTIFICATE });
    expect(tlsOf(`${SERVER}?ssl-mode=VERIFY_CA`, ca)).toEqual({ verify: 'certificate', ca: CERTIFICATE });
  });

  it.each([
    ['?ssl=true', 'the parameter "ssl" is not known; encryption is chosen by ssl-mode=DISABLED, REQUIRED,'],
    ['?sslmode=REQUIRED', 'the parameter "sslmode" is not known'],
    ['?ssl-mode=REQUIRED&connectTimeout=5', 'the parameter "connectTimeout" is not known'],
    ['?ssl-mode=PREFERRED', 'ssl-mode must be DISABLED, REQUIRED, VERIFY_CA or VERIFY_IDENTITY; PREFERRED may leave'],
    ['?ssl-mode=', 'ssl-mode must be DISABLED'],
    ['?ssl-mode=hunter2', 'ssl-mode must be DISABLED'],
    ['?ssl-mode=REQUIRED&ssl-mode=DISABLED', 'ssl-mode is given more than once'],
    ['#hunter2', 'has a fragment'],
  ])('refuses %s by name', (end, message) => {
    expect(() => parseDatabaseUrl(`${SERVER}${end}`)).toThrow(`DATABASE_URL`);
    expect(() => parseDatabaseUrl(`${SERVER}${end}`)).toThrow(message);
    expect(() => parseDatabaseUrl(`${SERVER}${end}`)).not.toThrow(/hunter2|secret/);
  });

  it('refuses VERIFY_IDENTITY for an address, which the driver would not compare', () => {
    for (const host of ['127.0.0.1', '[::1]:3307'])
      expect(() => parseDatabaseUrl(`mysql://u@${host}/a?ssl-mode=VERIFY_IDENTITY`)).toThrow(
        'needs the name of the host',
      );
  });

  it('refuses authorities that have no effect or cannot be read', () => {
    for (const mode of ['DISABLED', 'REQUIRED'])
      expect(() => parseDatabaseUrl(`${SERVER}?ssl-mode=${mode}`, ca)).toThrow('DATABASE_CA_FILE has no effect');
    expect(() => parseDatabaseUrl('sqlite:a.db', ca)).toThrow('DATABASE_CA_FILE has no effect');
    expect(() => parseDatabaseUrl(SERVER, join(folder, 'absent'))).toThrow('DATABASE_CA_FILE cannot be read (ENOENT)');
    writeFileSync(join(folder, 'key.pem'), 'no certificate');
    expect(() => parseDatabaseUrl(SERVER, join(folder, 'key.pem'))).toThrow('has no certificate in PEM');
  });
});
