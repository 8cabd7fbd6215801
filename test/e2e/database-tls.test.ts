import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { AppConfig } from '../../src/config/app-config.js';
import { openConnections } from '../../src/platform/database/database-connections.js';
import { startAppOn } from '../support/app.js';
import { runCli } from '../support/audit.js';
import { DurableServer } from '../support/durable-server.mjs';
import { engines, freshDatabase } from '../support/engines.js';
import { selfSigned } from '../support/self-signed.js';

const CIPHER = "SHOW STATUS LIKE 'Ssl_cipher'";
const TUNING = ['--innodb-buffer-pool-size=64M'];

/** The cipher of a connection of each pool: for transactions, for repositories and for snapshots. */
async function ciphers(databaseUrl: string, caFile = '', client: Partial<AppConfig> = {}): Promise<unknown[]> {
  const settings = { DATABASE_URL: databaseUrl, DATABASE_CA_FILE: caFile, ...client };
  const config = Object.assign(new AppConfig(), settings);
  const { writer, reader, snapshots } = await openConnections(config, []);
  try {
    const snapshot = await snapshots.open(new AbortController().signal);
    const [ofSnapshot] = await snapshot.rows(CIPHER);
    await snapshot.release();
    const [ofWriter] = (await writer.query(CIPHER)) as { Value: string }[];
    const [ofReader] = (await reader.query(CIPHER)) as { Value: string }[];
    return [ofWriter!.Value, ofReader!.Value, ofSnapshot![1]];
  } finally {
    await snapshots.close();
    await reader.destroy();
    await writer.destroy();
  }
}

const ENCRYPTED = [1, 2, 3].map(() => expect.stringMatching(/^[A-Z0-9_-]{8,}$/) as unknown);
const PLAIN = ['', '', ''];

describe('a database server with a certificate', () => {
  let folder: string;
  let server: DurableServer;
  let url: URL;
  const file = (name: string) => join(folder, name);
  /** The database on a host, with a mode of encryption. */
  const at = (hostname: string, mode?: string) =>
    Object.assign(new URL(url), { hostname, search: mode ? `?ssl-mode=${mode}` : '' }).href;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'database-tls-'));
    const { cert, key } = selfSigned('database', ['localhost']);
    writeFileSync(file('cert.pem'), cert);
    writeFileSync(file('key.pem'), key);
    writeFileSync(file('other.pem'), selfSigned('other', ['localhost']).cert);
    for (const name of ['client', 'stranger']) {
      const pair = selfSigned(name);
      writeFileSync(file(`${name}.pem`), pair.cert);
      writeFileSync(file(`${name}-key.pem`), pair.key);
    }
    const own = [`--ssl-cert=${file('cert.pem')}`, `--ssl-key=${file('key.pem')}`];
    server = new DurableServer({ tuning: [...TUNING, ...own, `--ssl-ca=${file('client.pem')}`] });
    url = new URL((await freshDatabase({ name: 'tls', url: (await server.create()) as string })).url);
  }, 120_000);
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is used without encryption unless the URL or DATABASE_CA_FILE asks for it', async () => {
    expect(await ciphers(at('localhost'))).toEqual(PLAIN);
    expect(await ciphers(at('localhost', 'DISABLED'))).toEqual(PLAIN);
  });

  it('is used with encryption by every pool', async () => {
    expect(await ciphers(at('localhost'), file('cert.pem'))).toEqual(ENCRYPTED);
    expect(await ciphers(at('localhost', 'VERIFY_IDENTITY'), file('cert.pem'))).toEqual(ENCRYPTED);
    expect(await ciphers(at('127.0.0.1', 'VERIFY_CA'), file('cert.pem'))).toEqual(ENCRYPTED);
    expect(await ciphers(at('127.0.0.1', 'REQUIRED'))).toEqual(ENCRYPTED);
  });

  it('is refused when its certificate is not from the given authority, or from none that Node knows', async () => {
    for (const mode of ['VERIFY_CA', 'VERIFY_IDENTITY']) {
      await expect(ciphers(at('localhost', mode), file('other.pem'))).rejects.toThrow(/certificate|signature/i);
      await expect(ciphers(at('localhost', mode))).rejects.toThrow(/certificate/i);
    }
  });

  it('accepts an account that requires a client certificate with one of its authority only', async () => {
    const admin = await createConnection(at('127.0.0.1'));
    await admin.query("CREATE USER 'holder'@'%' IDENTIFIED BY 'test' REQUIRE X509");
    await admin.query("GRANT ALL ON *.* TO 'holder'@'%'");
    await admin.end();
    const holder = Object.assign(new URL(at('localhost')), { username: 'holder' }).href;
    const client = (name: string) => ({
      DATABASE_CERT_FILE: file(`${name}.pem`),
      DATABASE_KEY_FILE: file(`${name}-key.pem`),
    });
    expect(await ciphers(holder, file('cert.pem'), client('client'))).toEqual(ENCRYPTED);
    expect(await ciphers(`${holder}?ssl-mode=REQUIRED`, '', client('client'))).toEqual(ENCRYPTED);
    await expect(ciphers(holder, file('cert.pem'))).rejects.toThrow(/denied/i);
    await expect(ciphers(holder, file('cert.pem'), client('stranger'))).rejects.toThrow(/unknown ca|denied|closed/i);
    const env = { DATABASE_URL: holder, DATABASE_CA_FILE: file('cert.pem'), AUDIT_CHECKPOINTS: 'off' };
    expect(await runCli(['migrate'], { ...env, ...client('client') })).toMatchObject({ code: 0 });
    expect(await runCli(['check'], { ...env, ...client('client') })).toMatchObject({ code: 0 });
    const refused = await runCli(['check'], { ...env, ...client('stranger') });
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^TLS failed: .*unknown ca.*DATABASE_CERT_FILE/),
    });
  });

  it('is refused by VERIFY_IDENTITY when its certificate is for another host, which VERIFY_CA accepts', async () => {
    const { cert, key } = selfSigned('elsewhere', ['db.example.org']);
    writeFileSync(file('cert.pem'), cert);
    writeFileSync(file('key.pem'), key);
    await server.kill();
    await server.restart();
    await expect(ciphers(at('localhost', 'VERIFY_IDENTITY'), file('cert.pem'))).rejects.toThrow(/altnames/i);
    expect(await ciphers(at('localhost', 'VERIFY_CA'), file('cert.pem'))).toEqual(ENCRYPTED);
  }, 120_000);

  it('serves the application when it accepts encrypted connections only', async () => {
    const admin = await createConnection(at('127.0.0.1'));
    await admin.query('SET GLOBAL require_secure_transport = ON');
    await admin.end();
    await expect(createConnection(at('127.0.0.1'))).rejects.toThrow();
    const app = await startAppOn(at('127.0.0.1', 'VERIFY_CA'), { DATABASE_CA_FILE: file('cert.pem') });
    try {
      const headers = { ApiKey: await app.key('sessions:read') };
      expect((await fetch(`${app.url}/ekranapi/sessions`, { headers })).status).toBe(200);
    } finally {
      await app.close();
    }
  });
});

describe.each(engines.filter(({ url }) => url !== undefined))('ssl-mode=REQUIRED on $name', (engine) => {
  it('never falls back to an unencrypted connection', async () => {
    const database = await freshDatabase(engine);
    try {
      const found = await ciphers(`${database.url}?ssl-mode=REQUIRED`).catch((error: Error) => error.message);
      const isRefused = typeof found === 'string' && /does not support secure/.test(found);
      if (!isRefused) expect(found).toEqual(ENCRYPTED);
    } finally {
      await database.drop();
    }
  });
});
