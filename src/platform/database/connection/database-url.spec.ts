import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseTlsFiles, NO_TLS_FILES } from './database-tls.js';
import { selfSigned } from '../../../../test/support/self-signed.js';
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

  const filesOf = (files: Partial<DatabaseTlsFiles>) => ({ ...NO_TLS_FILES, ...files });
  const tlsOf = (url: string, caFile = '') => {
    const address = parseDatabaseUrl(url, filesOf({ ca: caFile }));
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
      expect(() => parseDatabaseUrl(`${SERVER}?ssl-mode=${mode}`, filesOf({ ca }))).toThrow(
        'DATABASE_CA_FILE has no effect',
      );
    expect(() => parseDatabaseUrl('sqlite:a.db', filesOf({ ca }))).toThrow('DATABASE_CA_FILE has no effect');
    expect(() => parseDatabaseUrl(SERVER, filesOf({ ca: join(folder, 'absent') }))).toThrow(
      'DATABASE_CA_FILE cannot be read (ENOENT)',
    );
    writeFileSync(join(folder, 'key.pem'), 'no certificate');
    expect(() => parseDatabaseUrl(SERVER, filesOf({ ca: join(folder, 'key.pem') }))).toThrow(
      'has no certificate in PEM',
    );
  });

  it('reads a client certificate with its key, and refuses files that do not fit', () => {
    const pair = selfSigned('client');
    const [cert, key, other] = ['client.pem', 'client-key.pem', 'other-key.pem'].map((name) => join(folder, name));
    writeFileSync(cert!, pair.cert);
    writeFileSync(key!, pair.key);
    writeFileSync(other!, selfSigned('other').key);
    const files = filesOf({ cert: cert!, key: key! });
    const expected = { verify: 'identity', ca: undefined, client: pair };
    expect(parseDatabaseUrl(SERVER, files)).toMatchObject({ tls: expected });
    expect(parseDatabaseUrl(`${SERVER}?ssl-mode=REQUIRED`, files)).toMatchObject({ tls: { client: pair } });
    const refused = (changed: Partial<DatabaseTlsFiles>) => () => parseDatabaseUrl(SERVER, { ...files, ...changed });
    expect(refused({ key: other! })).toThrow('DATABASE_KEY_FILE is not the key of the certificate');
    expect(refused({ key: cert! })).toThrow('DATABASE_CERT_FILE or DATABASE_KEY_FILE is damaged');
    expect(refused({ key: join(folder, 'absent') })).toThrow('DATABASE_KEY_FILE cannot be read (ENOENT)');
    expect(() => parseDatabaseUrl(`${SERVER}?ssl-mode=DISABLED`, files)).toThrow('DATABASE_CERT_FILE has no effect');
    expect(() => parseDatabaseUrl('sqlite:a.db', files)).toThrow('DATABASE_CERT_FILE has no effect on SQLite');
  });
});
