import { createConnection as createCallbackConnection } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { AppConfig } from '../../src/config/app-config.js';
import { configureConnection } from '../../src/platform/database/connection/session-settings.js';
import { openConnections } from '../../src/platform/database/database-connections.js';
import { startApp } from '../support/app.js';
import { DurableServer } from '../support/durable-server.mjs';
import { engines } from '../support/engines.js';

const CHARACTER_SETS = 'SELECT @@character_set_client, @@character_set_connection, @@character_set_results';
const UTF8MB4 = ['utf8mb4', 'utf8mb4', 'utf8mb4'];

/** In UTF-8 it ends with 0x97, which forms one gbk character with the backslash that a driver puts before the quote. */
const HOSTILE = "縗' OR 1=1 -- ";

describe('a server whose default character set is gbk and which ignores the handshake', () => {
  it('keeps a hostile name as it was sent', async () => {
    const server = new DurableServer({
      tuning: ['--innodb-buffer-pool-size=64M', '--skip-character-set-client-handshake'],
    });
    try {
      const url = (await server.create()) as string;
      const root = await createConnection(url);
      const sets = [
        'character_set_server',
        'character_set_client',
        'character_set_connection',
        'character_set_results',
      ];
      await root.query(`SET ${sets.map((name) => `GLOBAL ${name} = gbk`).join(', ')}`);
      await root.end();
      const app = await startApp({ name: 'gbk', url });
      try {
        expect(await characterSets(app.config.DATABASE_URL)).toEqual([UTF8MB4, UTF8MB4, UTF8MB4]);
        const headers = { ApiKey: await app.key('ingest:write', 'sessions:read'), 'Content-Type': 'application/json' };
        const record = {
          ...{ externalId: HOSTILE, clientGuid: 'machine', clientName: HOSTILE, userName: HOSTILE },
          ...{ loginDate: '2021-04-01T10:00:00Z', logoutDate: '2021-04-01T11:00:00Z' },
        };
        const body = JSON.stringify([record]);
        const answer = await fetch(`${app.url}/api/v1/ingest/sessions`, { method: 'POST', headers, body });
        expect(await answer.json()).toMatchObject({ accepted: 1, rejected: 0 });
        const clients = await fetch(`${app.url}/ekranapi/clients`, { headers });
        expect(await clients.text()).toContain(JSON.stringify(HOSTILE));
      } finally {
        await app.close();
      }
    } finally {
      await server.remove();
    }
  }, 120_000);
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
