import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, runSql } from '../support/audit.js';
import { ingest, rawRequest } from '../support/http.js';
import { keyFor, startServerProcess } from '../support/server-process.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backup-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Settings of an installation in a folder. */
const installation = (name: string) => ({
  DATABASE_URL: `sqlite:${folder}/${name}/sessions.db`,
  AUDIT_SIGNING_KEY: `${folder}/${name}/key.pem`,
  AUDIT_CHECKPOINTS: `${folder}/${name}/checkpoints.ndjson`,
  LOST_AFTER: 'off',
});
const old = installation('old');
const backup = join(folder, 'backup');

const session = (n: number) => ({
  ...{ externalId: String(n), clientGuid: `c${n % 7}`, clientName: 'c', userName: `u${n % 5}` },
  ...{ loginDate: '2021-01-01T10:00Z', logoutDate: '2021-01-01T11:00Z' },
  activities: Array.from({ length: 20 }, (_, i) => ({ at: `2021-01-01T10:${10 + i}:00Z`, title: `window ${n} ${i}` })),
});
const batch = (first: number) => Array.from({ length: 200 }, (_, i) => session(first + i));

async function sessionsOf(url: string, key: string): Promise<{ sessionId: number }[]> {
  const { status, body } = await rawRequest(url, '/ekranapi/sessions', { headers: { ApiKey: key } });
  expect(status).toBe(200);
  return JSON.parse(body) as { sessionId: number }[];
}

describe('backup and restore on sqlite', () => {
  let key: string;

  it('copies one state while a server writes', async () => {
    await runCli(['migrate'], old);
    const server = await startServerProcess(old.DATABASE_URL, { ...old, AUDIT_CHECKPOINT_INTERVAL: '50ms' });
    key = await keyFor(old.DATABASE_URL, { scopes: ['sessions:read', 'ingest:write'] });
    await ingest(server.url, key, batch(0));
    let isDone = false;
    let sent = 200;
    const writing = (async () => {
      for (; !isDone; sent += 200) await ingest(server.url, key, batch(sent));
    })();
    try {
      const made = await runCli(['backup', backup], old);
      expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^Backup in .*: [\d.]+ MiB of database\.\n$/) });
      isDone = true;
      await writing;
      await expect(runCli(['restore', backup, '--replace'], old)).resolves.toMatchObject({
        code: 1,
        err: expect.stringContaining('Another process uses the database'),
      });
    } finally {
      isDone = true;
      await server.stop();
    }
    expect(sent).toBeGreaterThan(200);
    expect(readdirSync(backup).sort()).toEqual([
      'audit-checkpoints.ndjson',
      'audit-signing-key.pem',
      'manifest.json',
      'sessions.db',
    ]);
    for (const name of readdirSync(backup)) expect(statSync(join(backup, name)).mode & 0o077).toBe(0);
  }, 60_000);

  it('restores it elsewhere: whole batches, intact sessions and audit, and the same keys', async () => {
    const fresh = installation('fresh');
    expect(await runCli(['restore', backup], fresh)).toMatchObject({ code: 0 });
    expect(await runCli(['check'], fresh)).toMatchObject({ code: 0, out: expect.stringContaining(' 0 faults') });
    expect(await runCli(['audit', 'verify', '--checkpoint', fresh.AUDIT_CHECKPOINTS], fresh)).toMatchObject({
      code: 0,
    });
    const server = await startServerProcess(fresh.DATABASE_URL, fresh);
    try {
      const sessions = await sessionsOf(server.url, key);
      expect(sessions.length).toBeGreaterThanOrEqual(200);
      expect(sessions.length % 200).toBe(0);
    } finally {
      await server.stop();
    }
    const sql = "SELECT seq FROM audit_records WHERE action IN ('backup.create', 'backup.restore')";
    expect((await runSql(fresh.DATABASE_URL, sql)).length).toBe(3); // the end of the backup is after the copy
  }, 60_000);

  it('replaces only on request, and keeps what was there', async () => {
    const used = installation('fresh');
    expect(await runCli(['restore', backup], used)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/sessions\.db.*: exists\. --replace renames what is there/),
    });
    expect(await runCli(['restore', backup, '--replace'], used)).toMatchObject({ code: 0 });
    const kept = readdirSync(join(folder, 'fresh')).filter((name) => name.includes('.before-restore-'));
    expect(kept.map((name) => name.split('.before')[0]).sort()).toEqual([
      'checkpoints.ndjson',
      'key.pem',
      'sessions.db',
    ]);
  }, 60_000);

  it('makes no backup over another one, and leaves the signing key out on request', async () => {
    expect(await runCli(['backup', backup], old)).toMatchObject({ code: 1, err: expect.stringContaining('exists') });
    const without = join(folder, 'without');
    expect(await runCli(['backup', without, '--without-signing-key'], old)).toMatchObject({ code: 0 });
    expect(existsSync(join(without, 'audit-signing-key.pem'))).toBe(false);
  }, 60_000);

  it('refuses a backup that was changed, and changes nothing', async () => {
    const copy = join(folder, 'damaged');
    cpSync(backup, copy, { recursive: true });
    flipByte(join(copy, 'sessions.db'));
    const refused = await runCli(['restore', copy], installation('untouched'));
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('sessions.db is not the file') });
    expect(existsSync(join(folder, 'untouched'))).toBe(false);
  });

  it('names the documentation for a database server', async () => {
    const server = { ...old, DATABASE_URL: 'mysql://user:S3CRET@127.0.0.1:1/sessions' };
    const { code, err } = await runCli(['backup', join(folder, 'never')], server);
    expect([code, err]).toEqual([1, expect.stringContaining('docs/operations.md')]);
    expect(err).not.toContain('S3CRET');
  });
});

function flipByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 100]! ^= 1;
  writeFileSync(path, bytes);
}
