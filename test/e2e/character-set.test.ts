import { createConnection } from 'mysql2/promise';
import { startApp } from '../support/app.js';
import { DurableServer } from '../support/durable-server.mjs';

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
