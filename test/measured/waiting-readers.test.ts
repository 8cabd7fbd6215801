import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { databaseRows } from '../../bench/support/database-rows.js';
import { engines, freshDatabase } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { keyFor, startServerProcess } from '../support/server-process.js';

const READERS = 500;
const MEASURED_MS = 4000;
/** USER_HZ of Linux on every platform that Node supports. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process has used. */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(engines)('500 readers that wait for a change on $name', (engine) => {
  it('cost almost nothing while nothing happens, and all get the change', async () => {
    const database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    const [reader, sender] = [
      await keyFor(database.url, { scopes: ['changes:read'] }),
      await keyFor(database.url, { scopes: ['ingest:write'] }),
    ];
    const server = await startServerProcess(database.url, { CONNECTIONS_PER_ADDRESS: 'off', DB_POOL_SIZE: '4' });
    const agent = new Agent({ keepAlive: true });
    try {
      const before = server.residentMiB();
      const answers = Array.from({ length: READERS }, () => waitForChange(server.url, reader, agent));
      await Promise.all(answers.map(({ sent }) => sent));
      const recorded = "SELECT COUNT(*) AS n FROM audit_records WHERE action = 'changes.read'";
      const readers = async () => Number((await databaseRows(database.url, recorded))[0]!['n']);
      // Fails with the first one that is refused.
      const allAnswered = Promise.all(answers.map(({ items }) => items)).then(() => READERS);
      while ((await Promise.race([readers(), allAnswered])) < READERS) await pause(100);
      await pause(1000); // until the last one has read the log, and waits
      const [memory, used] = [server.residentMiB() - before, processorSeconds(server.child.pid!)];
      await pause(MEASURED_MS);
      const share = (processorSeconds(server.child.pid!) - used) / (MEASURED_MS / 1000);
      const record = {
        externalId: 's',
        clientGuid: 'm',
        clientName: 'M',
        userName: 'ada',
        loginDate: '2024-01-01T00:00:00Z',
      };
      const started = performance.now();
      await ingest(server.url, sender, [{ ...record, logoutDate: null }]);
      const seen = await Promise.all(answers.map(({ items }) => items));
      const lastMs = performance.now() - started;
      console.log(
        `${engine.name}: ${(share * 100).toFixed(1)}% of a processor, ${memory.toFixed(0)} MiB, ` +
          `the last of ${READERS} has the change after ${lastMs.toFixed(0)} ms`,
      );
      expect(seen.every((count) => count === 1)).toBe(true);
      expect(share).toBeLessThan(0.1);
      expect(memory).toBeLessThan(80);
      expect(lastMs).toBeLessThan(10_000);
    } finally {
      agent.destroy();
      await server.stop();
      await database.drop();
    }
  }, 60_000);
});

function waitForChange(url: string, key: string, agent: Agent): { sent: Promise<void>; items: Promise<number> } {
  let sent = Promise.resolve();
  const items = new Promise<number>((resolve, reject) => {
    const request = get(`${url}/api/v1/changes?wait=50s`, { headers: { ApiKey: key }, agent }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += String(chunk)));
      answer.on('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(`${answer.statusCode} ${body}`));
        resolve((JSON.parse(body) as { items: unknown[] }).items.length);
      });
      answer.on('error', reject);
    });
    request.on('error', reject);
    sent = new Promise((done) => request.once('finish', () => done()));
  });
  return { sent, items };
}
