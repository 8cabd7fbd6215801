import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { keyFor, startServerProcess } from '../support/server-process.js';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';

const RECORD = {
  ...{ externalId: 'one', clientGuid: 'machine', clientName: 'Machine', userName: 'ann' },
  ...{ loginDate: '2021-04-01T10:00:00Z', logoutDate: '2021-04-01T11:00:00Z' },
};

describe('the SQLite file of a process that was stopped', () => {
  it('is the whole database, readable by its owner only', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sqlite-file-'));
    const path = join(directory, 'data', 'sessions.db');
    const url = `sqlite:${path}`;
    try {
      await migrate(Object.assign(new AppConfig(), { DATABASE_URL: url }));
      const key = await keyFor(url, { scopes: ['ingest:write', 'sessions:read'] });
      const server = await startServerProcess(url);
      const headers = { ApiKey: key, 'Content-Type': 'application/json' };
      const body = JSON.stringify([RECORD]);
      const answer = await fetch(`${server.url}/api/v1/ingest/sessions`, { method: 'POST', headers, body });
      expect(((await answer.json()) as { accepted: number }).accepted).toBe(1);
      expect((await fetch(`${server.url}/ekranapi/sessions`, { headers })).status).toBe(200);
      const exited = once(server.child, 'exit');
      server.child.kill('SIGTERM');
      await exited;
      expect(['-wal', '-shm'].filter((suffix) => existsSync(path + suffix))).toEqual([]);
      expect([statSync(path).mode & 0o777, statSync(join(directory, 'data')).mode & 0o777]).toEqual([0o600, 0o700]);
      const copy = join(directory, 'copy.db');
      copyFileSync(path, copy);
      const db = new Database(copy, { readonly: true });
      expect(db.prepare('SELECT COUNT(*) FROM sessions').pluck().get()).toBe(1);
      db.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }, 60_000);
});
