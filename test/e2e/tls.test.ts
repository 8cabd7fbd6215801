import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TLSSocket, connect } from 'node:tls';
import { createApp } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ConfigError } from '../../src/config/config-error.js';
import { type FreshDatabase, engines, freshDatabase } from '../support/engines.js';
import { selfSigned } from '../support/self-signed.js';
import { type ServerProcess, seedSessions, startServerProcess } from '../support/server-process.js';

/** The tests start processes, and the machine may be busy. */
const LONG = 30_000;

describe('a server with a certificate', () => {
  let directory: string;
  let database: FreshDatabase;
  let server: ServerProcess;
  const files = { TLS_CERT_FILE: '', TLS_KEY_FILE: '' };

  function put(commonName: string) {
    const { cert, key } = selfSigned(commonName);
    writeFileSync(files.TLS_CERT_FILE, cert);
    writeFileSync(files.TLS_KEY_FILE, key);
  }

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'test-tls-'));
    Object.assign(files, { TLS_CERT_FILE: join(directory, 'c.pem'), TLS_KEY_FILE: join(directory, 'k.pem') });
    put('first');
    database = await freshDatabase(engines[0]!);
    await seedSessions(database.url, 1);
    server = await startServerProcess(database.url, { ...files, LOG_LEVEL: 'log' }, (url) =>
      get(url, '/health').then((a) => a.status === 200),
    );
  }, LONG);
  afterAll(async () => {
    await server?.stop();
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Verification is off, because the test inspects the certificate itself. */
  const options = { rejectUnauthorized: false } as const;

  function get(url: string, path: string) {
    return new Promise<{ status: number; headers: Record<string, unknown>; name: string }>((resolve, reject) => {
      const req = request(`${url.replace('http:', 'https:')}${path}`, { ...options, agent: false }, (res) => {
        const name = String((res.socket as TLSSocket).getPeerCertificate().subject.CN);
        res.resume().on('end', () => resolve({ status: res.statusCode!, headers: res.headers, name }));
      });
      req.on('error', reject).end();
    });
  }

  it('speaks TLS 1.2 and later, and sends Strict-Transport-Security', async () => {
    const { status, headers, name } = await get(server.url, '/health');
    expect([status, name]).toEqual([200, 'first']);
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    const port = Number(new URL(server.url).port);
    const old = connect({
      port,
      host: '127.0.0.1',
      ...options,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await expect(
      new Promise((resolve, reject) => old.once('secureConnect', resolve).once('error', reject)),
    ).rejects.toThrow();
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it(
    'loads a new certificate on SIGHUP, and keeps the current one if the new one is invalid',
    async () => {
      put('second');
      expect((await get(server.url, '/health')).name).toBe('first');
      const reload = async (told: string) => {
        server.child.kill('SIGHUP');
        for (let i = 0; i < 100 && !server.output().includes(told); i++) await new Promise((r) => setTimeout(r, 50));
        expect(server.output()).toContain(told);
      };
      await reload('certificate read again');
      expect((await get(server.url, '/health')).name).toBe('second');
      writeFileSync(files.TLS_CERT_FILE, 'no certificate');
      await reload('certificate not read again');
      expect((await get(server.url, '/health')).name).toBe('second');
    },
    LONG,
  );

  it('does not start with an unreadable file, and names its variable', async () => {
    const missing = { ...files, TLS_CERT_FILE: join(directory, 'missing.pem'), DATABASE_URL: 'sqlite::memory:' };
    const start = createApp(Object.assign(new AppConfig(), missing));
    await expect(start).rejects.toThrow(ConfigError);
    await expect(start).rejects.toThrow('TLS_CERT_FILE');
  });
});
