import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { createApp } from '../../src/app.setup.js';
import { AppConfig } from '../../src/config/app-config.js';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import { type AuditRecord, GENESIS, chained } from '../../src/modules/audit/chain/audit-record.js';
import { parseCheckpointLine } from '../../src/modules/audit/checkpoints/checkpoint.js';
import { CheckpointsService } from '../../src/modules/checkpoints/checkpoints.service.js';
import { type TestApp, startApp } from '../support/app.js';
import { auditKey, auditRecords, pollUntil, runCli, runSql } from '../support/audit.js';
import { copyTable } from '../support/copy-table.js';
import { type TestEngine, engines } from '../support/engines.js';

interface Verdict {
  readonly verdict: string;
  readonly total: number;
  readonly faults: { kind: string; seq: number; to?: number; detail: string }[];
  readonly checkpoints: { matched: number; verified: number; unknownKeys: number };
}

const RECORDS = 9;
const FAR = 1_000_000;
const COLUMNS =
  'seq, at, kind, request_seq, request_id, caller, caller_name, address, action, method, path, filter, status, ' +
  'row_count, byte_count, duration_ms, cut_short, previous_hash, hash';

/** Increases the numbers of all records after `seq` by `by`, in two steps because numbers are unique. */
const shift = (seq: number, by: number) => [
  `UPDATE audit_records SET seq = seq + ${FAR} WHERE seq > ${seq}`,
  `UPDATE audit_records SET seq = seq - ${FAR - by} WHERE seq > ${FAR}`,
];
const forge = (seq: number, model: AuditRecord, previousHash: string) => [
  `INSERT INTO audit_records SELECT ${seq}, ${COLUMNS.slice('seq, '.length)} FROM audit_records WHERE seq = ${model.seq}`,
  ...overwrite({ ...model, seq, previousHash }),
];
/** Replaces the content of a record and its hash. */
const overwrite = (record: AuditRecord) => {
  const { seq, path, previousHash, hash } = chained({ ...record, path: '/forged' }, record.seq, record.previousHash);
  const set = `path = '${path}', previous_hash = '${previousHash}', hash = '${hash}'`;
  return [`UPDATE audit_records SET ${set} WHERE seq = ${seq}`];
};

/** SQL manipulations of a chain of nine records, and the first fault that each causes. */
const TAMPERINGS: [what: string, sql: (r: AuditRecord[]) => string[], kinds: string[], seq: number][] = [
  ['an edit', () => [`UPDATE audit_records SET path = '/harmless' WHERE seq = 4`], ['altered'], 4],
  ['an edit with the hash that fits', (r) => overwrite(r[3]!), ['replaced'], 4],
  ['a deletion', () => ['DELETE FROM audit_records WHERE seq = 4'], ['missing'], 4],
  [
    'a deletion that numbers the rest anew',
    () => ['DELETE FROM audit_records WHERE seq = 4', ...shift(4, -1), `UPDATE audit_head SET seq = ${RECORDS - 1}`],
    ['altered'],
    4,
  ],
  [
    'an insertion that numbers the rest anew',
    (r) => [...shift(4, 1), ...forge(5, r[3]!, r[3]!.hash), `UPDATE audit_head SET seq = ${RECORDS + 1}`],
    ['altered'],
    6,
  ],
  ['an insertion at the end', (r) => forge(RECORDS + 1, r[3]!, r[2]!.hash), ['extra', 'replaced'], RECORDS + 1],
  [
    'two records in changed places',
    () =>
      ['-1 WHERE seq = 3', '3 WHERE seq = 7', '7 WHERE seq = -1'].map((to) => `UPDATE audit_records SET seq = ${to}`),
    ['altered'],
    3,
  ],
  ['a cut tail', () => ['DELETE FROM audit_records WHERE seq > 6'], ['missing'], 7],
  ['a missing head', () => ['DELETE FROM audit_head'], ['no-head'], RECORDS + 1],
];

/** Changes of each stored field. */
const ANY_ENGINE = [
  ...["at = '2021-01-01 00:00:00.000'", "kind = 'command'", 'request_seq = 1', "request_id = 'x'", "caller = 'x'"],
  ...["caller_name = 'x'", "address = '192.0.2.1'", "action = 'sessions.read'", "method = 'get'", "path = '/API/4'"],
  ...[`filter = '{ }'`, 'status = 200', 'row_count = 0', 'byte_count = 0', 'duration_ms = 99999', 'cut_short = 0'],
  ...['cut_short = 2', 'previous_hash = UPPER(previous_hash)', 'hash = UPPER(hash)', "method = 'GET '"],
];
const TEXT_COLUMNS = [
  'at',
  'kind',
  'request_id',
  'caller',
  'caller_name',
  'address',
  'method',
  'path',
  'filter',
  'hash',
];
/** Other forms of the same values, which SQLite accepts in any column. */
const SQLITE_FORMS = [
  ...["at = substr(at, 1, 10) || 'T' || substr(at, 12)", "at = at || ' '", "at = replace(at, '.', ',')"],
  ...['at = unixepoch(at)', "caller_name = CAST(x'7769746820ff' AS TEXT)", 'status = 404.5'],
  ...TEXT_COLUMNS.map((column) => `${column} = CAST(${column} AS BLOB)`),
];

/** Only one case of each kind is also verified by the command, because each command is a process. */
const BY_COMMAND_LINE = new Set([
  ...[
    'an edit',
    'a deletion',
    'an insertion at the end',
    'two records in changed places',
    'a cut tail',
    'a missing head',
  ],
]);

describe.each(engines)('tampering on $name', (engine) => {
  let app: TestApp;
  let auditor: string;
  let dataSource: DataSource;
  let records: AuditRecord[];

  beforeAll(async () => {
    app = await startApp(engine);
    auditor = await auditKey(app.config.DATABASE_URL);
    const caller = await app.limitedKey({ name: 'with \ufffd', scopes: ['sessions:read'] });
    for (let n = 1; n <= RECORDS; n++)
      await fetch(`${app.url}/api/${n}`, n === 4 ? { headers: { ApiKey: caller } } : {});
    records = (await auditRecords(app.url, auditor)).slice(0, RECORDS);
    ({ dataSource } = await openDataSource(app.config.DATABASE_URL, 1));
    await settled();
    await dataSource.query(`DELETE FROM audit_records WHERE seq > ${RECORDS}`);
    await copyTable(dataSource, 'kept', `SELECT ${COLUMNS} FROM audit_records`, 'seq');
    await restore();
  }, 180_000);
  afterAll(async () => {
    await dataSource?.destroy();
    await app?.close();
  });

  /** Waits until every recorded call has its outcome: an outcome that came after `restore` would stand behind the chain. */
  const settled = () =>
    pollUntil(
      async () => {
        const sql = `SELECT COUNT(*) AS n FROM audit_records r WHERE r.seq > ${RECORDS} AND r.kind = 'request'
          AND NOT EXISTS (SELECT 1 FROM audit_records o WHERE o.kind = 'outcome' AND o.request_seq = r.seq)`;
        return Number((await dataSource.query(sql))[0].n);
      },
      (pending) => pending === 0,
    );
  const restore = async () => {
    for (const sql of ['DELETE FROM audit_records', `INSERT INTO audit_records SELECT ${COLUMNS} FROM kept`])
      await dataSource.query(sql);
    await dataSource.query('DELETE FROM audit_head');
    await dataSource.query(`INSERT INTO audit_head VALUES (1, ${RECORDS}, '${records[RECORDS - 1]!.hash}')`);
  };

  it.each(TAMPERINGS)(
    '%s is named',
    async (what, sql, kinds, seq) => {
      try {
        for (const statement of sql(records)) await dataSource.query(statement);
        if (BY_COMMAND_LINE.has(what)) await namedByCommandLine(kinds, seq);
        const answer = await fetch(`${app.url}/api/v1/audit/verify`, { headers: { ApiKey: auditor } });
        // Without its head the chain accepts no record, so no call is answered.
        expect(answer.status).toBe(kinds[0] === 'no-head' ? 503 : 200);
        if (kinds[0] === 'no-head') return;
        const { verdict, faults } = (await answer.json()) as Verdict;
        expect([verdict, kinds.includes(faults[0]!.kind), faults[0]!.seq]).toEqual(['broken', true, seq]);
        await settled();
      } finally {
        await restore();
      }
    },
    60_000,
  );

  it('any stored field of a record is named', async () => {
    const fields = [...ANY_ENGINE, ...(engine.url === undefined ? SQLITE_FORMS : [])];
    for (const change of fields) {
      await dataSource.query(`UPDATE audit_records SET ${change} WHERE seq = 4`);
      const answer = await fetch(`${app.url}/api/v1/audit/verify`, { headers: { ApiKey: auditor } });
      const { verdict, faults } = (await answer.json()) as Verdict;
      expect([change, verdict, faults[0]?.seq]).toEqual([change, 'broken', 4]);
      await settled();
      await restore();
    }
  }, 180_000);

  const namedByCommandLine = async (kinds: string[], seq: number) => {
    const { code, out } = await runCli(['audit', 'verify'], { DATABASE_URL: app.config.DATABASE_URL });
    const [kind, detail] = out.split('\n')[0]!.split(/: (.*)/) as [string, string];
    expect([code, kinds.includes(kind)]).toEqual([2, true]);
    expect(detail).toMatch(kind === 'no-head' ? 'head' : new RegExp(`[Rr]ecords? ${seq}\\b`));
    expect(out).toContain('BROKEN');
  };

  it('that was undone leaves no fault', async () => {
    const answer = await fetch(`${app.url}/api/v1/audit/verify`, { headers: { ApiKey: auditor } });
    expect(await answer.json()).toMatchObject({ verdict: 'intact', faults: [], from: 1, next: null });
    const part = await fetch(`${app.url}/api/v1/audit/verify?after=5`, { headers: { ApiKey: auditor } });
    expect(await part.json()).toMatchObject({ verdict: 'intact', from: 6 });
  });
});

/** The application with checkpoints enabled, and a chain of a few records. */
async function withCheckpoints(engine: TestEngine, work: (c: CheckpointedApp) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'audit-checkpoints-'));
  const file = join(directory, 'checkpoints.ndjson');
  const base = await startApp(engine);
  const settings = {
    ...{ AUDIT_SIGNING_KEY: join(directory, 'key.pem'), AUDIT_CHECKPOINTS: file, AUDIT_CHECKPOINT_RECORDS: 5 },
  };
  const app = await createApp(Object.assign(base.config, settings));
  let open = true;
  const close = async () => {
    if (open) await app.close();
    open = false;
  };
  try {
    app.get(CheckpointsService).start();
    await app.listen(0, '127.0.0.1');
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`;
    const env = { DATABASE_URL: base.config.DATABASE_URL, AUDIT_SIGNING_KEY: settings.AUDIT_SIGNING_KEY };
    const cli = (...args: string[]) => runCli(['audit', ...args], env);
    await work({ url, file, directory, databaseUrl: base.config.DATABASE_URL, cli, close });
  } finally {
    await close();
    await base.close();
    rmSync(directory, { recursive: true });
  }
}

interface CheckpointedApp {
  readonly url: string;
  readonly file: string;
  readonly directory: string;
  readonly databaseUrl: string;
  cli(...args: string[]): ReturnType<typeof runCli>;
  close(): Promise<void>;
}

/** SQL that replaces the path of every record and computes all hashes again, as its administrator can. */
async function rewritten(databaseUrl: string): Promise<string[]> {
  const key = await auditKey(databaseUrl);
  const app = await createApp(Object.assign(new AppConfig(), { DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' }));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const records = await auditRecords(`http://127.0.0.1:${port}`, key);
  await app.close();
  let previous = GENESIS;
  const statements = records.map((record) => {
    const { seq, path, hash } = chained({ ...record, path: '/harmless' }, record.seq, previous);
    const set = `path = '${path}', previous_hash = '${previous}', hash = '${hash}'`;
    previous = hash;
    return `UPDATE audit_records SET ${set} WHERE seq = ${seq}`;
  });
  const end = `seq = ${records.length}, hash = '${previous}'`;
  return [`DELETE FROM audit_records WHERE seq > ${records.length}`, ...statements, `UPDATE audit_head SET ${end}`];
}

const checkpointsIn = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseCheckpointLine);

describe.each(engines)('checkpoints on $name', (engine) => {
  it('are signed at intervals and on shutdown, and are verified with only the public key', async () => {
    await withCheckpoints(engine, async ({ url, file, directory, cli, close }) => {
      for (let n = 0; n < 6; n++) await fetch(`${url}/api/${n}`);
      const first = await pollUntil(
        async () => (existsSync(file) ? checkpointsIn(file) : []),
        (lines) => lines.length > 0,
      );
      expect(first[0]!.count).toBeGreaterThanOrEqual(5);
      await fetch(`${url}/api/last`);
      await close();
      expect(checkpointsIn(file).at(-1)!.count).toBe(7);
      const key = join(directory, 'public.pem');
      writeFileSync(key, (await cli('public-key')).out);
      const { code, out } = await cli('verify', '--checkpoint', file, '--public-key', key);
      expect([code, out.split('\n').at(-2)]).toEqual([
        0,
        `intact: 7 records, ${2 * checkpointsIn(file).length} checkpoints matched, ${2 * checkpointsIn(file).length} signatures verified, 0 of other keys`,
      ]);
      expect(await cli('keygen')).toMatchObject({
        code: 1,
        err: 'AUDIT_SIGNING_KEY exists already and was not changed\n',
      });
    });
  }, 180_000);

  it('stored elsewhere reveal a truncated tail and a rewritten chain', async () => {
    await withCheckpoints(engine, async ({ url, file, databaseUrl, cli, close }) => {
      for (let n = 0; n < 7; n++) await fetch(`${url}/api/${n}`);
      await close();
      const [hash] = await runSql<{ hash: string }>(databaseUrl, 'SELECT hash FROM audit_records WHERE seq = 3');
      await runSql(
        databaseUrl,
        'DELETE FROM audit_records WHERE seq > 3',
        'DELETE FROM audit_checkpoints',
        `UPDATE audit_head SET seq = 3, hash = '${hash!.hash}'`,
      );
      const withoutKept = await cli('verify');
      expect(withoutKept.code).toBe(0); // the database is consistent
      expect(withoutKept.err).toMatch(/^warning: Without --checkpoint a chain that was rewritten, cut or emptied/m);
      const cut = await cli('verify', '--checkpoint', file);
      expect([cut.code, cut.out.split('\n')[0]]).toEqual([2, expect.stringMatching(/^cut: .* now it ends with 3\.$/)]);
      // A new tail of the same length, written by the application itself.
      const app = await createApp(Object.assign(new AppConfig(), { DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' }));
      await app.listen(0, '127.0.0.1');
      const { port } = app.getHttpServer().address() as { port: number };
      for (let n = 0; n < 7; n++) await fetch(`http://127.0.0.1:${port}/api/other-${n}`);
      await app.close();
      expect((await cli('verify')).code).toBe(0);
      const rewritten = await cli('verify', '--checkpoint', file);
      expect([rewritten.code, rewritten.out.split(':')[0]]).toEqual([2, 'rewritten']);
    });
  }, 180_000);

  it('stored elsewhere reveal an emptied chain and a full rewrite, which otherwise look intact', async () => {
    await withCheckpoints(engine, async ({ url, file, databaseUrl, cli, close }) => {
      for (let n = 0; n < 6; n++) await fetch(`${url}/api/${n}`);
      await close();
      await runSql(databaseUrl, 'DELETE FROM audit_checkpoints', ...(await rewritten(databaseUrl)));
      expect((await cli('verify')).code).toBe(0);
      const full = await cli('verify', '--checkpoint', file);
      expect([full.code, full.out.split(':')[0], full.err]).toEqual([2, 'rewritten', '']);
      await runSql(databaseUrl, 'DELETE FROM audit_records', `UPDATE audit_head SET seq = 0, hash = '${GENESIS}'`);
      expect((await cli('verify')).code).toBe(0);
      const emptied = await cli('verify', '--checkpoint', file);
      expect([emptied.code, emptied.out.split(':')[0]]).toEqual([2, 'cut']);
    });
  }, 180_000);

  it('that were changed or signed with another key are reported', async () => {
    await withCheckpoints(engine, async ({ url, file, directory, databaseUrl, cli, close }) => {
      for (let n = 0; n < 5; n++) await fetch(`${url}/api/${n}`);
      await close();
      expect((await cli('verify')).out).toMatch(
        /^intact: 5 records, [12] checkpoints matched, [12] signatures verified/m,
      );
      await runSql(databaseUrl, `UPDATE audit_checkpoints SET at = '2021-01-01 00:00:00.000'`);
      const changed = await cli('verify');
      expect([changed.code, changed.out.split(':')[0]]).toEqual([2, 'bad-signature']);
      await runSql(databaseUrl, `UPDATE audit_checkpoints SET key_id = '${'0'.repeat(32)}'`);
      const unknown = await cli('verify');
      expect([unknown.code, unknown.out]).toEqual([3, expect.stringMatching(/^intact: .* [12] of other keys$/m)]);
      expect(unknown.err).toMatch(/^warning: [12] checkpoints are signed by unknown keys/m);
      await runSql(databaseUrl, 'DELETE FROM audit_checkpoints');
      const other = { AUDIT_SIGNING_KEY: join(directory, 'other.pem'), DATABASE_URL: databaseUrl };
      const made = await runCli(['audit', 'keygen'], other);
      writeFileSync(join(directory, 'other-public.pem'), made.out);
      const foreign = await cli('verify', '--checkpoint', file, '--public-key', join(directory, 'other-public.pem'));
      expect([foreign.code, foreign.out.split(':')[0]]).toEqual([2, 'unknown-key']);
    });
  }, 180_000);
});
