import { createConnection as createCallbackConnection } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { AppConfig } from '../../src/config/app-config.js';
import { configureConnection } from '../../src/platform/database/connection/session-settings.js';
import { openConnections } from '../../src/platform/database/database-connections.js';
import { startApp, type TestApp } from '../support/app.js';
import { DurableServer } from '../support/durable-server.mjs';
import { engines } from '../support/engines.js';

const CHARACTER_SETS = 'SELECT @@character_set_client, @@character_set_connection, @@character_set_results';
const UTF8MB4 = ['utf8mb4', 'utf8mb4', 'utf8mb4'];

/**
 * In UTF-8 its first character ends with 0x97, which forms one gbk character with the backslash that a driver puts before
 * the quote. The rest of a literal is then SQL, which reads the hash of a key into the next column.
 */
const HOSTILE = "縗', (SELECT secret_hash FROM api_keys LIMIT 1), '2021-04-01') -- ";

describe('a server whose default character set is gbk and which ignores the handshake', () => {
  let server: DurableServer;
  let app: TestApp;

  beforeAll(async () => {
    const gbk = ['--character-set-server=gbk', '--skip-character-set-client-handshake'];
    server = new DurableServer({ tuning: ['--innodb-buffer-pool-size=64M', ...gbk] });
    app = await startApp({ name: 'gbk', url: (await server.create()) as string });
  }, 120_000);
  afterAll(async () => {
    await app?.close();
    await server?.remove();
  });

  it('would make an escaped literal end early: the attack works on a connection without settings', async () => {
    const connection = await createConnection(app.config.DATABASE_URL);
    const [[sets]] = (await connection.query(CHARACTER_SETS)) as unknown as [object[]];
    expect(Object.values(sets!)).toEqual(['gbk', 'gbk', 'gbk']);
    const [[row]] = (await connection.query('SELECT ? AS name', ["縗' AS name, 1 AS injected -- "])) as unknown as [
      { injected?: number }[],
    ];
    expect(row!.injected).toBe(1);
    await connection.end();
  });

  it('gets utf8mb4 from every pool', async () => {
    expect(await characterSets(app.config.DATABASE_URL)).toEqual([UTF8MB4, UTF8MB4, UTF8MB4]);
  });

  it('keeps hostile names as they were sent, and gives away no hash of a key', async () => {
    const headers = { ApiKey: await app.key('ingest:write', 'sessions:read'), 'Content-Type': 'application/json' };
    const record = {
      ...{ externalId: HOSTILE, clientGuid: 'machine', clientName: HOSTILE, userName: HOSTILE, userDomain: HOSTILE },
      ...{ loginDate: '2021-04-01T10:00:00Z', logoutDate: '2021-04-01T11:00:00Z' },
      activities: [{ at: '2021-04-01T10:30:00Z', title: HOSTILE, url: HOSTILE }],
    };
    const body = JSON.stringify([record, { ...record, externalId: 'second' }]);
    const answer = await fetch(`${app.url}/api/v1/ingest/sessions`, { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({ accepted: 2, rejected: 0 });
    const clients = await (await fetch(`${app.url}/ekranapi/clients`, { headers })).text();
    expect(clients).toContain(JSON.stringify(HOSTILE));
    expect(clients).not.toMatch(/[0-9a-f]{64}/);
  });
});

/** Those of a connection of each pool: for transactions, for repositories and for snapshots. */
async function characterSets(databaseUrl: string): Promise<unknown[][]> {
  const config = Object.assign(new AppConfig(), { DATABASE_URL: databaseUrl });
  const { writer, reader, snapshots } = await openConnections(config, []);
  try {
    const snapshot = await snapshots.open(new AbortController().signal);
    const [ofSnapshot] = await snapshot.rows(CHARACTER_SETS);
    await snapshot.release();
    const [ofWriter] = (await writer.query(CHARACTER_SETS)) as object[];
    const [ofReader] = (await reader.query(CHARACTER_SETS)) as object[];
    return [Object.values(ofWriter!), Object.values(ofReader!), ofSnapshot!];
  } finally {
    await snapshots.close();
    await reader.destroy();
    await writer.destroy();
  }
}

describe.each(engines.filter(({ url }) => url !== undefined))('a connection to $name', ({ url }) => {
  it('is refused and closed when it does not use utf8mb4', async () => {
    const connection = createCallbackConnection(url!);
    connection.on('error', () => undefined);
    await expect(configureConnection(connection as never, ['SET NAMES latin1'])).rejects.toThrow(
      'latin1, latin1, latin1',
    );
    await expect(
      new Promise((resolve, reject) => connection.query('SELECT 1', (e, rows) => (e ? reject(e) : resolve(rows)))),
    ).rejects.toThrow();
  });

  it('is accepted with utf8mb4', async () => {
    const connection = createCallbackConnection(url!);
    await expect(configureConnection(connection as never)).resolves.toBeUndefined();
    connection.destroy();
  });
});
