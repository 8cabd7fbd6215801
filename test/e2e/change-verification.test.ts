import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { migrate } from '../../src/cli/context.js';
import { AppConfig } from '../../src/config/app-config.js';
import { ChangeCheckpointsService } from '../../src/modules/changes/checkpoints/change-checkpoints.service.js';
import { parseCheckpointLine } from '../../src/modules/changes/checkpoints/tree-checkpoint.js';
import { ChangeSequencerService } from '../../src/modules/changes/log/change-sequencer.service.js';
import { loadSigningKey } from '../../src/modules/checkpoints/signing-key.js';
import type { ChangeFault } from '../../src/modules/evidence/verification/change-fault.js';
import { ChangeVerificationService } from '../../src/modules/evidence/verification/change-verification.service.js';
import type { ChangesVerdictResponse } from '../../src/modules/evidence/verification/http/dto/changes-verdict.response.js';
import { OlderSessionsService } from '../../src/modules/sessions/changes/older-sessions.service.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { copyTable } from '../support/copy-table.js';
import { type FreshDatabase, type TestEngine, engines, freshDatabase } from '../support/engines.js';
import { auditRecords } from '../support/audit.js';
import { ingest } from '../support/http.js';
import { rewriteLog } from '../support/rewritten-log.js';
import { keyFor } from '../support/server-process.js';
import { type SigningApp, startSigningApp } from '../support/signing-app.js';

/** More than a tile, so that the tree has a stored hash. */
const SESSIONS = 300;
/** With their primary keys. */
const TABLES = {
  sessions: 'id',
  activities: 'session_id, at, digest',
  clients: 'id',
  users: 'id',
  session_changes: 'seq',
  change_nodes: 'level, position',
  change_head: 'id',
  change_checkpoints: 'size',
};

const activity = (minute: number, title: string) => ({
  at: new Date(Date.UTC(2021, 3, 1, 12, minute)).toISOString(),
  application: 'app',
  title,
});

function sessions(): object[] {
  return Array.from({ length: SESSIONS }, (_, n) => ({
    ...{ externalId: `s-${n}`, clientGuid: `c${n % 3}`, clientName: 'c', userName: `u${n % 5}` },
    loginDate: new Date(Date.UTC(2021, 3, 1) + n * 60_000).toISOString(),
    logoutDate: n % 2 ? new Date(Date.UTC(2021, 3, 2) + n * 60_000).toISOString() : null,
    ...(n < 5 && { activities: [activity(1, `a${n}`), activity(2, `b${n}`)] }),
  }));
}

const columns = [
  ...['client_id = 2', 'user_id = 3', "external_id = 'x'", "login_at = '2021-04-01 00:00:30.000'"],
  ...["logout_at = '2021-04-05 00:00:00.000'", "last_seen_at = '2022-04-01 00:00:00.000'"],
  ...["ended_at = '2021-04-06 00:00:00.000'", `remote_address = X'${'00'.repeat(15)}01'`, "remote_host = 'h'"],
  ...['logon_type = 2', 'logon_type = 99', "terminal = 't'", 'version = 7', 'version = 0', 'salt = NULL'],
  ...[`salt = X'${'11'.repeat(16)}'`],
];

/** Manipulations in SQL, and the faults that they cause at least. */
const TAMPERINGS: [what: string, sql: string[], kinds: string[]][] = [
  ...columns.map((set): [string, string[], string[]] => [
    `sessions.${set}`,
    [`UPDATE sessions SET ${set} WHERE id = 4`],
    ['session-edited'],
  ]),
  ['a deleted session', ['DELETE FROM sessions WHERE id = 4'], ['session-deleted', 'activities-added']],
  ['a session with another id', ['UPDATE sessions SET id = 900 WHERE id = 4'], ['session-deleted', 'session-added']],
  ...['0', '1'].map((version): [string, string[], string[]] => [
    `an inserted session with version ${version}`,
    [
      `INSERT INTO sessions (client_id, user_id, external_id, login_at, last_seen_at, version)
       VALUES (1, 1, 'x', '2021-01-01 00:00:00.000', '2021-01-01 00:00:00.000', ${version})`,
    ],
    ['session-added'],
  ]),
  [
    'an inserted session with a forged entry',
    [
      `INSERT INTO sessions (id, client_id, user_id, external_id, login_at, last_seen_at, version)
       VALUES (900, 1, 1, 'x', '2021-01-01 00:00:00.000', '2021-01-01 00:00:00.000', 1)`,
      `INSERT INTO session_changes (seq, session_id, version, kind, at, client_id, session_hash, activities, leaf)
       SELECT ${SESSIONS + 1}, 900, 1, kind, at, client_id, session_hash, 0, leaf FROM session_changes WHERE seq = 9`,
    ],
    ['entry-extra', 'session-edited'],
  ],
  [
    'two sessions with swapped ids',
    ['-1 WHERE id = 4', '4 WHERE id = 5', '5 WHERE id = -1'].map((to) => `UPDATE sessions SET id = ${to}`),
    ['session-edited'],
  ],
  ['clients.guid', ["UPDATE clients SET guid = 'x' WHERE id = 1"], ['session-edited']],
  ['users.name', ["UPDATE users SET name = 'x' WHERE id = 1"], ['session-edited']],
  ['a deleted user', ['DELETE FROM users WHERE id = 1'], ['session-edited']],
  ["an activity's title", ["UPDATE activities SET title = 'x' WHERE title = 'a1'"], ['activities-edited']],
  [
    "an activity's instant",
    ["UPDATE activities SET at = '2021-04-01 12:09:00.000' WHERE title = 'a1'"],
    ['activities-edited'],
  ],
  ['a deleted activity', ["DELETE FROM activities WHERE title = 'a1'"], ['activities-deleted']],
  [
    'an inserted activity',
    [
      `INSERT INTO activities (session_id, at, digest, version) VALUES (2, '2021-04-01 12:00:00.000', X'0000000000000000', 1)`,
    ],
    ['activities-added', 'activities-edited'],
  ],
  ['an activity of another version', ["UPDATE activities SET version = 2 WHERE title = 'a1'"], ['activities-added']],
  [
    'an activity of another session',
    ["UPDATE activities SET session_id = 4 WHERE title = 'a1'"],
    ['activities-added', 'activities-deleted'],
  ],
  [
    'an activity without a session',
    ["UPDATE activities SET session_id = 950 WHERE title = 'a1'"],
    ['activities-added', 'activities-deleted'],
  ],
  ...[
    ...['session_id = 9', 'version = 2', 'kind = 2', 'kind = 99', "at = '2021-01-01 00:00:00.000'", 'client_id = 9'],
    ...[`session_hash = X'${'00'.repeat(32)}'`, 'activities = 1', `activities_hash = X'${'00'.repeat(32)}'`],
    `leaf = X'${'00'.repeat(32)}'`,
  ].map((set): [string, string[], string[]] => [
    `session_changes.${set}`,
    [`UPDATE session_changes SET ${set} WHERE seq = 20`],
    ['entry-altered'],
  ]),
  ['a deleted entry', ['DELETE FROM session_changes WHERE seq = 20'], ['entry-missing', 'session-added']],
  [
    'two swapped entries',
    ['-1 WHERE seq = 20', '20 WHERE seq = 21', '21 WHERE seq = -1'].map(
      (to) => `UPDATE session_changes SET seq = ${to}`,
    ),
    ['node-altered'],
  ],
  ['the hash of a tile', [`UPDATE change_nodes SET hash = X'${'00'.repeat(32)}'`], ['node-altered']],
  ['a missing hash of a tile', ['DELETE FROM change_nodes'], ['node-altered']],
  ['an added hash of a tile', [`INSERT INTO change_nodes VALUES (1, 7, X'${'00'.repeat(32)}')`], ['node-altered']],
  ['the frontier', [`UPDATE change_head SET frontier = X'${'00'.repeat(128)}'`], ['head-altered']],
  ['the size', ['UPDATE change_head SET size = 299'], ['entry-extra', 'head-altered', 'log-cut']],
  ['a missing head', ['DELETE FROM change_head'], ['head-altered']],
  [
    'a cut log',
    ['DELETE FROM session_changes', 'DELETE FROM change_nodes', "UPDATE change_head SET size = 0, frontier = ''"],
    ['log-cut', 'session-added'],
  ],
];

/** Statements that change something for every row from 1 to SESSIONS; one of `activities` for sessions 1 to 5. */
const CHANGES: ((row: number) => string)[] = [
  ...[
    ...[
      'client_id = client_id % 3 + 1',
      'user_id = user_id % 5 + 1',
      "external_id = 'forged'",
      'version = version + 1',
    ],
    ...["login_at = '2021-03-31 00:00:00.000'", "last_seen_at = '2021-06-01 00:00:00.000'", "remote_host = 'forged'"],
    ...["ended_at = '2021-05-01 00:00:00.000'", 'logon_type = 3', "terminal = 'forged'", 'salt = NULL'],
  ].map((set) => (row: number) => `UPDATE sessions SET ${set.replace('forged', `forged-${row}`)} WHERE id = ${row}`),
  ...[
    ...['session_id = session_id + 1', 'version = version + 1', 'kind = kind + 1', 'client_id = client_id + 1'],
    ...["at = '2021-01-01 00:00:00.000'", 'activities = activities + 1', 'session_hash = NULL', 'leaf = session_hash'],
  ].map((set) => (row: number) => `UPDATE session_changes SET ${set} WHERE seq = ${row}`),
  (row) => `DELETE FROM sessions WHERE id = ${row}`,
  (row) => `DELETE FROM session_changes WHERE seq = ${row}`,
  (row) => `DELETE FROM activities WHERE session_id = ${(row % 5) + 1} AND title LIKE 'a%'`,
  (row) => `UPDATE activities SET version = version + 1 WHERE session_id = ${(row % 5) + 1} AND title LIKE 'b%'`,
  (row) => `UPDATE activities SET keystrokes = 'forged' WHERE session_id = ${(row % 5) + 1}`,
];

describe.each(engines)('verification of sessions on $name', (engine: TestEngine) => {
  let database: FreshDatabase;
  let directory: string;
  let app: SigningApp;
  let db: DataSource;
  let note: string;
  let auditor: string;

  const run = async (statements: readonly string[]): Promise<void> => {
    for (const sql of statements) await db.query(sql);
  };
  const names = async (table: string): Promise<string> => {
    const rows = await db.query<object[]>(`SELECT * FROM kept_${table} LIMIT 1`);
    return Object.keys(rows[0]!)
      .filter((name) => name !== 'node')
      .join(', ');
  };
  const restore = async (): Promise<void> => {
    for (const table of Object.keys(TABLES)) {
      const list = await names(table);
      await run([`DELETE FROM ${table}`, `INSERT INTO ${table} (${list}) SELECT ${list} FROM kept_${table}`]);
    }
  };
  const verify = async (filter = {}, phase: 'log' | 'sessions' = 'log', after = 0): Promise<ChangeFault[]> => {
    const options = { position: { phase, after }, filter, trusted: { keys: [], complete: false }, notes: [note] };
    const faults: ChangeFault[] = [];
    const { signal } = new AbortController();
    for await (const step of app.get(ChangeVerificationService).verify({ ...options, signal }))
      faults.push(...step.faults);
    return faults;
  };

  const overHttp = (query = '') => fetch(`${app.url}/api/v1/changes/verify${query}`, { headers: { ApiKey: auditor } });
  const verdict = async (query = ''): Promise<ChangesVerdictResponse> => {
    const answer = await overHttp(query);
    expect([query, answer.status]).toEqual([query, 200]);
    return (await answer.json()) as ChangesVerdictResponse;
  };

  beforeAll(async () => {
    database = await freshDatabase(engine);
    await migrate(Object.assign(new AppConfig(), { DATABASE_URL: database.url }));
    directory = mkdtempSync(join(tmpdir(), 'change-verification-'));
    const AUDIT_SIGNING_KEY = join(directory, 'key.pem');
    app = await startSigningApp(database.url, { AUDIT_SIGNING_KEY, AUDIT_CHECKPOINTS: 'off' });
    await app.get(OlderSessionsService).addAll();
    const writer = await keyFor(database.url, { scopes: ['ingest:write'] });
    auditor = await keyFor(database.url, { scopes: ['audit:read'] });
    expect((await ingest(app.url, writer, sessions())).accepted).toBe(SESSIONS);
    await app.get(ChangeSequencerService).flush();
    const line = await app.get(ChangeCheckpointsService).signCheckpoint(loadSigningKey(AUDIT_SIGNING_KEY), 1);
    note = parseCheckpointLine(line!)!;
    ({ dataSource: db } = await openDataSource(database.url, 1));
    await run([engine.url ? 'SET foreign_key_checks = 0' : 'PRAGMA foreign_keys = OFF']);
    for (const [table, key] of Object.entries(TABLES))
      await copyTable(db, `kept_${table}`, `SELECT * FROM ${table}`, key);
  }, 60_000);
  afterAll(async () => {
    await db?.destroy();
    await app?.close();
    await database?.drop();
    rmSync(directory, { recursive: true });
  });

  it('finds no fault in what the application recorded, in whole, resumed and filtered', async () => {
    expect(await verify()).toEqual([]);
    expect(await verify({}, 'log', 280)).toEqual([]);
    expect(await verify({}, 'sessions', 100)).toEqual([]);
    expect(await verify({ clientGuid: 'c1' })).toEqual([]);
    expect(await verify({ from: '2021-04-01 01:00:00.000', to: '2021-04-01 02:00:00.000' })).toEqual([]);
  });

  it.each(TAMPERINGS)('names %s', async (_what, sql, kinds) => {
    try {
      await run(sql);
      const found = await verify();
      expect([...new Set(found.map(({ kind }) => kind))]).toEqual(expect.arrayContaining(kinds));
    } finally {
      await restore();
    }
    expect(await verify()).toEqual([]);
  });

  it('finds random tampering, and nothing when it is undone', async () => {
    const aChange = fc.tuple(fc.nat(CHANGES.length - 1), fc.integer({ min: 1, max: SESSIONS }));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(aChange, { minLength: 1, maxLength: 3, selector: String }), async (changes) => {
        try {
          await run(changes.map(([which, row]) => CHANGES[which]!(row)));
          expect(await verify()).not.toEqual([]);
        } finally {
          await restore();
        }
        expect(await verify()).toEqual([]);
      }),
      { numRuns: Number(process.env['TAMPERINGS'] ?? 15), endOnFailure: true },
    );
  }, 600_000);

  it('names a consistent rewrite of everything, by the kept checkpoint', async () => {
    try {
      await rewriteLog(app, db, 20);
      expect((await verify()).map(({ kind }) => kind)).toEqual(['log-rewritten']);
    } finally {
      await restore();
    }
  });

  it('that goes on where stored hashes are missing names them, because it cannot compare the tree', async () => {
    try {
      await run(['DELETE FROM change_nodes']);
      expect((await verify({}, 'log', 280)).map(({ kind }) => kind)).toContain('node-altered');
      expect((await verify({}, 'log', SESSIONS)).map(({ kind }) => kind)).toContain('node-altered');
    } finally {
      await restore();
    }
  });

  it('that goes on after the end of the log names the cut', async () => {
    expect((await verify({}, 'log', SESSIONS + 1)).map(({ kind }) => kind)).toEqual(['log-cut']);
  });

  it('over HTTP gives the verdict, in whole, resumed and filtered', async () => {
    const checkpoints = { matched: 1, verified: 1, unknownKeys: 0 };
    const none = { faultCount: 0, faults: [], older: 0, next: null };
    const intact = { verdict: 'intact', entries: SESSIONS, sessions: SESSIONS, ...none, checkpoints };
    expect(await verdict()).toEqual(intact);
    expect(await verdict('?after=log:280')).toMatchObject({ ...intact, entries: SESSIONS - 280 });
    expect(await verdict('?after=sessions:100')).toMatchObject({ ...none, entries: 0, sessions: SESSIONS - 100 });
    expect(await verdict('?client=c1')).toMatchObject({ ...none, entries: 0, sessions: SESSIONS / 3 });
    const hour = '?from=2021-04-01T01:00:00Z&to=2021-04-01T02:00:00Z';
    expect(await verdict(hour)).toMatchObject({ ...none, entries: 0, sessions: 60 });
    const records = await auditRecords(app.url, auditor);
    expect(records.filter(({ action }) => action === 'changes.verify').length).toBeGreaterThanOrEqual(5);
  });

  it('over HTTP names an edited session', async () => {
    try {
      await run(["UPDATE sessions SET logout_at = '2021-04-05 00:00:00.000' WHERE id = 4"]);
      expect(await verdict()).toMatchObject({
        ...{ verdict: 'broken', faultCount: 1 },
        faults: [{ kind: 'session-edited', sessionId: 4, version: 1, detail: 'Session 4 is not what the log says.' }],
      });
    } finally {
      await restore();
    }
  });

  it('over HTTP lists the first 100 faults and counts all', async () => {
    try {
      await run(["UPDATE sessions SET terminal = 'x'"]);
      const { verdict: result, faults, faultCount } = await verdict();
      expect([result, faults.length, faultCount]).toEqual(['broken', 100, SESSIONS]);
    } finally {
      await restore();
    }
  });

  it.each(['?after=7', '?after=log:-1', '?after=sessions:x', '?client=', '?from=never', '?unknown=1'])(
    'over HTTP refuses %s',
    async (query) => expect((await overHttp(query)).status).toBe(400),
  );

  it('over HTTP runs one at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => overHttp()));
    const refused = answers.filter(({ status }) => status === 503);
    expect(answers.filter(({ status }) => status === 200).length).toBe(answers.length - refused.length);
    expect(answers.length - refused.length).toBeGreaterThan(0);
    expect(refused.map(({ headers }) => headers.get('Retry-After'))).toContain('5');
  });
});
