import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../../src/platform/database/connection/data-source.js';
import type { IngestRecord } from '../../src/modules/ingestion/pipeline/ingest-record.js';
import { LOGON_TYPES } from '../../src/modules/sessions/port/logon-type.js';
import { runSql } from '../support/audit.js';
import { type TestApp, startApp } from '../support/app.js';
import { engines } from '../support/engines.js';

/** For tests with many requests on a busy machine. */
const LONG_MS = 60_000;

interface Answer {
  accepted: number;
  rejected: number;
  activities: number;
  results: { externalId: string | null; sessionId: number | null; status: string; detail?: string }[];
}

const at = (second: number) => new Date(Date.UTC(2021, 3, 1, 10, 0, second)).toISOString();
const record = (change: Partial<IngestRecord> = {}): IngestRecord => ({
  externalId: 'e',
  clientGuid: 'g',
  clientName: 'Machine',
  userName: 'ada',
  loginDate: at(0),
  logoutDate: null,
  ...change,
});

/** Few distinct instants and names, so that records of a session collide in every field. */
const second = fc.integer({ min: 0, max: 5 });
const anyRecord = fc
  .record({
    session: fc.integer({ min: 0, max: 2 }),
    client: fc.integer({ min: 0, max: 1 }),
    clientName: fc.constantFrom('Machine', 'machine', 'Mäschine', '😀'),
    login: second,
    logout: fc.option(second),
    lastSeen: fc.option(second),
    remoteAddress: fc.constantFrom(undefined, null, '192.0.2.1', '::ffff:192.0.2.2', '2001:db8::1'),
    remoteHost: fc.constantFrom(undefined, null, 'a', 'A', 'a ', '～', '😀'),
    logonType: fc.constantFrom(undefined, null, ...LOGON_TYPES),
    terminal: fc.constantFrom(undefined, null, 'tty1', 'tty10'),
    activities: fc.array(
      fc.record({ at: second.map(at), title: fc.constantFrom(undefined, null, '', 'a', 'A', 'a ') }),
      { maxLength: 3 },
    ),
  })
  .map(({ session, client, clientName, login, logout, lastSeen, activities, ...origin }) =>
    record({
      ...origin,
      externalId: `s${session}`,
      clientGuid: `c${client}`,
      clientName,
      userName: `user ${session % 2}`,
      userDomain: session === 0 ? 'ACME' : undefined,
      loginDate: at(login),
      logoutDate: logout === null ? null : at(login + logout),
      lastSeen: lastSeen === null ? undefined : at(lastSeen),
      activities,
    }),
  );

/** White space that gzip shrinks about 100 times. */
function spacesAndNoise(bytes: number): Buffer {
  const text = Buffer.alloc(bytes, ' ');
  for (let at = 1024; at < bytes; at += 1024)
    for (let i = 0; i < 24; i++) text[at - i] = ' \t\r\n'.charCodeAt(Math.floor(4 * Math.random()));
  return text;
}

describe.each(engines)('POST /api/v1/ingest/sessions on $name', (engine) => {
  let app: TestApp;
  let key: string;
  let db: DataSource;
  let runs = 0;

  beforeAll(async () => {
    app = await startApp(engine, { INGESTS_PER_CALLER: 8 });
    key = await app.key('ingest:write');
    ({ dataSource: db } = await openDataSource(app.config.DATABASE_URL, 1));
  });
  afterAll(async () => {
    await db?.destroy();
    await app?.close();
  });

  const post = (body: string | Buffer, headers: Record<string, string> = {}, path = '/api/v1/ingest/sessions') =>
    fetch(`${app.url}${path}`, {
      method: 'POST',
      headers: { ApiKey: key, 'Content-Type': 'application/json', ...headers },
      body: body as string,
    });
  const send = async (records: readonly unknown[]): Promise<Answer> => {
    const answer = await post(JSON.stringify(records));
    expect(answer.status).toBe(200);
    return (await answer.json()) as Answer;
  };
  const problem = async (answer: Response) => {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const { status, type, detail } = (await answer.json()) as { status: number; type: string; detail: string };
    expect(status).toBe(answer.status);
    return { status, code: type.split(':').at(-1), detail };
  };
  /** Every test uses its own clients, so it needs no empty database. */
  const fresh = (records: readonly IngestRecord[], prefix = `t${++runs}-`) =>
    records.map((r) => ({ ...r, clientGuid: prefix + r.clientGuid }));
  const statuses = (answer: Answer) => answer.results.map((r) => r.status);

  /** All stored data of the clients with this prefix, without ids. */
  const state = async (prefix: string): Promise<unknown[]> => {
    const like = [`${prefix}%`];
    const sessions = `SELECT c.guid AS guid, c.name AS client, c.name_at AS name_at, u.domain AS domain, u.name AS user_name, s.external_id AS external_id,
      s.login_at AS login_at, s.logout_at AS logout_at, s.last_seen_at AS last_seen_at, s.ended_at AS ended_at,
      HEX(s.remote_address) AS address, s.remote_address_at AS address_at, s.remote_host AS host, s.remote_host_at AS host_at,
      s.logon_type AS logon_type, s.logon_type_at AS logon_type_at, s.terminal AS terminal, s.terminal_at AS terminal_at
      FROM sessions s JOIN clients c ON c.id = s.client_id JOIN users u ON u.id = s.user_id WHERE c.guid LIKE ? ORDER BY 1, 6`;
    const activities = `SELECT c.guid AS guid, s.external_id AS external_id, a.at AS at, a.title AS title, a.digest AS digest
      FROM activities a JOIN sessions s ON s.id = a.session_id JOIN clients c ON c.id = s.client_id WHERE c.guid LIKE ? ORDER BY 1, 2, 3, 5`;
    const rows = (await Promise.all([db.query(sessions, like), db.query(activities, like)])) as Record<
      string,
      unknown
    >[][];
    return rows.map((part) => part.map((row) => ({ ...row, guid: String(row['guid']).slice(prefix.length) })));
  };

  it(
    'reaches the same state for any order, repetition and splitting of the records',
    async () => {
      const histories = fc.array(anyRecord, { minLength: 1, maxLength: 8 }).chain((all) =>
        fc.record({
          all: fc.constant(all),
          again: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
          cut: fc.integer({ min: 0, max: 2 * all.length }),
        }),
      );
      await fc.assert(
        fc.asyncProperty(histories, async ({ all, again, cut }) => {
          const [one, other] = [`o${++runs}-`, `p${runs}-`];
          const first = await send(fresh(all, one));
          expect(first.rejected).toBe(0);
          const parts = [await send(fresh(again.slice(0, cut), other)), await send(fresh(again.slice(cut), other))];
          expect(await state(other)).toEqual(await state(one));
          expect(parts.reduce((sum, part) => sum + part.activities, 0)).toBe(first.activities);
          expect(statuses(await send(fresh(all, one)))).toEqual(all.map(() => 'unchanged'));
        }),
        { numRuns: 25 },
      );
    },
    LONG_MS,
  );

  it('returns the effect of each record, in the order sent', async () => {
    const activities = [{ at: at(1), title: 'a' }];
    const answer = await send(
      fresh([
        record(),
        record(),
        record({ activities }),
        record({ activities }),
        record({ externalId: 'f' }),
        record({ logoutDate: at(5) }),
        record({ loginDate: at(9), logoutDate: at(8) }),
        record({ clientName: 'Mochine', lastSeen: at(5) }),
      ]),
    );
    expect(statuses(answer)).toEqual([
      'created',
      'unchanged',
      'updated',
      'unchanged',
      'created',
      'updated',
      'rejected',
      'updated',
    ]);
    expect(answer).toMatchObject({ accepted: 7, rejected: 1, activities: 1 });
    const [first, , , , other, sixth, bad] = answer.results;
    expect(sixth!.sessionId).toBe(first!.sessionId);
    expect(other!.sessionId).toBeGreaterThan(first!.sessionId!);
    expect(bad).toEqual({
      externalId: 'e',
      sessionId: null,
      status: 'rejected',
      detail: 'logoutDate is before loginDate.',
    });
  });

  it('keeps each value of the origin that came with the latest instant, and never removes one', async () => {
    const from = (lastSeen: number, origin: Partial<IngestRecord>) => record({ lastSeen: at(lastSeen), ...origin });
    const sent = fresh([from(2, { remoteAddress: '192.0.2.2', remoteHost: 'b' }), record({ externalId: 'without' })]);
    const [prefix] = sent.map((r) => r.clientGuid.slice(0, -1));
    expect(statuses(await send(sent))).toEqual(['created', 'created']);
    const later = [
      from(1, { remoteAddress: '192.0.2.1', terminal: 'tty1' }),
      from(2, { remoteHost: 'a' }),
      from(1, { terminal: 'tty1' }),
      from(3, { remoteAddress: null, remoteHost: null }),
      from(3, { remoteAddress: '192.0.2.2' }),
      from(3, { logonType: 'unlock' }),
    ];
    const results = await send(fresh(later, prefix));
    expect(statuses(results)).toEqual(['updated', 'unchanged', 'unchanged', 'updated', 'unchanged', 'updated']);
    const [sessions] = (await state(prefix!)) as [Record<string, unknown>[]];
    const [known, without] = sessions;
    const address = '00000000000000000000FFFFC0000202';
    expect(known).toMatchObject({ address, host: 'b', logon_type: 6, terminal: 'tty1' });
    expect(without).toMatchObject({
      address_at: null,
      host: null,
      logon_type: null,
      terminal: null,
      terminal_at: null,
    });
  });

  /** Galera spaces ids by the number of its nodes, unless it is told otherwise. */
  const spacing = async () => {
    if (engine.url === undefined) return 1;
    const [row] = await runSql<{ step: number | string }>(
      app.config.DATABASE_URL,
      'SELECT @@auto_increment_increment AS step',
    );
    return Number(row!.step);
  };

  it(
    'assigns ascending ids without gaps in the order sent, even among unchanged records',
    async () => {
      const records = fresh(
        Array.from({ length: 1200 }, (_, i) => record({ externalId: `x${(i * 7) % 1200}`, clientGuid: `c${i % 3}` })),
      );
      const ids = (await send(records)).results.map((r) => r.sessionId!);
      await send(records);
      const next = await send(fresh([record()]));
      const start = ids[0]!;
      const step = await spacing();
      expect(ids).toEqual(ids.map((_, i) => start + i * step));
      expect(next.results[0]!.sessionId).toBe(start + 1200 * step);
    },
    LONG_MS,
  );

  it('rejects a record that names another user, in the same batch and later, and stores nothing of it', async () => {
    const [mine, other] = fresh([
      record(),
      record({ userName: `other ${++runs}`, clientName: 'Zzz', logoutDate: at(50), activities: [{ at: at(3) }] }),
    ]);
    const answer = await send([mine, other]);
    expect(statuses(answer)).toEqual(['created', 'rejected']);
    const prefix = mine!.clientGuid;
    const before = await state(prefix);
    const later = await send([{ ...mine, userDomain: 'ACME' }, other, mine]);
    expect(statuses(later)).toEqual(['rejected', 'rejected', 'unchanged']);
    expect(later.results[0]).toMatchObject({ sessionId: null, detail: expect.stringContaining('another user') });
    expect(await state(prefix)).toEqual(before);
    expect(await db.query('SELECT id FROM users WHERE name = ?', [other!.userName])).toEqual([]);
  });

  it('distinguishes names that differ in case, accent or a trailing space', async () => {
    const names = ['ada', 'Ada', 'àda', 'ada ', ' ada'];
    const answer = await send(fresh(names.map((name) => record({ externalId: name, userName: name }))));
    expect(new Set(answer.results.map((r) => r.sessionId)).size).toBe(5);
    expect(statuses(answer)).toEqual(names.map(() => 'created'));
  });

  /** What each field of a session and its one activity is stored as, by its clientGuid. */
  const stored = async (guid: string): Promise<unknown> => {
    const [row] = (await db.query(
      `SELECT s.external_id AS a, c.name AS b, u.name AS c, u.domain AS d,
        a.application AS e, a.title AS f, a.url AS g, a.keystrokes AS h, a.kind AS i
      FROM sessions s JOIN clients c ON c.id = s.client_id JOIN users u ON u.id = s.user_id
      JOIN activities a ON a.session_id = s.id WHERE c.guid = ?`,
      [guid],
    )) as Record<string, unknown>[];
    return row && Object.values(row);
  };

  it(
    'stores hostile text exactly, and finds it again',
    async () => {
      const piece = fc.oneof(
        fc.constantFrom(
          ...["'", '"', '`', '\\', "\\'", "''", '%', '_', '?', '??', ';', '--', '/*', '#', '[', ']', '{', '}'],
        ),
        fc.constantFrom(
          ...[
            ':',
            ',',
            'null',
            '$[0]',
            '\\u0041',
            '\\0',
            '\u2028',
            '\u2029',
            '\ufeff',
            '\u00a5',
            '\u20a9',
            '\u0301',
            '😀',
            '𝒳',
          ],
        ),
        fc.constantFrom(...['縗', '誠', '\u00bf\u005c', "\u00bf'", ' ', 'Ä', 'ß', '\u{10ffff}', '\uffff']),
        fc.string({ unit: 'binary', maxLength: 3 }).filter((text) => !text.includes('\0')),
      );
      const visible = fc.array(piece, { minLength: 1, maxLength: 16 }).map((parts) => parts.join('') || "'");
      // eslint-disable-next-line no-control-regex
      const identity = visible.map((text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '') || "'");
      const typed = fc.oneof(
        visible,
        visible.map((text) => `\b\f\n\r\t\u001a\u001f\u007f${text}`),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.tuple(...[identity, visible, identity, identity], ...[visible, typed, visible, typed]),
          async ([externalId, clientName, userName, userDomain, application, title, url, keystrokes]) => {
            const kind = title.slice(0, 8).toWellFormed();
            const activities = [{ at: at(1), application, title, url, keystrokes, kind }];
            const [one] = fresh([record({ externalId, clientName, userName, userDomain, activities })]);
            expect(statuses(await send([one]))).toEqual(['created']);
            expect(await stored(one!.clientGuid)).toEqual([
              externalId,
              clientName,
              userName,
              userDomain,
              application,
              title,
              url,
              keystrokes,
              kind,
            ]);
            expect(statuses(await send([one]))).toEqual(['unchanged']);
          },
        ),
        { numRuns: 60 },
      );
    },
    LONG_MS,
  );

  it(
    'accepts the largest record and stores it unchanged',
    async () => {
      const activities = Array.from({ length: 10_000 }, (_, i) => ({ at: at(i % 3000), title: `t${i}` }));
      const big = fresh([record({ activities })]);
      expect(await send(big)).toMatchObject({ activities: 10_000 });
      expect(await send(big)).toMatchObject({ activities: 0, results: [{ status: 'unchanged' }] });
    },
    LONG_MS,
  );

  it(
    'loses and duplicates nothing when senders send the same sessions concurrently',
    async () => {
      const prefix = `t${++runs}-`;
      const records = Array.from({ length: 60 }, (_, i) =>
        record({
          ...{
            externalId: `s${i % 20}`,
            clientGuid: `c${i % 4}`,
            userName: `user ${i % 4} of ${prefix}`,
            clientName: `name ${i % 7}`,
          },
          ...{
            loginDate: at(60 - i),
            logoutDate: i % 2 ? at(100 + i) : null,
            activities: [{ at: at(70 + i) }, { at: at(70), title: `${i % 5}` }],
          },
        }),
      );
      const single = `t${++runs}-`;
      const expected = await send(fresh(records, single));
      const shuffles = fc.sample(fc.shuffledSubarray(records, { minLength: records.length }), { numRuns: 8, seed: 1 });
      // Small requests, so that concurrent senders hold different parts of a session.
      const sender = async (own: readonly IngestRecord[]) => {
        const answers: Answer[] = [];
        for (let from = 0; from < own.length; from += 4)
          answers.push(await send(fresh(own.slice(from, from + 4), prefix)));
        return answers;
      };
      const answers = (await Promise.all(shuffles.map(sender))).flat();
      expect(await state(prefix)).toEqual(await state(single));
      expect(answers.flatMap(statuses).filter((s) => s === 'created')).toHaveLength(20);
      expect(answers.flatMap(statuses).filter((s) => s === 'rejected')).toHaveLength(0);
      expect(answers.reduce((sum, a) => sum + a.activities, 0)).toBe(expected.activities);
    },
    LONG_MS,
  );

  it(
    'keeps the latest name of a client when senders send several concurrently',
    async () => {
      const wrong: unknown[] = [];
      for (let round = 0; round < 15; round++) {
        const prefix = `t${++runs}-`;
        const records = Array.from({ length: 8 }, (_, i) =>
          record({ externalId: `s${i}`, clientName: `name ${i}`, lastSeen: at(i) }),
        );
        await send(fresh([record({ externalId: 'first' })], prefix));
        await Promise.all(records.map((r) => send(fresh([r], prefix))));
        const [client] = (await db.query('SELECT name FROM clients WHERE guid = ?', [`${prefix}g`])) as {
          name: string;
        }[];
        if (client!.name !== 'name 7') wrong.push(client);
      }
      expect(wrong).toEqual([]);
    },
    LONG_MS,
  );

  it('reads NDJSON with blank and broken lines, plain and gzipped', async () => {
    const [one] = fresh([record()]);
    const body = Buffer.from(`${JSON.stringify(one)}\n\n{"externalId"\n${JSON.stringify({ ...one, externalId: 'f' })}`);
    const headers = { 'Content-Type': 'application/x-ndjson; charset=utf-8' };
    const plain = (await (await post(body, headers)).json()) as Answer;
    expect(plain).toMatchObject({ accepted: 2, rejected: 1 });
    expect(plain.results[1]).toEqual({
      externalId: null,
      sessionId: null,
      status: 'rejected',
      detail: 'line 3: is not valid JSON',
    });
    const zipped = (await (await post(gzipSync(body), { ...headers, 'Content-Encoding': 'gzip' })).json()) as Answer;
    expect(statuses(zipped)).toEqual(['unchanged', 'rejected', 'unchanged']);
  });

  it(
    'answers unreadable bodies with a problem',
    async () => {
      const ndjson = { 'Content-Type': 'application/x-ndjson' };
      const gzip = { 'Content-Encoding': 'gzip' };
      const cases: [string | Buffer, Record<string, string>, number, string][] = [
        ['{}', {}, 400, 'not a JSON array'],
        ['[', {}, 400, 'not valid JSON'],
        ['', {}, 400, 'not valid JSON'],
        [Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]), {}, 400, 'not valid UTF-8'],
        ['[]', gzip, 400, 'gzip'],
        [gzipSync('[]').subarray(0, -3), gzip, 400, 'gzip'],
        ['x', { ...ndjson, ...gzip }, 400, 'gzip'],
        ['[]', { 'Content-Type': 'text/plain' }, 415, 'content type'],
        ['[]', { 'Content-Type': 'application/json; charset=latin1' }, 415, 'charset'],
        ['[]', { 'Content-Encoding': 'br' }, 415, 'content encoding'],
        [gzipSync(spacesAndNoise(33 * 1024 * 1024)), gzip, 413, '32 MiB'],
        [gzipSync(Buffer.alloc(2 * 1024 * 1024, ' ')), gzip, 413, 'more than 300 times'],
        [gzipSync(Buffer.alloc(100 * 1024 * 1024, '\n')), { ...ndjson, ...gzip }, 413, 'more than 300 times'],
      ];
      for (const [body, headers, status, detail] of cases) {
        expect(await problem(await post(body, headers))).toMatchObject({
          status,
          detail: expect.stringContaining(detail),
        });
      }
      expect(await problem(await post('[]', {}, '/api/v1/ingest/sessions?dry=1'))).toMatchObject({
        status: 400,
        code: 'invalid-parameter',
      });
    },
    LONG_MS,
  );

  it(
    'reports what was applied when a later part of the body is unreadable',
    async () => {
      const lines = fresh(Array.from({ length: 1500 }, (_, i) => record({ externalId: `${i}` }))).map((r) =>
        JSON.stringify(r),
      );
      const cut = gzipSync(lines.join('\n')).subarray(0, -4);
      const headers = { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' };
      expect(await problem(await post(cut, headers))).toMatchObject({
        status: 400,
        detail: expect.stringContaining('1000 were applied'),
      });
    },
    LONG_MS,
  );

  it('applies nothing of a batch whose sender disconnected', async () => {
    const [one] = fresh([record()]);
    const leave = new AbortController();
    const body = new ReadableStream({ start: (c) => c.enqueue(Buffer.from(`${JSON.stringify(one)}\n`)) });
    const headers = { ApiKey: key, 'Content-Type': 'application/x-ndjson' };
    const options = { method: 'POST', headers, body, duplex: 'half', signal: leave.signal } as RequestInit;
    const answer = fetch(`${app.url}/api/v1/ingest/sessions`, options);
    setTimeout(() => leave.abort(), 200);
    await expect(answer).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(statuses(await send([one]))).toEqual(['created']);
  });

  it('requires the scope ingest:write', async () => {
    const reader = await app.key('sessions:read');
    expect((await post('[]', { ApiKey: reader })).status).toBe(403);
    expect((await post('[]', { ApiKey: 'none' })).status).toBe(401);
  });

  if (engine.url === undefined) return; // a blocked writer on SQLite also blocks the audit

  it(
    'stops waiting for locked rows, sends Retry-After, and changes nothing',
    async () => {
      const holder = db.createQueryRunner();
      const [one] = fresh([record()]);
      await holder.query('BEGIN');
      try {
        await holder.query("UPDATE settings SET value = 'held' WHERE name = 'new-names'");
        const answer = await post(JSON.stringify([one]));
        expect(answer.headers.get('retry-after')).toBe('1');
        expect(await problem(answer)).toMatchObject({ status: 503, detail: expect.stringContaining('kept writing') });
      } finally {
        await holder.query('ROLLBACK');
        await holder.release();
      }
      expect(statuses(await send([one]))).toEqual(['created']);
    },
    2 * LONG_MS,
  );
});
