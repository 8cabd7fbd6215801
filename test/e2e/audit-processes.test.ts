import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { auditKey, auditRecords } from '../support/audit.js';
import { engines, freshDatabase } from '../support/engines.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const CALLERS = 8;
const CALLS_EACH = 15;

describe.each(engines)('two processes on $name', (engine) => {
  it('append to one chain under load, even if one is killed, and every answer has its record', async () => {
    const database = await freshDatabase(engine);
    const servers: ServerProcess[] = [];
    try {
      await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
      const key = await auditKey(database.url);
      for (let n = 0; n < 2; n++) servers.push(await startServerProcess(database.url, { DB_POOL_SIZE: '4' }));
      const answered: string[] = [];
      /** One caller with sequential calls. Calls that its server no longer answers are not counted. */
      const call = async (caller: number, round: string) => {
        for (let n = 0; n < CALLS_EACH; n++) {
          const id = `${round}-${caller}-${n}`;
          const headers = { ApiKey: key, 'X-Request-Id': id };
          const { url } = servers[caller % servers.length]!;
          const answer = await fetch(`${url}/ekranapi/sessions?start=2021-01-01&end=2021-01-02`, { headers }).catch(
            () => undefined,
          );
          if (answer?.ok) answered.push(id);
        }
      };
      const load = (round: string) => Promise.all(Array.from({ length: CALLERS }, (_, caller) => call(caller, round)));
      await load('both');
      expect(answered).toHaveLength(CALLERS * CALLS_EACH);
      const underFire = load('killed');
      await new Promise((resolve) => setTimeout(resolve, 150));
      await servers[1]!.stop(); // SIGKILL
      await underFire;
      servers[1] = await startServerProcess(database.url, { DB_POOL_SIZE: '4' });
      await load('again');
      expect(answered.filter((id) => id.startsWith('again'))).toHaveLength(CALLERS * CALLS_EACH);

      const answer = await fetch(`${servers[0]!.url}/api/v1/audit/verify`, { headers: { ApiKey: key } });
      expect(await answer.json()).toMatchObject({ verdict: 'intact', faults: [] });
      const records = await auditRecords(servers[1]!.url, key);
      expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
      const requests = new Set(records.filter(({ kind }) => kind === 'request').map(({ requestId }) => requestId));
      expect(answered.filter((id) => !requests.has(id))).toEqual([]);
    } finally {
      for (const server of servers) await server.stop();
      await database.drop();
    }
  }, 120_000);
});
