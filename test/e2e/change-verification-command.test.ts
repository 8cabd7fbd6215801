import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ChangeCheckpointsService } from '../../src/modules/changes/checkpoints/change-checkpoints.service.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { loadSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import { OlderSessionsService } from '../../src/modules/sessions/changes/older-sessions.service.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { runCli } from '../support/audit.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { ingest } from '../support/http.js';
import { rewriteLog } from '../support/rewritten-log.js';
import { keyFor } from '../support/server-process.js';
import { type SigningApp, startSigningApp } from '../support/signing-app.js';

// Each command is a process of its own.
jest.setTimeout(180_000);

const SESSIONS = 20;

function sessions(): object[] {
  return Array.from({ length: SESSIONS }, (_, n) => ({
    ...{ externalId: `s-${n}`, clientGuid: `c${n % 2}`, clientName: 'c', userName: 'u' },
    loginDate: new Date(Date.UTC(2021, 3, 1) + n * 60_000).toISOString(),
    logoutDate: new Date(Date.UTC(2021, 3, 2) + n * 60_000).toISOString(),
  }));
}

describe.each(engines)('the command changes verify on $name', (engine: TestEngine) => {
  let database: FreshDatabase;
  let folder: string;
  let app: SigningApp;
  let db: DataSource;
  let key: string;
  let checkpoints: string;
  let publicKey: string;

  const env = () => ({ DATABASE_URL: database.url, AUDIT_SIGNING_KEY: key, LOST_AFTER: 'off' });
  const verify = (args: string[] = [], settings = {}) =>
    runCli(['changes', 'verify', ...args], { ...env(), ...settings });

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    folder = mkdtempSync(join(tmpdir(), 'changes-verify-'));
    key = join(folder, 'key.pem');
    app = await startSigningApp(database.url, { AUDIT_SIGNING_KEY: key, AUDIT_CHECKPOINTS: 'off' });
    await app.get(OlderSessionsService).addAll();
    const writer = await keyFor(database.url, { scopes: ['ingest:write'] });
    expect((await ingest(app.url, writer, sessions())).accepted).toBe(SESSIONS);
    await app.get(ChangeSequencerService).flush();
    checkpoints = join(folder, 'checkpoints.ndjson');
    const line = await app.get(ChangeCheckpointsService).signCheckpoint(loadSigningKey(key), 1);
    writeFileSync(checkpoints, `another line of a collected log\n${line!}`);
    const exported = await runCli(['audit', 'public-key'], env());
    publicKey = join(folder, 'public.pem');
    writeFileSync(publicKey, exported.out);
    ({ dataSource: db } = await openDataSource(database.url, 1));
  });
  afterAll(async () => {
    await db?.destroy();
    await app?.close();
    await database?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('exits with 0 for what was recorded, and with 2 and a line for each fault after an edit', async () => {
    const intact = await verify(['--checkpoint', checkpoints, '--public-key', publicKey]);
    const summary = `intact: ${SESSIONS} entries, ${SESSIONS} sessions, 2 checkpoints matched, 0 faults\n`;
    expect(intact).toMatchObject({ code: 0, out: summary, err: '' });
    await db.query("UPDATE sessions SET logout_at = '2021-04-05 00:00:00.000' WHERE id IN (4, 7)");
    try {
      const { code, out } = await verify(['--checkpoint', checkpoints]);
      expect([code, out.split('\n')]).toEqual([
        2,
        [
          'session-edited: Session 4 is not what the log says.',
          'session-edited: Session 7 is not what the log says.',
          `DIFFERENT: ${SESSIONS} entries, ${SESSIONS} sessions, 2 checkpoints matched, 2 faults`,
          '',
        ],
      ]);
    } finally {
      await db.query('UPDATE sessions SET logout_at = ended_at WHERE id IN (4, 7)');
    }
  });

  // The rest does not depend on the engine.
  if (engine.url !== undefined) return;

  it('goes on after a position, and verifies a window or a client', async () => {
    const none = '0 checkpoints matched, 0 faults\n';
    const [fromLog, fromSessions, ofClient, ofWindow] = await Promise.all([
      verify(['--after', 'log:15']),
      verify(['--after', 'sessions:5']),
      verify(['--client', 'c1']),
      verify(['--from', '2021-04-01T00:05:00Z', '--to', '2021-04-01T00:10:00Z']),
    ]);
    const counted = `intact: ${SESSIONS - 15} entries, ${SESSIONS} sessions, 1 checkpoints matched, 0 faults\n`;
    expect(fromLog).toMatchObject({ code: 0, out: counted });
    expect(fromSessions).toMatchObject({ code: 0, out: `intact: 0 entries, ${SESSIONS - 5} sessions, ${none}` });
    expect(ofClient).toMatchObject({ code: 0, out: `intact: 0 entries, ${SESSIONS / 2} sessions, ${none}` });
    expect(ofClient.err).toContain('with a filter the log as a whole and deleted sessions are not verified');
    expect(ofWindow).toMatchObject({ code: 0, out: `intact: 0 entries, 5 sessions, ${none}` });
  });

  it('exits with 3 if a checkpoint is signed by a key that it does not have, and with 2 if it is none of --public-key', async () => {
    const without = await verify([], { AUDIT_SIGNING_KEY: join(folder, 'none.pem') });
    expect(without).toMatchObject({
      code: 3,
      err: expect.stringContaining('1 checkpoints are signed by unknown keys'),
    });
    const other = { AUDIT_SIGNING_KEY: join(folder, 'other.pem') };
    expect((await runCli(['audit', 'keygen'], { ...env(), ...other })).code).toBe(0);
    const foreign = join(folder, 'foreign.pem');
    writeFileSync(foreign, (await runCli(['audit', 'public-key'], { ...env(), ...other })).out);
    const { code, out } = await verify(['--public-key', foreign]);
    expect([code, out]).toEqual([2, expect.stringContaining('bad-signature: ')]);
  });

  it('exits with 1 for a position, a window or a file that it does not understand', async () => {
    const answers = await Promise.all([
      verify(['--after', 'sessions']),
      verify(['--from', 'never']),
      verify(['--checkpoint', key]),
    ]);
    expect(answers.map(({ code, out }) => [code, out])).toEqual(answers.map(() => [1, '']));
  });

  it('exits with 2 for a log that was rewritten consistently, if a checkpoint was kept', async () => {
    await rewriteLog(app, db, 12);
    expect(await verify()).toMatchObject({ code: 0, err: expect.stringContaining('Without --checkpoint') });
    const { code, out } = await verify(['--checkpoint', checkpoints]);
    expect([code, out.split('\n')]).toEqual([
      2,
      [
        `log-rewritten: Of entries 1 to ${SESSIONS}, one or more are not those that were signed: the log was rewritten.`,
        `DIFFERENT: ${SESSIONS} entries, ${SESSIONS} sessions, 0 checkpoints matched, 1 faults`,
        '',
      ],
    ]);
  });
});
