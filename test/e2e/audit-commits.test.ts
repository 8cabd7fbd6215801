import type { INestApplication } from '@nestjs/common';
import { createApp } from '../../src/app.setup.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { AuditLog } from '../../src/modules/audit/chain/audit-log.js';
import type { AuditEntry } from '../../src/modules/audit/chain/audit-record.js';
import { engines, freshDatabase } from '../support/engines.js';

const ENTRY: AuditEntry = {
  ...{ kind: 'request', requestSeq: null, requestId: null, caller: null, callerName: null, address: null },
  ...{ action: 'sessions.read', method: 'GET', path: '/ekranapi/sessions', filter: '{}' },
  ...{ status: null, rows: null, bytes: null, durationMs: null, cutShort: null },
};

describe.each(engines)('commits of the audit on $name', (engine) => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let app: INestApplication;
  beforeAll(async () => {
    database = await freshDatabase(engine);
    const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'error', AUDIT_CHECKPOINTS: 'off' };
    const config = Object.assign(new AppConfig(), settings);
    await migrate(config);
    app = await createApp(config);
    await app.init();
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('are shared by the records of all calls that arrive in one round of the event loop', async () => {
    const log = app.get(AuditLog);
    const commits: number[] = [];
    log.notifyCommits((seq) => commits.push(seq));
    const records: Promise<number>[] = [];
    for (let n = 0; n < 20; n++) {
      records.push(log.queue(ENTRY).durable);
      // Each call runs its own microtasks before the next one begins.
      await Promise.resolve();
    }
    const numbers = await Promise.all(records);
    expect(numbers).toEqual(numbers.map((_, n) => numbers[0]! + n));
    expect(commits).toEqual([numbers.at(-1)]);
  });
});
